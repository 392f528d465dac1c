/** What a backfill has brought, into bronze, where a lost gold finds it again, and into gold. Idempotent by its id. */
import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { BACKFILL_SOURCES } from '../core/backfill.ts';
import type { Coverage } from '../core/backfill.ts';
import { COVERAGE_PREFIX, coverageKey } from '../contracts/storage/object-keys.ts';
import type { GoldWriter } from './gold-store.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { persistently } from '../store/persistently.ts';
import { toFailure } from '../activities/failure.ts';

export interface RecordCoverageInput {
  readonly covered: readonly Omit<Coverage, 'id'>[];
}

interface CoverageDeps {
  readonly store: ObjectStore;
  readonly gold: Pick<GoldWriter, 'recordCoverage'>;
}

/** Records each stretch once. */
export async function recordCoverage(
  { covered }: RecordCoverageInput,
  { store, gold }: CoverageDeps,
): Promise<void> {
  const persistence = { signal: Context.current().cancellationSignal };
  try {
    for (const stretch of covered) {
      const coverage: Coverage = { id: idOf(stretch), ...stretch };
      const body = Buffer.from(`${JSON.stringify(coverage)}\n`);
      await persistently(
        () => store.putIfAbsent(coverageKey(coverage.id), body, { contentType: 'application/json' }),
        persistence,
      );
      await gold.recordCoverage(coverage);
    }
  } catch (error) {
    throw toFailure(error);
  }
}

/** Records in gold what bronze knows, as after the loss of gold. */
export async function restoreCoverage({ store, gold }: CoverageDeps): Promise<void> {
  for await (const keys of store.list(COVERAGE_PREFIX)) {
    for (const key of keys) {
      const object = await store.get(key);
      const coverage = object === undefined ? undefined : coverageIn(object.body);
      if (coverage !== undefined) await gold.recordCoverage(coverage);
    }
  }
}

/** The same for the same stretch, source and wikis. */
function idOf({ source, from, to, wikis }: Omit<Coverage, 'id'>): string {
  const names =
    wikis === undefined
      ? 'all'
      : createHash('sha256')
          .update([...wikis].sort().join())
          .digest('hex')
          .slice(0, 8);
  return `${source}-${from}-${to}-${names}`;
}

/** Undefined for what is no record of ours. */
function coverageIn(body: Uint8Array): Coverage | undefined {
  try {
    const { id, source, from, to, wikis } = JSON.parse(
      Buffer.from(body).toString('utf8'),
    ) as Partial<Coverage>;
    const isKnown = BACKFILL_SOURCES.some(known => known === source);
    if (!isKnown || source === undefined || id === undefined || from === undefined || to === undefined)
      return undefined;
    return { id, source, from, to, ...(wikis !== undefined && { wikis }) };
  } catch {
    return undefined;
  }
}
