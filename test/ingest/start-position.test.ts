/** Where reading starts: at the end of the log, at `since`, or after the last hour in gold when the log is lost. */
import { describe, expect, test } from 'vitest';
import { startPosition } from '../../src/ingest/start-position.ts';
import { EMPTY_CURSOR } from '../../src/core/stream-cursor.ts';
import { storageDown } from '../support/memory-object-store.ts';

const NOW_MS = Date.parse('2026-11-20T12:30:00Z');
const persistence = { signal: AbortSignal.timeout(60_000) };
const begin = (lastHour: string | undefined, since?: string, cursor = EMPTY_CURSOR) =>
  startPosition(cursor, since, { lastStreamHour: async () => lastHour }, persistence, NOW_MS);

describe('reading starts', () => {
  test('where the log ends, whatever the input says', async () => {
    const cursor = { startMs: 5, topics: {} };
    expect(await begin('2026-11-20T10', '2026-11-20T11:00:00Z', cursor)).toEqual({ cursor, gaps: [] });
  });

  test('at `since` when nothing was ever read, else with new events', async () => {
    const startMs = Date.parse('2026-11-20T11:00:00Z');
    expect(await begin(undefined, '2026-11-20T11:00:00Z')).toEqual({
      cursor: { startMs, topics: {} },
      gaps: [],
    });
    expect(await begin(undefined)).toEqual({ cursor: EMPTY_CURSOR, gaps: [] });
  });

  test('after the last counted hour when the log is lost, and never before it', async () => {
    const [fromMs, startMs] = [Date.parse('2026-10-19T08:00:00Z'), Date.parse('2026-10-19T09:00:00Z')];
    for (const since of [undefined, '2026-10-01T00:00:00Z']) {
      expect(await begin('2026-10-19T08', since)).toEqual({
        cursor: { startMs, floorMs: startMs, topics: {} },
        gaps: [{ cause: 'log_lost', fromMs, toMs: startMs }],
      });
    }
  });

  test('now when the last counted hour is the current one, and at `since` when that is later', async () => {
    expect((await begin('2026-11-20T12')).cursor.startMs).toBe(NOW_MS);
    const startMs = Date.parse('2026-11-20T11:45:00Z');
    const later = await begin('2026-11-20T08', '2026-11-20T11:45:00Z');
    expect(later.cursor.startMs).toBe(startMs);
    expect(later.gaps).toEqual([
      { cause: 'log_lost', fromMs: Date.parse('2026-11-20T08:00:00Z'), toMs: startMs },
    ]);
  });

  test('only after gold has answered, because a guess could count events twice', async () => {
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
