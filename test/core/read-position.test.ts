/** How far the stream is known to be read: never beyond what was delivered, whatever ids and times claim. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReadPosition } from '../../src/core/read-position.ts';
import type { Place } from '../../src/core/read-position.ts';
import { withPosition } from '../../src/core/stream-cursor.ts';
import type { StreamCursor } from '../../src/core/stream-cursor.ts';

const EQIAD = 'eqiad.mediawiki.recentchange';
const CODFW = 'codfw.mediawiki.recentchange';
const TIME = Date.parse('2026-11-20T10:00:00Z');
const MINUTE = 60_000;

/** A cursor whose partitions have all delivered. */
function cursorOf(...positions: readonly [topic: string, atMs: number, partition?: number][]): StreamCursor {
  let cursor: StreamCursor = { startMs: TIME, topics: {} };
  for (const [topic, timestampMs, partition = 0] of positions)
    cursor = withPosition(cursor, { topic, partition, timestampMs, offset: 1 });
  return cursor;
}

describe('the stream is read', () => {
  test('to a minute before the newest event, because events arrive out of order', () => {
    const position = new ReadPosition();
    position.note({ topic: EQIAD }, TIME + 5 * MINUTE, 'event');
    position.note({ topic: EQIAD }, TIME + 4 * MINUTE, 'event');
    expect(position.look(cursorOf([EQIAD, TIME + 5 * MINUTE]))).toBe(TIME + 4 * MINUTE);
  });

  test('to an unknown time before the first message', () => {
    expect(new ReadPosition().look(cursorOf([EQIAD, TIME]))).toBeUndefined();
  });

  test('from its start, and not further until events are a minute behind it', () => {
    const position = new ReadPosition();
    expect(position.startAt(TIME)).toBe(TIME);
    position.note({ topic: EQIAD }, TIME + 1000, 'event');
    expect(position.look(cursorOf([EQIAD, TIME + 1000]))).toBe(TIME);
  });

  test('never less far than it was', () => {
    const position = new ReadPosition();
    position.note({ topic: EQIAD }, TIME + 5 * MINUTE, 'event');
    position.look(cursorOf([EQIAD, TIME + 5 * MINUTE]));
    position.note({ topic: CODFW }, TIME + MINUTE, 'event');
    expect(position.look(cursorOf([EQIAD, TIME + 5 * MINUTE], [CODFW, TIME + MINUTE]))).toBe(
      TIME + 4 * MINUTE,
    );
  });
});

describe('the busiest topic decides', () => {
  test('not the one on standby, which is behind', () => {
    const position = new ReadPosition();
    position.note({ topic: CODFW }, TIME, 'event');
    for (const n of [1, 2]) position.note({ topic: EQIAD }, TIME + n * MINUTE, 'event');
    expect(position.look(cursorOf([EQIAD, TIME + 2 * MINUTE], [CODFW, TIME]))).toBe(TIME + MINUTE);
  });

  test('with its canaries while it has nothing else, so a quiet stream is known to be read', () => {
    const position = new ReadPosition();
    position.note({ topic: EQIAD }, TIME, 'event');
    position.look(cursorOf([EQIAD, TIME]));
    position.note({ topic: CODFW }, TIME + 16 * MINUTE, 'canary');
    expect(position.look(cursorOf([EQIAD, TIME], [CODFW, TIME + 16 * MINUTE]))).toBe(TIME - MINUTE);
    position.note({ topic: EQIAD }, TIME + 15 * MINUTE, 'canary');
    expect(position.look(cursorOf([EQIAD, TIME + 15 * MINUTE], [CODFW, TIME + 16 * MINUTE]))).toBe(
      TIME + 14 * MINUTE,
    );
  });

  test('and before the first event every topic, because none is known to be the busiest', () => {
    const position = new ReadPosition();
    position.note({ topic: CODFW }, TIME + 15 * MINUTE, 'canary');
    expect(position.look(cursorOf([EQIAD, TIME + 3 * MINUTE], [CODFW, TIME + 15 * MINUTE]))).toBe(
      TIME + 2 * MINUTE,
    );
  });

  test('with the partition that is furthest behind', () => {
    const position = new ReadPosition();
    position.note({ topic: EQIAD, partition: 1 }, TIME + 9 * MINUTE, 'event');
    const cursor = cursorOf([EQIAD, TIME + 2 * MINUTE, 0], [EQIAD, TIME + 9 * MINUTE, 1]);
    expect(position.look(cursor)).toBe(TIME + MINUTE);
  });

  test('but not with partitions that only ids name', () => {
    const position = new ReadPosition();
    position.note({ topic: EQIAD }, TIME + 9 * MINUTE, 'event');
    const named = { topic: EQIAD, partition: 7, timestampMs: TIME };
    const cursor = withPosition(cursorOf([EQIAD, TIME + 9 * MINUTE]), named);
    expect(position.look(cursor)).toBe(TIME + 8 * MINUTE);
  });
});

