/**
 * ④ One flush: parts and dead letters to S3, then the record that makes them visible. Until the record is there
 * nothing happened; when it is there everything did.
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

/** A flush seldom touches more than two hours; late and early events can scatter it. */
const PARALLEL_PUTS = 8;

export interface FlushTarget {
  readonly store: ObjectStore;
  readonly log: CommitLog;
  /** Unique name of this attempt. */
  readonly attempt: string;
  readonly source: GoldSource;
}

/**
 * Stores a batch.
 * @throws FencedError after removing what it wrote, when a newer epoch has begun.
 */
export async function flush(
  { buffer, cursor, gaps }: Batch,
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
    return await log.commit({ parts, deadLetters, skipped, cursor, storedToMs, gaps }, persistence);
  } catch (error) {
    if (error instanceof FencedError) {
      const written = [...parts, ...deadLetters];
      // Nobody will ever name them; should this fail, the next epoch's sweep finds them.
      await mapBounded(written, PARALLEL_PUTS, ({ key }) => store.remove(key).catch(() => undefined));
    }
    throw error;
  }
}
