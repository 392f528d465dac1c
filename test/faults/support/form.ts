/** The form in which the fault suite runs: the arguments of `npm run test:faults`, as scripts/test.mjs passes them on. */
import { choice, integer, readSettings } from '../../../src/config/kinds.ts';
import type { GoldPlace } from '../../../src/config/places.ts';

/** GOLD of the workers: in a database, in S3 with no database, or in both at once. */
export type GoldSetting = GoldPlace['kind'] | 'postgres,s3';

/** The places that a setting of GOLD names. */
export function placesOf(gold: GoldSetting): GoldPlace['kind'][] {
  return gold === 'postgres,s3' ? ['postgres', 's3'] : [gold];
}

export interface Form {
  /** Determines the order, times and durations of the faults. */
  readonly seed: number;
  /** How often each fault strikes. */
  readonly rounds: number;
  /** Faults last up to a minute or more, and the slow ones are in the deck. Not for CI. */
  readonly isLong: boolean;
  /** So many faults strike in a round, chosen by the seed. */
  readonly most: number;
  /** Only faults whose name contains this. */
  readonly only: string;
  /** The suite runs once for each. */
  readonly golds: readonly GoldSetting[];
}

/** A file of this name in the suite's folder marks a failed run. */
export const FAILED = 'failed';

/**
 * Reads FAULTS_SEED, FAULTS_ROUNDS, FAULTS_MOST, FAULTS_LONG, FAULTS_ONLY and FAULTS_GOLD. Without a seed it picks a random one.
 * @throws ConfigurationError that names the invalid value
 */
export function readForm(env: Readonly<Record<string, string | undefined>>): Form {
  const settings = {
    FAULTS_SEED: integer({ min: 0, max: 0xffff_ffff }, Math.floor(Math.random() * 1_000_000), {
      about: '--seed',
    }),
    FAULTS_ROUNDS: integer({ min: 1, max: 1_000 }, 1, { about: '--rounds' }),
    FAULTS_MOST: integer({ min: 1, max: 1_000 }, 1_000, { about: '--most' }),
    FAULTS_GOLD: choice(['together', 'each', 'postgres', 's3'], 'together', { about: '--gold' }),
  };
  const {
    FAULTS_SEED: seed,
    FAULTS_ROUNDS: rounds,
    FAULTS_MOST: most,
    FAULTS_GOLD: gold,
  } = readSettings(settings, env);
  return {
    seed,
    rounds,
    most,
    isLong: env['FAULTS_LONG'] !== undefined || rounds > 1,
    only: env['FAULTS_ONLY'] ?? '',
    golds: gold === 'each' ? ['postgres', 's3'] : [gold === 'together' ? 'postgres,s3' : gold],
  };
}
