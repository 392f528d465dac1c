/**
 * Removes what a crash left: objects that a flush wrote before it died and that no record names. Only what is
 * provably such garbage goes, so that a zombie, a newer epoch or a damaged log can never cost an event:
 * an attempt writes for sequence n only after it has itself written record n - 1, so an object is garbage when record
 * n - 1 is its attempt's and record n is the fence of the next epoch.
 */
import { BRONZE, DEAD_LETTERS, STREAM_NAME_PREFIX, flushOfKey } from '../contracts/storage/object-keys.ts';
import type { CommitLog } from './commit-log.ts';
import { listKeys } from '../store/list-keys.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { persistently } from '../store/persistently.ts';
import type { Persistence } from '../store/persistently.ts';

/** Newest folders that are looked into: the source keeps no event for longer, so no crash left any further back. */
const MAX_FOLDERS = 400;
/** `bronze/yyyy=/mm=/dd=/hh=/` and `deadletter/yyyy=/mm=/dd=/`. */
const PARTITIONS = [
  [BRONZE, 4],
  [DEAD_LETTERS, 3],
] as const;

/** Removes the garbage of crashed flushes, newest hours first; answers the keys that went. */
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

/** The flush that each epoch of the log left unfinished, if it had begun one: its sequence and attempt. */
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
