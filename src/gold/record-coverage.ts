/**
 * Records what backfills have filled: first in bronze, from where it can be restored if gold is lost, then in gold.
 * Idempotent by the record's id.
 */
import type { Coverage } from '../core/backfill.ts';
import { COVERAGE_PREFIX, coverageKey } from '../contracts/storage/object-keys.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { SHOW_AFTER_MS, persistently } from '../store/persistently.ts';
import { decodeCoverage, encodeCoverage, withCoverageId } from './coverage-record.ts';
import type { GoldWriter } from './gold-store.ts';

export interface CoverageDeps {
  readonly store: ObjectStore;
  readonly gold: Pick<GoldWriter, 'recordCoverage'>;
}

/** @throws PipelineError when gold fails, or when the object store fails for minutes or the signal aborts */
export async function recordCoverage(
  covered: readonly Omit<Coverage, 'id'>[],
  { store, gold }: CoverageDeps,
  signal: AbortSignal,
): Promise<void> {
  for (const range of covered) {
    const coverage = withCoverageId(range);
    const key = coverageKey(coverage.id);
    const body = encodeCoverage(coverage);
    await persistently(() => store.putIfAbsent(key, body, { contentType: 'application/json' }), {
      signal,
      giveUpMs: SHOW_AFTER_MS,
    });
    await gold.recordCoverage(coverage);
  }
}

/** Copies all coverage from bronze to gold, for a gold that was lost. */
export async function restoreCoverage({ store, gold }: CoverageDeps): Promise<void> {
  for await (const keys of store.list(COVERAGE_PREFIX)) {
    for (const key of keys) {
      const object = await store.get(key);
      const coverage = object === undefined ? undefined : decodeCoverage(object.body);
      if (coverage !== undefined) await gold.recordCoverage(coverage);
    }
  }
}
