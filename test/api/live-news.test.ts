/** ⑦ What viewers hear beside the minutes stays the same text until something has happened. */
import { beforeEach, describe, expect, test } from 'vitest';
import { readLiveNews } from '../../src/api/live-news.ts';
import { streaming } from '../support/browser/pipeline-reading.ts';
import { MemoryGold } from './memory-gold.ts';

const NOW_MS = Date.parse('2026-11-20T10:05:42Z');

let gold: MemoryGold;
beforeEach(() => {
  gold = new MemoryGold();
});

const read = (nowMs = NOW_MS, reading = streaming()): Promise<string> =>
  readLiveNews({ gold, pipeline: async () => reading, ingestId: 'ingest' }, nowMs);

describe('what is told beside the minutes', () => {
  test('is the same while only tries, lag and buffers change', async () => {
    const trouble = { kind: 'storage', what: 'S3 is away.', since: '2026-11-20T10:00:00.000Z' } as const;
    const first = streaming([{ ...trouble, tries: 1, nextTry: '2026-11-20T10:05:00.000Z' }]);
    const second = streaming([{ ...trouble, tries: 2, nextTry: '2026-11-20T10:06:00.000Z' }]);
    const later = {
      ...second,
      ingest: { ...second.ingest, heartbeat: { buffered: 7, events: 9 }, attempt: 2 },
    };
    expect(await read(NOW_MS + 60_000, later)).toBe(await read(NOW_MS, first));
    expect(await read(NOW_MS, streaming())).not.toBe(await read(NOW_MS, first));
  });

  test.each([
    ['a gap', () => gold.setGaps({ id: 'a', cause: 'retention', from: at('09:00'), to: at('09:10') })],
    ['a backfill', () => gold.setCoverage({ id: 'b', source: 'api', from: at('08:00'), to: at('09:00') })],
    ['a source', () => gold.setSources({ url: 'http://127.0.0.1/', simulated: true })],
  ])('has another version after %s', async (_, happens) => {
    const before = await read();
    happens();
    const after = await read();
    expect(after).not.toBe(before);
    expect(await read(NOW_MS + 600_000)).toBe(after);
  });

  test('has the same version while retention cuts a backfilled range ever later', async () => {
    const cutAt = async (minute: number): Promise<string> => {
      const second = Date.parse(at('09:00')) / 1000 + minute * 60;
      const from = new Date(second * 1000).toISOString();
      gold.setCoverage({ id: 'b', source: 'api', from, to: at('09:30') });
      gold.setReads({ read: [], pending: [] }, [], second);
      return read();
    };
    expect(await cutAt(10)).toBe(await cutAt(2));
  });
});

function at(time: string): string {
  return `2026-11-20T${time}:00.000Z`;
}
