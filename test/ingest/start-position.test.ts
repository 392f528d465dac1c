/** Where reading starts: at the end of the log, at `since`, or after the last hour in gold when the log is lost. */
import { describe, expect, test } from 'vitest';
import { startPosition } from '../../src/ingest/start-position.ts';
import { EMPTY_CURSOR } from '../../src/core/stream-cursor.ts';
import type { Gap } from '../../src/core/gaps.ts';
import type { OlderProject } from '../../src/gold/gold-store.ts';
import { storageDown } from '../support/memory-object-store.ts';

const NOW_MS = Date.parse('2026-11-20T12:30:00Z');
const persistence = { signal: AbortSignal.timeout(60_000) };
interface Left {
  readonly lastHour?: string;
  readonly older?: OlderProject;
  readonly foreignMs?: number;
}
const recorded: Gap[] = [];
const depsOf = ({ lastHour, older, foreignMs }: Left) => ({
  gold: {
    lastStreamHour: async () => lastHour,
    olderProject: async () => older,
    recordGap: async (gap: Gap) => void recorded.push(gap),
  },
  lastForeignMinute: async () => foreignMs,
});
const beginAfter = (left: Left, since?: string) =>
  startPosition(EMPTY_CURSOR, since, depsOf(left), persistence, NOW_MS);
const begin = (lastHour: string | undefined, since?: string, cursor = EMPTY_CURSOR) =>
  startPosition(cursor, since, depsOf(lastHour === undefined ? {} : { lastHour }), persistence, NOW_MS);

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
      ...depsOf({}).gold,
      lastStreamHour: async () => {
        calls += 1;
        if (calls === 1) throw storageDown('gold', true);
        return '2026-11-20T08';
      },
    };
    const { gaps } = await startPosition(
      EMPTY_CURSOR,
      undefined,
      { ...depsOf({}), gold },
      persistence,
      NOW_MS,
    );
    expect(gaps).toHaveLength(1);
    expect(calls).toBe(2);
  });

  describe('after an older project', () => {
    const lastMs = Date.parse('2026-11-20T11:17:00Z');
    const older = { lastMinute: lastMs / 1000, quietMs: 3_600_000 };
    const startMs = lastMs + 60_000;
    const taken = {
      cursor: { startMs, floorMs: startMs, topics: {} },
      gaps: [{ cause: 'handover', fromMs: lastMs, toMs: startMs }],
    };

    test('with the minute after its last row; the rest of that minute is a gap, which gold knows first', async () => {
      recorded.length = 0;
      expect(await beginAfter({ older })).toEqual(taken);
      expect(recorded).toEqual([
        {
          id: 'handover stream 2026-11-20T11:17:00.000Z 2026-11-20T11:18:00.000Z',
          cause: 'handover',
          from: '2026-11-20T11:17:00.000Z',
          to: '2026-11-20T11:18:00.000Z',
        },
      ]);
      expect(await beginAfter({ older }, '2026-11-01T00:00:00Z')).toEqual(taken);
    });

    test('with the minute after its last event in bronze, when gold has none of its rows', async () => {
      expect(await beginAfter({ foreignMs: lastMs })).toEqual(taken);
      expect(await beginAfter({ older, foreignMs: lastMs + 600_000 })).toEqual(taken);
    });

    test('at a later `since`: all until then is a gap', async () => {
      const laterMs = lastMs + 600_000;
      const { cursor, gaps } = await beginAfter({ older }, new Date(laterMs).toISOString());
      expect(cursor).toMatchObject({ startMs: laterMs, floorMs: laterMs });
      expect(gaps).toEqual([{ cause: 'handover', fromMs: lastMs, toMs: laterMs }]);
    });

    test('not in the future', async () => {
      const current = { lastMinute: NOW_MS / 1000, quietMs: undefined };
      const { cursor, gaps } = await beginAfter({ older: current });
      expect(cursor.startMs).toBe(NOW_MS);
      expect(gaps).toEqual([{ cause: 'handover', fromMs: NOW_MS, toMs: NOW_MS + 60_000 }]);
    });

    test('not while it is still counting', async () => {
      await expect(beginAfter({ older: { ...older, quietMs: 899_000 } })).rejects.toMatchObject({
        code: 'older_project_running',
        retryable: true,
        message: expect.stringContaining('14 minutes ago'),
        hint: expect.stringContaining('Stop its ingest and its transform'),
      });
      expect(await beginAfter({ older: { ...older, quietMs: 900_000 } })).toEqual(taken);
    });
  });
});
