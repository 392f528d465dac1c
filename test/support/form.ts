/**
 * The form in which long tests run. `npm test` runs a short form that takes a minute or two each: fewer hours, events and
 * rows of tables, and gold in both places at once. `npm run test:long` sets TEST_FORM=long: full size, and once for each
 * place of gold.
 */
import type { WorldOptions } from './world.ts';

export const isLong = process.env['TEST_FORM'] === 'long';

/** Rows of a long table of tests: all of them in the long form, else `count` of them, others in each run. */
export function sampled<T>(rows: readonly T[], count: number): T[] {
  if (isLong) return [...rows];
  const left = rows.map((_, at) => at);
  while (left.length > count) left.splice(Math.floor(Math.random() * left.length), 1);
  return rows.filter((_, at) => left.includes(at));
}

/** Places of gold for tests that need one to themselves: both in the long form, else one or the other. */
export const GOLD_ALONE: readonly ('postgres' | 's3')[] = sampled(['postgres', 's3'], 1);

/** GOLD of each run of a test that compares gold with the oracle. Both at once halves the time: one pipeline, two comparisons. */
export const GOLDS: readonly NonNullable<WorldOptions['gold']>[] = isLong
  ? ['postgres', 's3']
  : ['postgres,s3'];
