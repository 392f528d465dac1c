/**
 * The form in which long tests run. `npm test` runs a short form that takes a minute or two each: fewer hours and events,
 * and gold in both places at once. `npm run test:long` sets TEST_FORM=long: full size, and once for each place of gold.
 */
import type { WorldOptions } from './world.ts';

export const isLong = process.env['TEST_FORM'] === 'long';

/** GOLD of each run of a test that compares gold with the oracle. Both at once halves the time: one pipeline, two comparisons. */
export const GOLDS: readonly NonNullable<WorldOptions['gold']>[] = isLong
  ? ['postgres', 's3']
  : ['postgres,s3'];
