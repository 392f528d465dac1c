/** Has this event been stored already? Exact as far back as the log reaches, with bounded memory and few look-ups. */
import { beforeEach, describe, expect, test } from 'vitest';
import { minuteRanges } from '../../src/core/minute-ranges.ts';
import type { CommitRecord, StoredEvents } from '../../src/contracts/storage/log-record.ts';
import type { Identity } from '../../src/bronze/parts.ts';
import { CommitLog } from '../../src/bronze/commit-log.ts';
import { SeenEvents } from '../../src/bronze/seen-events.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';
import { LOG_KEYS } from '../support/stream.ts';

const BASE = 1_763_632_800;
const persistence = { signal: AbortSignal.timeout(60_000) };

let store: MemoryObjectStore;
let log: CommitLog;
/** The identities in each object. */
let objects: Map<string, Identity[]>;
/** Objects that were read, in order. */
let reads: string[];
beforeEach(async () => {
  store = new MemoryObjectStore();
  objects = new Map();
  reads = [];
  log = await openLog();
});

async function openLog(): Promise<CommitLog> {
  const attempt = `a${objects.size}`;
  return CommitLog.open(store, LOG_KEYS, { attempt, workflowId: 'ingest', runId: 'run' }, persistence);
}

function seenWith(limit?: number): SeenEvents {
  const read = async ({ key }: StoredEvents): Promise<readonly Identity[]> => {
    await Promise.resolve();
    reads.push(key);
    return objects.get(key) ?? [];
  };
  return new SeenEvents(log, read, persistence, limit);
}

function event(name: string, minute = 0): Identity {
  return { identity: name, minute: BASE + 60 * minute };
}

/** Commits an object of these events. */
async function commit(key: string, ...events: readonly Identity[]): Promise<CommitRecord> {
  const minutes = events.map(({ minute }) => minute);
  const stored = { key, events: events.length, sent: minuteRanges(minutes) };
  objects.set(key, [...events]);
  const part = {
    ...stored,
    hour: '2025-11-20T10',
    edits: 0,
    bytes: 0,
    storedBytes: 0,
    firstAt: BASE,
    lastAt: BASE,
  };
  return log.commit(
    {
      parts: key.startsWith('dead') ? [] : [part],
      deadLetters: key.startsWith('dead') ? [stored] : [],
      skipped: { canaries: 0, duplicates: 0, filtered: 0 },
      cursor: { topics: {} },
      storedToMs: Math.max(0, ...minutes) * 1000,
    },
    persistence,
  );
}

/** Asks the way intake does. */
async function isKnown(seen: SeenEvents, asked: Identity): Promise<boolean> {
  const known = seen.has(asked);
  if (known !== undefined) return known;
  await seen.recall(asked.minute);
  return seen.has(asked) === true;
}

describe('an event', () => {
  test('is undecided until its minute was loaded', async () => {
    const seen = seenWith();
    expect(seen.has(event('a'))).toBeUndefined();
    await seen.recall(event('a').minute);
    expect(seen.has(event('a'))).toBe(false);
    expect(seen.has(event('b'))).toBe(false);
    expect(seen.has(event('a', 1))).toBeUndefined();
  });

  test('is known from the time it was accepted', async () => {
    const seen = seenWith();
    seen.add('a');
    expect(seen.has(event('a'))).toBe(true);
    seen.committed(await commit('part1', event('a')), [event('a')]);
    expect(seen.has(event('a'))).toBe(true);
    expect(reads).toEqual([]);
  });

  test('stored by another attempt is found in parts and in dead letters', async () => {
    await commit('part1', event('a'), event('b', 1));
    await commit('dead1', event('c'));
    log = await openLog();
    const seen = seenWith();
    expect(await isKnown(seen, event('a'))).toBe(true);
    expect(await isKnown(seen, event('c'))).toBe(true);
    expect(await isKnown(seen, event('b', 1))).toBe(true);
    expect(await isKnown(seen, event('d'))).toBe(false);
  });

  test('is found before fences and before records without its minute', async () => {
    await commit('part1', event('a'));
    for (let n = 0; n < 40; n += 1) await commit(`other${n}`, event(`o${n}`, 1_000 + 10 * n));
    log = await openLog();
    const seen = seenWith();
    expect(await isKnown(seen, event('a'))).toBe(true);
    expect(reads).toEqual(['part1']);
  });

  test('is found even if events stored after it were sent before it', async () => {
    await commit('new', event('a', 100));
    await commit('old', event('b', 0));
    log = await openLog();
    expect(await isKnown(seenWith(), event('a', 100))).toBe(true);
  });
});

