/** A log whose cursor lies in the future, as versions before this one could write it. */
import { describe, expect, test } from 'vitest';
import { CommitLog } from '../../src/bronze/commit-log.ts';
import type { StreamCursor } from '../../src/core/stream-cursor.ts';
import { healedCursor } from '../../src/ingest/heal-cursor.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';
import { LOG_KEYS } from '../support/stream.ts';

const NOW_MS = Date.parse('2026-11-20T10:00:00Z');
const AHEAD_MS = NOW_MS + 365 * 86_400_000;
const persistence = { signal: new AbortController().signal };
const nothing = { parts: [], deadLetters: [], skipped: { canaries: 0, duplicates: 0, filtered: 0 } };

const cursorOf = (eqiad: readonly [timestampMs: number, offset: number], codfwMs?: number): StreamCursor => ({
  startMs: NOW_MS - 9_000,
  topics: {
    eqiad: { partition: 0, timestampMs: eqiad[0], offset: eqiad[1] },
    ...(codfwMs !== undefined && { codfw: { partition: 0, timestampMs: codfwMs } }),
  },
});

async function open(store: MemoryObjectStore): Promise<CommitLog> {
  return CommitLog.open(
    store,
    LOG_KEYS,
    { attempt: crypto.randomUUID(), workflowId: 'w', runId: 'r' },
    persistence,
  );
}

/** A log with these cursors, opened again by a new attempt. */
async function logWith(
  cursors: readonly StreamCursor[],
  storedToMs = NOW_MS - 1_000,
  expired: readonly number[] = [],
): Promise<CommitLog> {
  const store = new MemoryObjectStore();
  const log = await open(store);
  for (const cursor of cursors) await log.commit({ ...nothing, cursor, storedToMs }, persistence);
  for (const sequence of expired) await store.remove(LOG_KEYS.keyOf(sequence));
  return open(store);
}

describe('a cursor of the log', () => {
  test('stays as it is when it lies in the past, or when two clocks differ by a minute', async () => {
    for (const timestampMs of [NOW_MS, NOW_MS + 60_000]) {
      const log = await logWith([cursorOf([timestampMs, 5])]);
      expect(await healedCursor(log, NOW_MS, persistence)).toBe(log.tail.cursor);
    }
  });

  test('that lies in the future becomes that of the last record before, topic by topic', async () => {
    const log = await logWith([
      cursorOf([NOW_MS - 5_000, 5], NOW_MS - 7_000),
      cursorOf([NOW_MS - 4_000, 6], AHEAD_MS),
      cursorOf([AHEAD_MS, 7], AHEAD_MS),
      cursorOf([AHEAD_MS, 900], AHEAD_MS),
    ]);
    expect(await healedCursor(log, NOW_MS, persistence)).toEqual(
      cursorOf([NOW_MS - 4_000, 6], NOW_MS - 7_000),
    );
  });

  test('of a topic that was never known before begins where reading did', async () => {
    const log = await logWith([cursorOf([NOW_MS - 5_000, 5]), cursorOf([NOW_MS - 4_000, 6], AHEAD_MS)]);
    expect(await healedCursor(log, NOW_MS, persistence)).toEqual(
      cursorOf([NOW_MS - 4_000, 6], NOW_MS - 9_000),
    );
  });

  test('without older records begins where the last stored event was, and keeps its offset', async () => {
    const ahead = [cursorOf([NOW_MS - 5_000, 5]), cursorOf([AHEAD_MS, 6]), cursorOf([AHEAD_MS, 7])];
    const log = await logWith(ahead, NOW_MS - 1_000, [1, 2]);
    expect(await healedCursor(log, NOW_MS, persistence)).toEqual(cursorOf([NOW_MS - 1_000, 7]));
    const unknown = await logWith(ahead, AHEAD_MS, [1, 2]);
    expect(await healedCursor(unknown, NOW_MS, persistence)).toEqual(cursorOf([NOW_MS, 7]));
  });
});
