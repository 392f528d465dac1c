/** Records gaps of the stream in gold, for the API and the audit of hours. Idempotent by the gap's id. */
import type { Gap } from '../core/gaps.ts';
import { mapBounded } from '../core/map-bounded.ts';
import { gapsOf } from '../contracts/storage/log-record.ts';
import { storedReadOf } from '../contracts/storage/stored-read.ts';
import type { LogRecord } from '../contracts/storage/log-record.ts';
import type { StreamDefinition } from '../contracts/stream-definition.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { readRecord } from '../bronze/commit-log.ts';
import type { GoldWriter } from './gold-store.ts';
import { restoreCoverage } from './record-coverage.ts';

export interface RestoreDeps {
  readonly store: ObjectStore;
  readonly definition: Pick<StreamDefinition, 'logKeys'>;
  readonly gold: Pick<GoldWriter, 'recordGap' | 'recordCoverage' | 'recordReads'>;
}

export interface RestoreProgress {
  readonly signal: AbortSignal;
  /** Called with the key of each log record that was read. */
  readonly note: (details: { readonly read: string }) => void;
}

const PARALLEL_READS = 16;
const READS_AT_ONCE = 100;

export async function recordGaps(gaps: readonly Gap[], gold: Pick<GoldWriter, 'recordGap'>): Promise<void> {
  for (const gap of gaps) await gold.recordGap(gap);
}

/**
 * Copies every gap in the commit log, how far it says that the stream was read, and all coverage to gold, for a gold that
 * was lost. Returns the number of gaps.
 * @throws the signal's reason once it aborts
 */
export async function restoreGaps(
  { store, definition: { logKeys }, gold }: RestoreDeps,
  { signal, note }: RestoreProgress,
): Promise<number> {
  let found = 0;
  await restoreCoverage({ store, gold });
  let last: LogRecord | undefined;
  for await (const keys of store.list(logKeys.prefix)) {
    const records = await mapBounded(keys, PARALLEL_READS, async key => {
      signal.throwIfAborted();
      const record = await readRecord(store, logKeys, logKeys.sequenceOf(key) ?? 0);
      const gaps = record?.kind === 'commit' ? gapsOf(record) : [];
      await recordGaps(gaps, gold);
      found += gaps.length;
      note({ read: key });
      return record;
    });
    const reads = records.flatMap((record, at) => {
      const read = record && storedReadOf(at === 0 ? last : records[at - 1], record);
      return read === undefined ? [] : [read];
    });
    for (let at = 0; at < reads.length; at += READS_AT_ONCE)
      await gold.recordReads(reads.slice(at, at + READS_AT_ONCE));
    last = records.at(-1);
  }
  return found;
}
