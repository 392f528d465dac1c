/** Values that occur in many answers. */
import { Type } from 'typebox';

export const Instant = (description: string) =>
  Type.String({ format: 'date-time', description, examples: ['2026-11-20T10:00:00.000Z'] });
export const Count = (description: string) => Type.Integer({ minimum: 0, description });
