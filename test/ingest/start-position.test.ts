/** Where reading begins: by the log, by `since`, or behind what gold remembers of a log that is gone. */
import { describe, expect, test } from 'vitest';
import { startPosition } from '../../src/ingest/start-position.ts';
import { EMPTY_CURSOR } from '../../src/core/stream-cursor.ts';
import { storageDown } from '../support/memory-object-store.ts';

const NOW_MS = Date.parse('2026-11-20T12:30:00Z');
const persistence = { signal: AbortSignal.timeout(60_000) };
const begin = (lastHour: string | undefined, since?: string, cursor = EMPTY_CURSOR) =>
  startPosition(cursor, since, { lastStreamHour: async () => lastHour }, persistence, NOW_MS);

describe('the reading begins', () => {
  test('where the log says, whatever the input says', async () => {
    const cursor = { startMs: 5, topics: {} };
    expect(await begin('2026-11-20T10', '2026-11-20T11:00:00Z', cursor)).toEqual({ cursor, gaps: [] });
  });

  test('where the input says when nothing was ever read, or with what comes', async () => {
    const startMs = Date.parse('2026-11-20T11:00:00Z');
    expect(await begin(undefined, '2026-11-20T11:00:00Z')).toEqual({
      cursor: { startMs, topics: {} },
      gaps: [],
    });
    expect(await begin(undefined)).toEqual({ cursor: EMPTY_CURSOR, gaps: [] });
  });

  test('behind the last hour that was counted when the log is gone, and never asks for anything before', async () => {
    const [fromMs, startMs] = [Date.parse('2026-10-19T08:00:00Z'), Date.parse('2026-10-19T09:00:00Z')];
    for (const since of [undefined, '2026-10-01T00:00:00Z']) {
      expect(await begin('2026-10-19T08', since)).toEqual({
        cursor: { startMs, floorMs: startMs, topics: {} },
        gaps: [{ cause: 'log_lost', fromMs, toMs: startMs }],
      });
    }
  });

  test('now when the last hour is this one, and later when the input says so', async () => {
    expect((await begin('2026-11-20T12')).cursor.startMs).toBe(NOW_MS);
    const startMs = Date.parse('2026-11-20T11:45:00Z');
    const later = await begin('2026-11-20T08', '2026-11-20T11:45:00Z');
    expect(later.cursor.startMs).toBe(startMs);
    expect(later.gaps).toEqual([
      { cause: 'log_lost', fromMs: Date.parse('2026-11-20T08:00:00Z'), toMs: startMs },
    ]);
  });

  test('once gold answers: not knowing could count twice', async () => {
    let calls = 0;
    const gold = {
      lastStreamHour: async () => {
        calls += 1;
        if (calls === 1) throw storageDown('gold', true);
        return '2026-11-20T08';
      },
    };
    const { gaps } = await startPosition(EMPTY_CURSOR, undefined, gold, persistence, NOW_MS);
    expect(gaps).toHaveLength(1);
    expect(calls).toBe(2);
  });
});
