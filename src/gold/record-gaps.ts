/** Gaps of the stream into gold, where the API and the audit of hours find them. Idempotent by the gap's id. */
import { Context } from '@temporalio/activity';
import type { Gap } from '../core/gaps.ts';
import { LOG_PREFIX, sequenceOfLogKey } from '../contracts/storage/object-keys.ts';
import { gapsOf } from '../contracts/storage/log-record.ts';
import { mapBounded } from '../core/map-bounded.ts';
import { readRecord } from '../bronze/commit-log.ts';
import type { GoldWriter } from './gold-store.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { toFailure } from '../activities/failure.ts';
import type { Note } from '../activities/heartbeat.ts';
import { restoreCoverage } from './record-coverage.ts';

export interface RecordGapsInput {
  readonly gaps: readonly Gap[];
}

interface RecordGapsDeps {
  readonly gold: Pick<GoldWriter, 'recordGap'>;
}

const PARALLEL_READS = 16;

/** Records each gap once. */
export async function recordGaps({ gaps }: RecordGapsInput, { gold }: RecordGapsDeps): Promise<void> {
  try {
    for (const gap of gaps) await gold.recordGap(gap);
  } catch (error) {
    throw toFailure(error);
  }
}

/**
 * Records every gap that the log knows, and what backfills have closed, as after the loss of gold; answers how many
 * gaps there are.
 */
export async function restoreGaps(
  {
    store,
    gold,
  }: { readonly store: ObjectStore; readonly gold: Pick<GoldWriter, 'recordGap' | 'recordCoverage'> },
  note: Note,
): Promise<number> {
  const { cancellationSignal } = Context.current();
  let found = 0;
  try {
    await restoreCoverage({ store, gold });
    for await (const keys of store.list(LOG_PREFIX)) {
      await mapBounded(keys, PARALLEL_READS, async key => {
        cancellationSignal.throwIfAborted();
        const record = await readRecord(store, sequenceOfLogKey(key) ?? 0);
        const gaps = record?.kind === 'commit' ? gapsOf(record) : [];
        for (const gap of gaps) await gold.recordGap(gap);
        found += gaps.length;
        note({ read: key });
      });
    }
  } catch (error) {
    throw toFailure(error);
  }
  return found;
}
