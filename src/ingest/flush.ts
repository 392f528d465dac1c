/**
 * ④ One flush: writes parts and dead letters to S3, then the log record that makes them visible. The record is the
 * commit: before it nothing has been stored, after it everything has.
 */
import type { CommitRecord } from '../contracts/storage/log-record.ts';
import { mapBounded } from '../core/map-bounded.ts';
import { writeDeadLetters, writePart } from '../bronze/parts.ts';
import { FencedError } from '../bronze/commit-log.ts';
import type { CommitLog } from '../bronze/commit-log.ts';
import type { GoldSource } from '../contracts/storage/gold-source.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { Persistence } from '../store/persistently.ts';
import type { Batch } from './intake.ts';

/** A flush rarely touches more than two hours, but late and early events can scatter it. */
const PARALLEL_PUTS = 8;

export interface FlushTarget {
  readonly store: ObjectStore;
  readonly log: CommitLog;
  /** Unique over all attempts; part of each object's key. */
  readonly attempt: string;
  readonly source: GoldSource;
}

/**
 * Stores a batch.
 * @throws FencedError when a newer epoch has begun; the objects of this flush are removed first
 */
export async function flush(
  { buffer, cursor, gaps, readToMs, wikis }: Batch,
  { store, log, attempt, source }: FlushTarget,
  persistence: Persistence,
): Promise<CommitRecord> {
  const name = { sequence: log.nextSequence, attempt };
  const parts = await mapBounded(buffer.hours(), PARALLEL_PUTS, hour =>
    writePart(store, hour, name, source, persistence),
  );
  const letters = await writeDeadLetters(store, buffer, name, Date.now(), persistence);
  const deadLetters = letters === undefined ? [] : [letters];
  const { skipped, storedToMs } = buffer;
  try {
    return await log.commit(
      { parts, deadLetters, skipped, storedToMs, cursor, gaps, readToMs, wikis },
      persistence,
    );
  } catch (error) {
    if (error instanceof FencedError) {
      const written = [...parts, ...deadLetters];
      // No record names them. If this fails, the next epoch's sweep removes them.
      await mapBounded(written, PARALLEL_PUTS, ({ key }) => store.remove(key).catch(() => undefined));
    }
    throw error;
  }
}
