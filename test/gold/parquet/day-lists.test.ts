import { beforeEach, describe, expect, test } from 'vitest';
import { goldAnomaliesKey, goldExpectationsKey } from '../../../src/contracts/storage/object-keys.ts';
import type { RecordedAnomaly } from '../../../src/contracts/storage/recorded-anomaly.ts';
import type { GoldStore } from '../../../src/gold/gold-store.ts';
import { openS3Gold } from '../../../src/gold/parquet/parquet-gold.ts';
import { expectationOf } from '../../api/recorded.ts';
import { MemoryObjectStore } from '../../support/memory-object-store.ts';

const START = Date.parse('2026-11-20T10:00:00Z') / 1000;
const KEY = goldAnomaliesKey('2026-11-20');
const RANGE = { from: START, to: START + 3_600 };

function anomalyOf(id: string, change: Partial<RecordedAnomaly> = {}): RecordedAnomaly {
  const peak = { from: START, to: START + 300, edits: 120, expected: 10 };
  const times = {
    from: START,
    to: null,
    noticedAt: START + 300,
    countedTo: START + 300,
    lookedAt: START + 300,
  };
  return { id, wiki: 'enwiki', account: 'human', edits: 120, expected: 10, peak, ...times, ...change };
}

describe('anomalies in S3', () => {
  let store: MemoryObjectStore;
  let gold: GoldStore;
  beforeEach(() => {
    store = new MemoryObjectStore();
    gold = openS3Gold(store);
  });

  test('are an object for the day on which they began', async () => {
    const next = anomalyOf('b', { from: START + 14 * 3_600 });
    await gold.recordAnomalies([next, anomalyOf('a')]);
    expect(store.keys).toEqual([KEY, goldAnomaliesKey('2026-11-21')]);
    expect(await gold.anomalies({ from: START, to: START + 86_400 })).toEqual([anomalyOf('a'), next]);
  });

  test('are not written again when nothing is new, nor when there are none', async () => {
    await gold.recordAnomalies([anomalyOf('a')]);
    const { put } = store.calls;
    await gold.recordAnomalies([anomalyOf('a', { lookedAt: START })]);
    await gold.recordAnomalies([]);
    expect(store.calls.put).toBe(put);
  });

  test.each([
    ['no JSON', '{"anomalies": ['],
    ['something else', '[]'],
    ['an anomaly without a peak', JSON.stringify({ anomalies: [{ ...anomalyOf('x'), peak: undefined }] })],
    ['a reason that is no sentence', JSON.stringify({ anomalies: [{ ...anomalyOf('x'), reason: 7 }] })],
  ])('are shown without a day that is %s, which the next one replaces', async (_, body) => {
    await gold.recordAnomalies([anomalyOf('before', { from: START - 86_400 })]);
    await store.replace(KEY, undefined, Buffer.from(body));
    expect(await gold.anomalies(RANGE)).toEqual([anomalyOf('before', { from: START - 86_400 })]);
    expect(gold.unreadable?.()).toMatchObject([{ key: KEY }]);
    await gold.recordAnomalies([anomalyOf('a')]);
    expect(await gold.anomalies({ ...RANGE, from: START + 60 })).toContainEqual(anomalyOf('a'));
    expect(gold.unreadable?.()).toEqual([]);
  });

  test('of hours are kept beside them, each by its day', async () => {
    const hour = expectationOf('2026-11-20T23');
    await gold.recordExpectations([expectationOf('2026-11-21T00'), hour]);
    await gold.recordExpectations([expectationOf('2026-11-20T22')]);
    expect(store.keys).toEqual([goldExpectationsKey('2026-11-20'), goldExpectationsKey('2026-11-21')]);
    const [from, to] = [START + 13 * 3_600, START + 14 * 3_600];
    expect(await gold.expectations(from, to)).toEqual([hour]);
    expect(await gold.expectations(to, to + 3_600)).toEqual([expectationOf('2026-11-21T00')]);
  });

  test('of two writers are all kept', async () => {
    const others = openS3Gold(store);
    await Promise.all([gold.recordAnomalies([anomalyOf('a')]), others.recordAnomalies([anomalyOf('b')])]);
    expect(await openS3Gold(store).anomalies(RANGE)).toEqual([anomalyOf('a'), anomalyOf('b')]);
  });
});
