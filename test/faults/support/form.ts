/**
 * Which form the fault suite is run in: what scripts/test.mjs makes of its arguments.
 */
import { integer, readSettings } from '../../../src/settings.ts';

export interface Form {
  /** Decides order, moments and lengths. */
  readonly seed: number;
  /** How often each fault strikes. */
  readonly rounds: number;
  /** Faults last as long as in the worst night, and the slow ones are in the deck; not for CI. */
  readonly isLong: boolean;
  /** Only faults with this in their name. */
  readonly only: string;
}

/** A file of this name in the suite's folder says that something failed. */
export const FAILED = 'failed';

/**
 * Reads FAULTS_SEED, FAULTS_ROUNDS, FAULTS_LONG and FAULTS_ONLY; without a seed takes one at random.
 * @throws ConfigurationError naming what is wrong
 */
export function readForm(env: Readonly<Record<string, string | undefined>>): Form {
  const numbers = {
    FAULTS_SEED: integer({ min: 0, max: 0xffff_ffff }, Math.floor(Math.random() * 1_000_000), {
      about: '--seed',
    }),
    FAULTS_ROUNDS: integer({ min: 1, max: 1_000 }, 1, { about: '--rounds' }),
  };
  const { FAULTS_SEED: seed, FAULTS_ROUNDS: rounds } = readSettings(numbers, env);
  return {
    seed,
    rounds,
    isLong: env['FAULTS_LONG'] !== undefined || rounds > 1,
    only: env['FAULTS_ONLY'] ?? '',
  };
}