describe('loading a minute', () => {
  test('reads only objects that can contain the minute, each of them once', async () => {
    await commit('part1', event('a', 0));
    await commit('part2', event('b', 10), event('c', 20));
    await commit('part3', event('d', 30));
    log = await openLog();
    const seen = seenWith();
    expect(await isKnown(seen, event('x', 10))).toBe(false);
    expect(reads).toEqual(['part2']);
    expect(await isKnown(seen, event('c', 20))).toBe(true);
    expect(await isKnown(seen, event('y', 20))).toBe(false);
    expect(reads).toEqual(['part2']);
  });

  test('goes no further back than necessary: live events cost one look at the last record', async () => {
    for (let n = 0; n < 100; n += 1) await commit(`part${n}`, event(`e${n}`, n));
    log = await openLog();
    const seen = seenWith();
    const gets = store.calls.get;
    expect(await isKnown(seen, event('now', 200))).toBe(false);
    expect(reads).toEqual([]);
    expect(store.calls.get - gets).toBeLessThanOrEqual(1 + 16);
  });

  test('does not read what this attempt has written itself', async () => {
    const seen = seenWith();
    seen.add('a');
    seen.committed(await commit('part1', event('a')), [event('a')]);
    expect(await isKnown(seen, event('b'))).toBe(false);
    expect(reads).toEqual([]);
  });

  test('fails while an object cannot be read, and works again afterwards', async () => {
    await commit('part1', event('a'));
    log = await openLog();
    let isDown = true;
    const seen = new SeenEvents(
      log,
      ({ key }) => (isDown ? Promise.reject(new Error('down')) : Promise.resolve(objects.get(key) ?? [])),
      persistence,
    );
    await expect(seen.recall(event('a').minute)).rejects.toThrow('down');
    expect(seen.has(event('a'))).toBeUndefined();
    isDown = false;
    expect(await isKnown(seen, event('a'))).toBe(true);
  });
});

describe('memory', () => {
  test('is bounded: the least recently used minutes are evicted, and read again when they are needed', async () => {
    for (let n = 0; n < 10; n += 1) await commit(`part${n}`, event(`e${n}`, 10 * n), event(`f${n}`, 10 * n));
    log = await openLog();
    const seen = seenWith(6);
    for (let n = 0; n < 10; n += 1) expect(await isKnown(seen, event(`e${n}`, 10 * n))).toBe(true);
    expect(reads).toHaveLength(10);
    // The last three minutes fit; all others are evicted.
    expect([7, 8, 9].map(n => seen.has(event(`f${n}`, 10 * n)))).toEqual([true, true, true]);
    expect([0, 5, 6].map(n => seen.has(event(`f${n}`, 10 * n)))).toEqual([undefined, undefined, undefined]);
    expect(await isKnown(seen, event('f0', 0))).toBe(true);
    expect(reads.slice(10)).toEqual(['part0']);
  });

  test('keeps a recently used minute rather than a recently loaded one', async () => {
    await commit('part0', event('a', 0), event('b', 0));
    await commit('part1', event('c', 10), event('d', 10));
    await commit('part2', event('e', 20), event('f', 20));
    log = await openLog();
    const seen = seenWith(5);
    await seen.recall(event('a', 0).minute);
    await seen.recall(event('c', 10).minute);
    seen.committed(await commit('part3', event('g', 0)), [event('g', 0)]);
    await seen.recall(event('e', 20).minute);
    expect(seen.has(event('a', 0))).toBe(true);
    expect(seen.has(event('c', 10))).toBeUndefined();
  });

  test('never evicts what is not committed', async () => {
    const seen = seenWith(0);
    for (let n = 0; n < 100; n += 1) seen.add(`e${n}`);
    await seen.recall(BASE);
    await seen.recall(BASE + 600);
    expect(
      Array.from({ length: 100 }, (_, n) => seen.has(event(`e${n}`, n % 2 === 0 ? 0 : 10))).every(Boolean),
    ).toBe(true);
  });

  test('of size zero still works: a minute stays from its loading to the next one', async () => {
    await commit('part1', event('a'));
    log = await openLog();
    const seen = seenWith(0);
    expect(await isKnown(seen, event('a'))).toBe(true);
    expect(await isKnown(seen, event('b'))).toBe(false);
    expect(await isKnown(seen, event('c', 60))).toBe(false);
    expect(await isKnown(seen, event('a'))).toBe(true);
  });

  test('evicts part of an object and finds it again', async () => {
    await commit('wide', event('a', 0), event('b', 100), event('c', 200));
    log = await openLog();
    const seen = seenWith(1);
    for (const asked of [event('a', 0), event('b', 100), event('c', 200), event('a', 0), event('c', 200)]) {
      expect(await isKnown(seen, asked)).toBe(true);
    }
  });

  test('does not lose an event whose flush is committed while its minute is loading', async () => {
    await commit('old', event('x', 0), event('y', 50));
    log = await openLog();
    let duringRead = async (): Promise<void> => undefined;
    const seen = new SeenEvents(
      log,
      async ({ key }) => {
        await duringRead();
        return objects.get(key) ?? [];
      },
      persistence,
      1,
    );
    seen.add('mine');
    duringRead = async () => {
      duringRead = async () => undefined;
      const mine = [event('mine', 0), event('other', 50)];
      seen.committed(await commit('mine', ...mine), mine);
    };
    await seen.recall(event('mine', 0).minute);
    expect(seen.has(event('mine', 0))).toBe(true);
    expect(seen.has(event('x', 0))).toBe(true);
    expect(await isKnown(seen, event('other', 50))).toBe(true);
    expect(await isKnown(seen, event('mine', 0))).toBe(true);
  });
});
