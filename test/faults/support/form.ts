/**
 * Which form the fault suite is run in: what scripts/test.mjs makes of its arguments.
 */
import { choice, integer, readSettings } from '../../../src/config/kinds.ts';
import type { GoldPlace } from '../../../src/config/places.ts';

/** Where the counts are while faults strike: in a database, or in S3 with no database. */
export type GoldKind = GoldPlace['kind'];

export interface Form {
  /** Decides order, moments and lengths. */
  readonly seed: number;
  /** How often each fault strikes. */
  readonly rounds: number;
  /** Faults last as long as in the worst night, and the slow ones are in the deck; not for CI. */
  readonly isLong: boolean;
  /** Only faults with this in their name. */
  readonly only: string;
  /** The suite is run for each, one after the other. */
  readonly golds: readonly GoldKind[];
}

/** A file of this name in the suite's folder says that something failed. */
export const FAILED = 'failed';

/**
 * Reads FAULTS_SEED, FAULTS_ROUNDS, FAULTS_LONG, FAULTS_ONLY and FAULTS_GOLD; without a seed takes one at random.
 * @throws ConfigurationError naming what is wrong
 */
export function readForm(env: Readonly<Record<string, string | undefined>>): Form {
  const settings = {
    FAULTS_SEED: integer({ min: 0, max: 0xffff_ffff }, Math.floor(Math.random() * 1_000_000), {
      about: '--seed',
    }),
    FAULTS_ROUNDS: integer({ min: 1, max: 1_000 }, 1, { about: '--rounds' }),
    FAULTS_GOLD: choice(['both', 'postgres', 's3'], 'both', { about: '--gold' }),
  };
  const { FAULTS_SEED: seed, FAULTS_ROUNDS: rounds, FAULTS_GOLD: gold } = readSettings(settings, env);
  return {
    seed,
    rounds,
    isLong: env['FAULTS_LONG'] !== undefined || rounds > 1,
    only: env['FAULTS_ONLY'] ?? '',
    golds: gold === 'both' ? ['postgres', 's3'] : [gold],
  };
}
