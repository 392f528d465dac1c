/** How far back to answer: the same parameter, with the same limits, wherever a range is asked for. */
import { Type } from 'typebox';
import { DEFAULT_MINUTES, MAX_MINUTES } from '../../contracts/limits.ts';

export const Minutes = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: MAX_MINUTES,
    default: DEFAULT_MINUTES,
    description: 'How many UTC minutes to answer, counted back from the current one, which is included.',
    examples: [DEFAULT_MINUTES],
  }),
);
