/** Whether the pipeline makes progress, judged by the commit log and gold, never by what a process reports. */
import type { CommitRecord } from '../../../src/contracts/storage/log-record.ts';
import { mapBounded } from '../../../src/core/map-bounded.ts';
import { readRecord } from '../../../src/bronze/commit-log.ts';
import { untilHolds } from '../../support/until.ts';
import type { World } from '../../support/world.ts';
import { LOG_KEYS } from '../../support/stream.ts';

/** How long a pipeline may take to resume after a fault: more than its longest back-off. */
const DEADLINE_MS = 100_000;

const PARALLEL_READS = 16;

type Looked = Pick<World, 'store' | 'gold'>;

/** Sequences of the commit log after `after`, in the order of the keys. */
export async function sequences({ store }: Pick<World, 'store'>, after = 0): Promise<number[]> {
  const found: number[] = [];
  for await (const keys of store.list(LOG_KEYS.prefix, after === 0 ? undefined : LOG_KEYS.keyOf(after))) {
    for (const key of keys) {
      const sequence = LOG_KEYS.sequenceOf(key);
      if (sequence !== undefined) found.push(sequence);
    }
  }
  return found;
}

/** The last sequence of the log. */
export async function tailOf(world: Pick<World, 'store'>): Promise<number> {
  return (await sequences(world)).at(-1) ?? 0;
}

/** Waits for a commit with events after sequence `after`. */
export async function untilCommitted(
  { store }: Pick<World, 'store'>,
  after: number,
  withinMs = DEADLINE_MS,
): Promise<CommitRecord> {
  let looked = after;
  return untilHolds(
    async () => {
      for (const sequence of await sequences({ store }, looked)) {
        const record = await readRecord(store, LOG_KEYS, sequence);
        looked = sequence;
        if (record?.kind === 'commit' && record.parts.length > 0) return record;
      }
      throw new Error(`the log ends at ${looked}; no events were committed after ${after}`);
    },
    { withinMs },
  );
}

/** Waits until the next commit with events has reached gold. */
export async function untilMoves(world: Looked): Promise<void> {
  const { parts } = await untilCommitted(world, await untilHolds(() => tailOf(world)));
  const keys = parts.map(({ key }) => key);
  await untilHolds(
    async () => {
      const missing = await world.gold.unapplied(keys);
      if (missing.length > 0) throw new Error(`not in gold: ${missing.join(', ')}`);
    },
    { withinMs: DEADLINE_MS },
  );
}

/** Events in all parts that the log names. */
export async function eventsCommitted(world: Pick<World, 'store'>): Promise<number> {
  const records = await mapBounded(await sequences(world), PARALLEL_READS, sequence =>
    readRecord(world.store, LOG_KEYS, sequence),
  );
  const parts = records.flatMap(record => (record?.kind === 'commit' ? record.parts : []));
  return parts.reduce((sum, { events }) => sum + events, 0);
}
