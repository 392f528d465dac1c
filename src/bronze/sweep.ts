/**
 * Removes what crashes left behind: objects that a flush wrote before it died and that no record names. It removes only
 * what is provably garbage, so a zombie, a newer epoch or a damaged log never costs an event. The proof: an attempt
 * writes objects for sequence n only after writing record n - 1 itself. So an object is garbage if record n - 1 is by
 * its attempt and record n is the fence of the next epoch.
 */
import { BRONZE, DEAD_LETTERS, STREAM_NAME_PREFIX, flushOfKey } from '../contracts/storage/object-keys.ts';
import type { CommitLog } from './commit-log.ts';
import { listKeys } from '../store/list-keys.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { persistently } from '../store/persistently.ts';
import type { Persistence } from '../store/persistently.ts';

/** Number of newest folders to search. The source keeps no older events, so a crash cannot have left any there. */
const MAX_FOLDERS = 400;
/** `bronze/yyyy=/mm=/dd=/hh=/` and `deadletter/yyyy=/mm=/dd=/`. */
const PARTITIONS = [
  [BRONZE, 4],
  [DEAD_LETTERS, 3],
] as const;

/** Removes the objects of crashed flushes, newest hours first; returns their keys. */
export async function sweepUnnamed(
  store: ObjectStore,
  log: CommitLog,
  persistence: Persistence,
): Promise<string[]> {
  const garbage = await crashedFlushes(log, persistence);
  const removed: string[] = [];
  for (const [root, depth] of PARTITIONS) {
    let left = MAX_FOLDERS;
    for await (const folder of newestFolders(store, root, depth, persistence)) {
      for (const key of await keysUnder(store, `${folder}${STREAM_NAME_PREFIX}`, persistence)) {
        const flush = flushOfKey(key);
        if (flush === undefined || garbage.get(flush.sequence) !== flush.attempt) continue;
        await persistently(() => store.remove(key), persistence);
        removed.push(key);
      }
      left -= 1;
      if (left === 0) break;
    }
  }
  return removed;
}

/** Sequence and attempt of the flush that each epoch may have left unfinished. */
async function crashedFlushes(log: CommitLog, persistence: Persistence): Promise<Map<number, string>> {
  const crashed = new Map<number, string>();
  for await (const fence of log.fences(persistence)) {
    const before = await log.record(fence.sequence - 1, persistence);
    if (before !== undefined) crashed.set(fence.sequence, before.writer.attempt);
  }
  return crashed;
}

async function* newestFolders(
  store: ObjectStore,
  prefix: string,
  depth: number,
  persistence: Persistence,
): AsyncGenerator<string> {
  const names = await persistently(() => store.folders(prefix), persistence);
  for (const name of names.filter(name => name.includes('=')).toReversed()) {
    if (depth === 1) yield `${prefix}${name}`;
    else yield* newestFolders(store, `${prefix}${name}`, depth - 1, persistence);
  }
}

async function keysUnder(store: ObjectStore, prefix: string, persistence: Persistence): Promise<string[]> {
  return persistently(() => listKeys(store, prefix), persistence);
}