describe('while the stream catches up', () => {
  test('a meta.dt in the future moves it no further than ids do', () => {
    const position = new ReadPosition();
    position.note({ topic: EQIAD }, TIME + 2 * MINUTE, 'event');
    position.note({ topic: EQIAD }, TIME + 1000 * MINUTE, 'event');
    expect(position.look(cursorOf([EQIAD, TIME + 2 * MINUTE]))).toBe(TIME + MINUTE);
  });

  test('an id in the future moves it no further than events do', () => {
    const position = new ReadPosition();
    position.note({ topic: EQIAD }, TIME + 2 * MINUTE, 'event');
    expect(position.look(cursorOf([EQIAD, TIME + 1000 * MINUTE]))).toBe(TIME + MINUTE);
  });

  test('with any number of partitions, in any order between them, it is never beyond what was delivered', () => {
    const message = fc.record({ partition: fc.constantFrom(0, 1, 2), lateMs: fc.nat({ max: MINUTE - 1 }) });
    const run = fc.record({
      messages: fc.array(message, { minLength: 1, maxLength: 60 }),
      deliveries: fc.array(fc.oneof(fc.constantFrom(0, 1, 2), fc.constant('look' as const)), {
        maxLength: 120,
      }),
    });
    fc.assert(
      fc.property(run, ({ messages, deliveries }) => {
        // Stored in order of arrival, 20 s apart, each up to a minute late.
        const stored = messages.map(({ partition, lateMs }, n) => ({
          partition,
          sentAtMs: TIME + n * 20_000 - lateMs,
        }));
        const waiting = [...stored];
        const position = new ReadPosition();
        // Every partition has delivered before.
        let cursor = cursorOf(
          [EQIAD, TIME - MINUTE, 0],
          [EQIAD, TIME - MINUTE, 1],
          [EQIAD, TIME - MINUTE, 2],
        );
        const newest = [TIME - MINUTE, TIME - MINUTE, TIME - MINUTE];
        const beyond: object[] = [];
        for (const each of deliveries) {
          if (each === 'look') {
            const readToMs = position.look(cursor) ?? -Infinity;
            beyond.push(...waiting.filter(({ sentAtMs }) => sentAtMs < readToMs));
            continue;
          }
          const at = waiting.findIndex(({ partition }) => partition === each);
          const [found] = at < 0 ? [] : waiting.splice(at, 1);
          if (found === undefined) continue;
          const place: Place = { topic: EQIAD, partition: each };
          newest[each] = Math.max(newest[each] ?? 0, found.sentAtMs);
          position.note(place, found.sentAtMs, 'event');
          cursor = withPosition(cursor, { ...place, partition: each, timestampMs: newest[each], offset: 1 });
        }
        expect(beyond).toEqual([]);
      }),
    );
  });
});
