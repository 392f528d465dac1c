/** Gaps and coverage are found again in bronze after gold was lost; recording them twice changes nothing. */
import { describe, expect, test } from 'vitest';
import { coverageKey } from '../../src/contracts/storage/object-keys.ts';
import type { StoredRead } from '../../src/contracts/storage/stored-read.ts';
import type { Coverage } from '../../src/core/backfill.ts';
import type { Gap } from '../../src/core/gaps.ts';
import { recordCoverage } from '../../src/gold/record-coverage.ts';
import { restoreGaps } from '../../src/gold/record-gaps.ts';
import { MemoryObjectStore, storageDown } from '../support/memory-object-store.ts';
import { LOG_KEYS, STREAM } from '../support/stream.ts';

const RANGE = { from: '2026-11-20T10:00:00.000Z', to: '2026-11-20T12:00:00.000Z' };
const ofApi = { source: 'api', wikis: ['enwiki', 'dewiki'], ...RANGE } as const;
const ofStream = { source: 'stream', ...RANGE } as const;
const GAP = { cause: 'offsets', topic: 't', fromMs: 1_000, toMs: 2_000, missing: 3 } as const;

class RecordingGold {
  readonly gaps: Gap[] = [];
  readonly coverage: Coverage[] = [];
  readonly reads: StoredRead[] = [];
  async recordReads(reads: readonly StoredRead[]): Promise<void> {
    this.reads.push(...reads);
  }
  async recordGap(gap: Gap): Promise<void> {
    this.gaps.push(gap);
  }
  async recordCoverage(coverage: Coverage): Promise<void> {
    this.coverage.push(coverage);
  }
}

async function putRecords(store: MemoryObjectStore, records: readonly object[]): Promise<void> {
  for (const [at, record] of records.entries()) {
    const body = Buffer.from(JSON.stringify({ version: 1, sequence: at + 1, ...record }));
    await store.putIfAbsent(LOG_KEYS.keyOf(at + 1), body, { contentType: 'application/json' });
  }
}

const running = (): AbortSignal => new AbortController().signal;

describe('coverage', () => {
  test('is stored in bronze before gold, once for the same range, source and wikis', async () => {
    const store = new MemoryObjectStore();
    const gold = new RecordingGold();
    const keysAtWrite: string[][] = [];
    const recording = {
      recordCoverage: async (coverage: Coverage) => {
        keysAtWrite.push(store.keys);
        await gold.recordCoverage(coverage);
      },
    };
    const inOtherOrder = { ...ofApi, wikis: ofApi.wikis.toReversed() };
    await recordCoverage([ofApi, inOtherOrder, ofStream], { store, gold: recording }, running());
    const ids = gold.coverage.map(({ id }) => id);
    expect(ids).toEqual([
      `api-${RANGE.from}-${RANGE.to}-c0d71917`,
      `api-${RANGE.from}-${RANGE.to}-c0d71917`,
      `stream-${RANGE.from}-${RANGE.to}-all`,
    ]);
    expect(keysAtWrite[0]).toEqual([coverageKey(ids[0] ?? '')]);
    expect(store.keys).toHaveLength(2);
  });

  test('is not written to gold while bronze cannot store it', async () => {
    const store = new MemoryObjectStore();
    const gold = new RecordingGold();
    store.before = () => {
      throw storageDown('bronze', true);
    };
    const signal = AbortSignal.timeout(300);
    await expect(recordCoverage([ofApi], { store, gold }, signal)).rejects.toMatchObject({
      code: 'storage_unavailable',
    });
    expect(store.calls.put).toBeGreaterThan(1);
    expect(gold.coverage).toEqual([]);
  });
});

describe('restoring', () => {
  test('finds the gaps of all commit records and all coverage, and skips other objects', async () => {
    const store = new MemoryObjectStore({ pageSize: 2 });
    const other = { cause: 'retention', fromMs: 5_000, toMs: 6_000 };
    await putRecords(store, [{ kind: 'fence' }, { kind: 'commit', gaps: [GAP] }, { kind: 'commit' }]);
    await putRecords(store, [{}, {}, {}, { kind: 'commit', gaps: [other] }]);
    await recordCoverage([ofApi], { store, gold: new RecordingGold() }, running());
    for (const body of ['not JSON', '{"id":"x","source":"unknown","from":"","to":""}', '{"source":"api"}'])
      await store.putIfAbsent(coverageKey(`other ${body.length}`), Buffer.from(body), {
        contentType: 'application/json',
      });
    const gold = new RecordingGold();
    const read: string[] = [];
    const progress = { signal: running(), note: (details: { read: string }) => void read.push(details.read) };
    expect(await restoreGaps({ store, gold, definition: STREAM }, progress)).toBe(2);
    expect(gold.gaps.map(({ cause, from, missing }) => ({ cause, from, missing }))).toEqual([
      { cause: 'offsets', from: '1970-01-01T00:00:01.000Z', missing: 3 },
      { cause: 'retention', from: '1970-01-01T00:00:05.000Z', missing: undefined },
    ]);
    expect(gold.coverage).toMatchObject([ofApi]);
    expect(read.sort()).toEqual([1, 2, 3, 4].map(LOG_KEYS.keyOf));
  });

  test('finds how far the stream was read, also where a page of the log begins', async () => {
    const store = new MemoryObjectStore({ pageSize: 2 });
    const at = (minute: number): string => `2026-11-20T10:0${minute}:00.000Z`;
    const writer = { attempt: 'a' };
    const commit = { kind: 'commit', writer, parts: [] };
    await putRecords(store, [
      { kind: 'fence', writer },
      { ...commit, readTo: at(0) },
      { ...commit, readTo: at(5), parts: [{ key: 'a part' }], wikis: ['enwiki'] },
      { kind: 'fence', writer, readTo: at(5), wikis: ['enwiki'] },
      { ...commit, readTo: at(9), wikis: ['enwiki'] },
    ]);
    const gold = new RecordingGold();
    const progress = { signal: running(), note: () => undefined };
    await restoreGaps({ store, gold, definition: STREAM }, progress);
    expect(gold.reads).toEqual([
      { attempt: 'a', sequence: 2, from: at(0), to: at(0), keys: [] },
      { attempt: 'a', sequence: 3, from: at(0), to: at(5), wikis: ['enwiki'], keys: ['a part'] },
      { attempt: 'a', sequence: 5, from: at(5), to: at(9), wikis: ['enwiki'], keys: [] },
    ]);
  });

  test('stops with the reason of the signal', async () => {
    const store = new MemoryObjectStore();
    await putRecords(store, [{ kind: 'commit', gaps: [GAP] }]);
    const gold = new RecordingGold();
    const reason = new Error('cancelled');
    const progress = { signal: AbortSignal.abort(reason), note: () => undefined };
    await expect(restoreGaps({ store, gold, definition: STREAM }, progress)).rejects.toBe(reason);
    expect(gold.gaps).toEqual([]);
  });
});
