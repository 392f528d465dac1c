/**
 * How long a search lasts, and where it begins. `MODEL_RUNS` sets the number of schedules, which `npm run test:long`
 * raises; `MODEL_SEED` repeats a search, whose seed fast-check prints when it finds something.
 */
import type { Parameters } from 'fast-check';

/** @param usual number of runs unless MODEL_RUNS is set */
export function search(usual: number): Pick<Parameters<unknown>, 'seed'> & { readonly numRuns: number } {
  const { MODEL_RUNS: runs, MODEL_SEED: seed } = process.env;
  return { numRuns: Number(runs ?? usual), ...(seed !== undefined && { seed: Number(seed) }) };
}
