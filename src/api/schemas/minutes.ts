/** The parameter `minutes`: the same with the same limits on every route that takes a range. */
import { Type } from 'typebox';
import { DEFAULT_MINUTES, MAX_MINUTES } from '../../contracts/limits.ts';

export const Minutes = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: MAX_MINUTES,
    default: DEFAULT_MINUTES,
    description: 'How many UTC minutes to return, counted back from and including the current one.',
    examples: [DEFAULT_MINUTES],
  }),
);
