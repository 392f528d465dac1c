/** Values that occur in many answers. */
import { Type } from 'typebox';

export const Instant = (description: string) => Type.String({ format: 'date-time', description });
export const Count = (description: string) => Type.Integer({ minimum: 0, description });
