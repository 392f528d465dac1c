/** The parameters `minutes`, or `from` and `to`. */
import { Type } from 'typebox';
import { instant } from '../../contracts/kinds.ts';
import { DEFAULT_MINUTES } from '../../contracts/limits.ts';
import { Minutes } from './minutes.ts';

export const RangeInstant = (description: string) =>
  Type.Optional(
    Type.String({ description, examples: ['2026-11-20T10:00:00Z'], 'x-expected': instant.expected }),
  );

export const RangeMinutes = Type.Optional({
  ...Minutes,
  description: `Instead of \`from\` and \`to\`: how many UTC minutes, counted back from and including the current one; ${DEFAULT_MINUTES} by default.`,
});
