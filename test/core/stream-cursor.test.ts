/** The stream cursor: what event ids say, how the cursor advances with them, and how reading resumes. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  EMPTY_CURSOR,
  OVERLAP_MS,
  PastEntries,
  advance,
  positionIn,
  readEventId,
  renumber,
  resumePoint,
} from '../../src/core/stream-cursor.ts';
import type { IdEntry, StreamCursor } from '../../src/core/stream-cursor.ts';
import { CAPTURED_STREAMS, capturedLines } from '../support/captured.ts';

const EQIAD = 'eqiad.mediawiki.recentchange';
const CODFW = 'codfw.mediawiki.recentchange';
const TIME = 1_763_632_800_000;

function entry(topic: string, timestampMs: number | undefined): IdEntry {
  return { topic, partition: 0, timestampMs };
}

/** The entries in the header of a resume point. */
function asked(cursor: StreamCursor, overlapMs: number): Record<string, unknown>[] {
  const { lastEventId } = resumePoint(cursor, overlapMs);
  return JSON.parse(lastEventId ?? '[]') as Record<string, unknown>[];
}

describe('readEventId', () => {
  const delivered = { topic: EQIAD, partition: 0, timestamp: TIME + 1 };
  const idle = { topic: CODFW, partition: 0, offset: -1 };

  test('reads both topics, in either order', () => {
    expect(readEventId(JSON.stringify([delivered, idle]))).toEqual([
      entry(EQIAD, TIME + 1),
      entry(CODFW, undefined),
    ]);
    expect(readEventId(JSON.stringify([idle, delivered]))).toEqual([
      entry(CODFW, undefined),
      entry(EQIAD, TIME + 1),
    ]);
  });

  test('treats a topic with an offset as idle: an assigned offset is not a position to resume from', () => {
    expect(readEventId(JSON.stringify([{ topic: CODFW, partition: 0, offset: 6_496_589_447 }]))).toEqual([
      entry(CODFW, undefined),
    ]);
  });

  test('accepts timestamp 0', () => {
    expect(readEventId(JSON.stringify([{ ...delivered, timestamp: 0 }]))).toEqual([entry(EQIAD, 0)]);
  });

  test.each([
    '',
    ' ',
    'null',
    'true',
    '5',
    '"eqiad"',
    '{}',
    JSON.stringify(delivered),
    '[',
    '[]',
    '[null]',
    '[5,"eqiad",[],true]',
    '[{}]',
    '[{"topic":5,"partition":0,"timestamp":1}]',
    '[{"topic":null}]',
    `[${JSON.stringify(delivered)}`,
    '6496589447',
    'b4e2fa1c-31c5-4f5a-9f0e-7d4b8e3c7a11',
  ])('finds nothing in %j, and does not throw', id => {
    expect(readEventId(id)).toEqual([]);
  });

  test.each(['"1763632800001"', 'null', '-1', 'true', '[]', '{}'])('ignores the timestamp %s', timestamp => {
    const id = `[{"topic":"${EQIAD}","partition":0,"timestamp":${timestamp}}]`;
    expect(readEventId(id)).toEqual([entry(EQIAD, undefined)]);
  });

  test.each(['1e999', '1e300', '9007199254740992', '8640000000000001', '1763632800001.5'])(
    'ignores the timestamp %s, which is not a valid instant and would stay in the cursor for good',
    timestamp => {
      const id = `[{"topic":"${EQIAD}","partition":0,"timestamp":${timestamp}}]`;
      expect(readEventId(id)).toEqual([entry(EQIAD, undefined)]);
    },
  );

  test('accepts the latest instant that there is', () => {
    const id = `[{"topic":"${EQIAD}","partition":0,"timestamp":8640000000000000}]`;
    expect(readEventId(id)).toEqual([entry(EQIAD, 8_640_000_000_000_000)]);
  });

  test('keeps the partition, which is 0 when it is not a number', () => {
    const id = JSON.stringify([
      { ...delivered, partition: 3 },
      { ...idle, partition: '3' },
    ]);
    expect(readEventId(id).map(({ partition }) => partition)).toEqual([3, 0]);
  });

  test('keeps the valid entries of an id with invalid ones', () => {
    expect(readEventId(JSON.stringify([null, delivered, { partition: 0 }]))).toEqual([
      entry(EQIAD, TIME + 1),
    ]);
  });

  test('yields only valid entries and never throws', () => {
    const ids = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.array(fc.jsonValue()).map(value => JSON.stringify(value)),
      fc
        .array(fc.record({ topic: fc.string(), partition: fc.jsonValue(), timestamp: fc.jsonValue() }))
        .map(entries => JSON.stringify(entries)),
    );
    fc.assert(
      fc.property(ids, id => {
        for (const { topic, partition, timestampMs = 0 } of readEventId(id)) {
          expect([typeof topic, typeof partition]).toEqual(['string', 'number']);
          expect(new Date(timestampMs).getTime()).toBe(timestampMs);
          expect(timestampMs).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});

test('entries that may become a cursor are never in the future', () => {
  const entries = [entry(EQIAD, TIME + 1), entry(CODFW, undefined), entry('other', TIME)];
  const past = new PastEntries();
  const [limited, ...others] = past.of(entries, TIME);
  expect(limited).toEqual(entry(EQIAD, TIME));
  expect(others).toEqual(entries.slice(1));
  // A repeated entry says nothing new, however late it is.
  expect(past.of(entries, TIME + 9)[0]).toEqual(entry(EQIAD, TIME));
  expect(past.of([entry(EQIAD, TIME + 2)], TIME + 9)).toEqual([entry(EQIAD, TIME + 2)]);
});

test('entries that jump by more than half the overlap count once another message of the partition confirms them', () => {
  const HOUR = 3_600_000;
  const HALF = OVERLAP_MS / 2;
  const far = TIME + 9_000 * HOUR;
  const past = new PastEntries();
  const of = (timestampMs: number) => past.of([entry(EQIAD, timestampMs)], far)[0]?.timestampMs;
  expect([of(TIME), of(TIME + HALF)]).toEqual([TIME, TIME + HALF]);
  // Nobody confirms this one, however often its entry is repeated.
  expect([of(far), of(far), of(TIME + HALF + 1)]).toEqual([TIME + HALF, TIME + HALF, TIME + HALF + 1]);
  // After an outage, all messages are much later.
  expect([of(TIME + 5 * HOUR), of(TIME + 5 * HOUR + 1)]).toEqual([TIME + HALF + 1, TIME + 5 * HOUR]);
  expect(of(TIME + 5 * HOUR + 2)).toBe(TIME + 5 * HOUR + 2);
  // One from long ago is neither a step back nor the start of a jump.
  expect([of(TIME - 9 * HOUR), of(TIME + 5 * HOUR + 3)]).toEqual([TIME + 5 * HOUR + 2, TIME + 5 * HOUR + 3]);
});

test('the first entry of a run is measured by the cursor it begins at', () => {
  const cursor: StreamCursor = { topics: { [EQIAD]: { partition: 0, timestampMs: TIME } } };
  const past = new PastEntries(cursor);
  const of = (topic: string, afterMs: number) =>
    past.of([entry(topic, TIME + afterMs)], TIME + 3_600_000)[0]?.timestampMs;
  expect(of(EQIAD, 600_000)).toBe(TIME);
  expect(of(EQIAD, 1)).toBe(TIME + 1);
  expect(of(CODFW, 600_000)).toBe(TIME + 600_000);
});

describe('advance', () => {
  test('keeps the highest timestamp of each topic', () => {
    const cursor = advance(EMPTY_CURSOR, [entry(EQIAD, TIME), entry(CODFW, TIME - 5)]);
    const next = advance(cursor, [entry(EQIAD, TIME - 1), entry(CODFW, TIME)]);
    expect(next.topics).toEqual({
      [EQIAD]: { partition: 0, timestampMs: TIME },
      [CODFW]: { partition: 0, timestampMs: TIME },
    });
  });

  test('lets an idle topic resume from the start of reading until it delivers', () => {
    const cursor = advance({ startMs: TIME, topics: {} }, [entry(EQIAD, TIME + 7), entry(CODFW, undefined)]);
    expect(cursor.topics[CODFW]).toEqual({ partition: 0, timestampMs: TIME });
    expect(advance(cursor, [entry(CODFW, TIME + 3)]).topics[CODFW]).toMatchObject({ timestampMs: TIME + 3 });
    expect(advance(cursor, [entry(CODFW, undefined)])).toBe(cursor);
  });

  test('keeps the highest offset of the topic that delivered', () => {
    const both = [entry(EQIAD, TIME), entry(CODFW, TIME)];
    const first = advance(EMPTY_CURSOR, both, { topic: EQIAD, offset: 6_496_589_447 });
    expect(first.topics).toEqual({
      [EQIAD]: { partition: 0, timestampMs: TIME, offset: 6_496_589_447 },
      [CODFW]: { partition: 0, timestampMs: TIME },
    });
    const second = advance(first, both, { topic: EQIAD, offset: 5 });
    expect(second.topics[EQIAD]?.offset).toBe(6_496_589_447);
    expect(advance(first, both, { topic: EQIAD, offset: undefined }).topics[EQIAD]?.offset).toBe(
      6_496_589_447,
    );
    expect(advance(first, both, { topic: CODFW, offset: 0 }).topics[CODFW]?.offset).toBe(0);
  });

  test('returns the same object when nothing changed', () => {
    const cursor = advance(EMPTY_CURSOR, [entry(EQIAD, TIME)], { topic: EQIAD, offset: 5 });
    expect(advance(cursor, [entry(EQIAD, TIME)], { topic: EQIAD, offset: 5 })).toBe(cursor);
    expect(advance(cursor, [])).toBe(cursor);
  });

  test('does not modify the given cursor', () => {
    const cursor = advance({ startMs: 1, topics: {} }, [entry(EQIAD, TIME)]);
    const before = structuredClone(cursor);
    advance(cursor, [entry(EQIAD, TIME + 1), entry(CODFW, 5)], { topic: EQIAD, offset: 9 });
    expect(cursor).toEqual(before);
  });

  test('yields a cursor that survives JSON', () => {
    const cursor = advance({ startMs: TIME, topics: {} }, [entry(EQIAD, TIME), entry(CODFW, undefined)], {
      topic: EQIAD,
      offset: 7,
    });
    expect(JSON.parse(JSON.stringify(cursor))).toStrictEqual(cursor);
  });

  const topic = fc.constantFrom(EQIAD, CODFW, 'other.topic', 'constructor', 'toString');
  const delivery = fc.record({
    entries: fc.uniqueArray(
      fc.record({
        topic,
        partition: fc.constant(0),
        timestampMs: fc.option(fc.integer({ min: 0, max: 2 ** 43 }), { nil: undefined }),
      }),
      { selector: each => each.topic, maxLength: 5 },
    ),
    origin: fc.option(fc.record({ topic, offset: fc.option(fc.nat({ max: 2 ** 40 }), { nil: undefined }) }), {
      nil: undefined,
    }),
  });
  const start = fc
    .option(fc.nat({ max: 2 ** 43 }), { nil: undefined })
    .map((startMs): StreamCursor => (startMs === undefined ? EMPTY_CURSOR : { startMs, topics: {} }));
  type Delivery = typeof delivery extends fc.Arbitrary<infer T> ? T : never;

  function after(begin: StreamCursor, deliveries: readonly Delivery[]): StreamCursor {
    return deliveries.reduce((cursor, { entries, origin }) => advance(cursor, entries, origin), begin);
  }

  test('ends at the same position in whatever order events arrive', () => {
    const schedule = fc
      .array(delivery)
      .chain(deliveries =>
        fc.tuple(fc.constant(deliveries), fc.shuffledSubarray(deliveries, { minLength: deliveries.length })),
      );
    fc.assert(
      fc.property(start, schedule, (begin, [deliveries, shuffled]) => {
        expect(after(begin, shuffled)).toEqual(after(begin, deliveries));
        // Events that arrive twice do not matter either.
        expect(after(begin, [...deliveries, ...shuffled])).toEqual(after(begin, deliveries));
      }),
    );
  });

  test('never goes back and never loses a topic', () => {
    fc.assert(
      fc.property(start, fc.array(delivery), (begin, deliveries) => {
        let cursor = begin;
        for (const { entries, origin } of deliveries) {
          const next = advance(cursor, entries, origin);
          for (const [name, { timestampMs, offset }] of Object.entries(cursor.topics)) {
            expect(next.topics[name]?.timestampMs).toBeGreaterThanOrEqual(timestampMs);
            expect(next.topics[name]?.offset ?? -1).toBeGreaterThanOrEqual(offset ?? -1);
          }
          for (const { topic: name, timestampMs = 0 } of entries) {
            expect(Object.hasOwn(next.topics, name)).toBe(true);
            expect(next.topics[name]?.timestampMs).toBeGreaterThanOrEqual(timestampMs);
          }
          expect(next.startMs).toBe(begin.startMs);
          cursor = next;
        }
      }),
    );
  });
});

describe('the partitions of a topic', () => {
  const part = (partition: number, timestampMs: number | undefined): IdEntry => ({
    topic: EQIAD,
    partition,
    timestampMs,
  });

  test('have positions of their own; partition 0 stays where it was before there were others', () => {
    const cursor = advance(EMPTY_CURSOR, [part(0, TIME), part(1, TIME - 5), part(12, TIME - 9)]);
    expect(cursor).toEqual({
      topics: { [EQIAD]: { partition: 0, timestampMs: TIME } },
      partitions: {
        [`${EQIAD}/1`]: { partition: 1, timestampMs: TIME - 5 },
        [`${EQIAD}/12`]: { partition: 12, timestampMs: TIME - 9 },
      },
    });
    const next = advance(cursor, [part(0, TIME), part(1, TIME)], { topic: EQIAD, partition: 1, offset: 3 });
    expect(positionIn(next, EQIAD, 1)).toEqual({ partition: 1, timestampMs: TIME, offset: 3 });
    expect(positionIn(next, EQIAD, 0)).toEqual({ partition: 0, timestampMs: TIME });
    expect(asked(next, 9)).toEqual([
      { topic: EQIAD, partition: 0, timestamp: TIME - 9 },
      { topic: EQIAD, partition: 1, timestamp: TIME - 9 },
      { topic: EQIAD, partition: 12, timestamp: TIME - 18 },
    ]);
  });

  test('are all asked for after a version that kept only the last of them', () => {
    const old: StreamCursor = { topics: { [EQIAD]: { partition: 1, timestampMs: TIME, offset: 7 } } };
    expect(asked(old, 0)).toEqual([
      { topic: EQIAD, partition: 1, timestamp: TIME },
      { topic: EQIAD, partition: 0, timestamp: TIME },
    ]);
    expect(advance(old, [part(0, TIME + 1)])).toEqual({
      topics: { [EQIAD]: { partition: 0, timestampMs: TIME + 1 } },
      partitions: { [`${EQIAD}/1`]: { partition: 1, timestampMs: TIME, offset: 7 } },
    });
  });
});

describe('resumePoint', () => {
  const cursor: StreamCursor = {
    startMs: TIME - 9_000,
    topics: {
      [EQIAD]: { partition: 0, timestampMs: TIME, offset: 7 },
      [CODFW]: { partition: 0, timestampMs: TIME - 9_000 },
    },
  };

  test('lists every topic by timestamp, earlier by the overlap', () => {
    expect(resumePoint(cursor, 60_000)).toEqual({ lastEventId: expect.any(String) as string });
    expect(asked(cursor, 60_000)).toEqual([
      { topic: EQIAD, partition: 0, timestamp: TIME - 60_000 },
      { topic: CODFW, partition: 0, timestamp: TIME - 69_000 },
    ]);
  });

  test('fits into a header, whatever the ids have named, and keeps what has delivered and what was known first', () => {
    const invented = Array.from({ length: 98 }, (_, at) => [
      `${'x'.repeat(240)}${at}`,
      { partition: 0, timestampMs: TIME },
    ]);
    const late = 'late.mediawiki.recentchange';
    const topics = {
      ...cursor.topics,
      ...(Object.fromEntries(invented) as StreamCursor['topics']),
      [late]: { partition: 0, timestampMs: TIME, offset: 1 },
    };
    const { lastEventId = '' } = resumePoint({ topics }, 60_000);
    expect(lastEventId.length).toBeLessThan(8_000);
    const kept = asked({ topics }, 60_000).map(({ topic }) => topic);
    expect(kept.slice(0, 2)).toEqual([EQIAD, CODFW]);
    expect(kept.at(-1)).toBe(late);
    expect(kept.length).toBeGreaterThan(10);
  });

  test('is never before timestamp 0', () => {
    expect(asked({ topics: { [EQIAD]: { partition: 0, timestampMs: 5 } } }, 60_000)).toEqual([
      { topic: EQIAD, partition: 0, timestamp: 0 },
    ]);
  });

  test('is the start of reading while no topic is known, or nothing without a start', () => {
    expect(resumePoint({ startMs: TIME, topics: {} }, 60_000)).toEqual({ sinceMs: TIME });
    expect(resumePoint(EMPTY_CURSOR, 60_000)).toEqual({});
  });

  test('skips no event that is out of order by less than the overlap', () => {
    const event = fc.record({
      topic: fc.constantFrom(EQIAD, CODFW),
      gapMs: fc.nat({ max: 100_000 }),
      // The timestamp in an id is a millisecond later than that of its event.
      lateMs: fc.nat({ max: OVERLAP_MS - 1 }),
    });
    fc.assert(
      fc.property(fc.array(event), fc.nat(), (drafts, taken) => {
        let nowMs = TIME;
        const events = drafts.map(({ topic, gapMs, lateMs }) => ({
          topic,
          sentMs: (nowMs += gapMs) - lateMs,
        }));
        const count = taken % (events.length + 1);
        const start: StreamCursor = { startMs: TIME - OVERLAP_MS, topics: {} };
        const idOf = (topic: string, sentMs: number) =>
          [EQIAD, CODFW].map(name => entry(name, name === topic ? sentMs + 1 : undefined));
        const end = events
          .slice(0, count)
          .reduce((cursor, { topic, sentMs }) => advance(cursor, idOf(topic, sentMs)), start);
        const { lastEventId = '[]', sinceMs = Infinity } = resumePoint(end, OVERLAP_MS);
        const from = new Map(readEventId(lastEventId).map(({ topic, timestampMs }) => [topic, timestampMs]));
        const missed = events
          .slice(count)
          .filter(({ topic, sentMs }) => sentMs < (from.get(topic) ?? sinceMs));
        expect(missed).toEqual([]);
      }),
    );
  });

  test('reads as an id that leaves the cursor unchanged', () => {
    const { lastEventId = '' } = resumePoint(cursor, 0);
    expect(advance(cursor, readEventId(lastEventId))).toBe(cursor);
  });
});

describe('ids of captured streams', () => {
  test.each(CAPTURED_STREAMS)('$name', ({ name, events }) => {
    const lines = capturedLines(name);
    // The first capture ends in the middle of an event.
    const pairs = lines.flatMap((line, at) => {
      const data = lines[at + 1] ?? '';
      return line.startsWith('id: ') && data.endsWith('}')
        ? [{ id: line.slice(4), data: data.slice(6) }]
        : [];
    });
    const ids = pairs.map(({ id }) => readEventId(id));
    const sent = pairs.map(({ data }) => Date.parse((JSON.parse(data) as { meta: { dt: string } }).meta.dt));
    expect(ids).toHaveLength(events);
    for (const [at, entries] of ids.entries()) {
      expect(new Map(entries.map(({ topic, timestampMs }) => [topic, timestampMs]))).toEqual(
        // The timestamp in an id is a millisecond later than that of its event.
        new Map([
          [EQIAD, (sent[at] ?? Number.NaN) + 1],
          [CODFW, undefined],
        ]),
      );
    }
    const start: StreamCursor = { startMs: Math.min(...sent), topics: {} };
    const end = ids.reduce((cursor, entries) => advance(cursor, entries), start);
    expect(end.topics).toEqual({
      [EQIAD]: { partition: 0, timestampMs: Math.max(...sent) + 1 },
      [CODFW]: { partition: 0, timestampMs: Math.min(...sent) },
    });
  });
});

describe('a cursor with a floor', () => {
  const cursor: StreamCursor = {
    startMs: TIME - 9_000,
    floorMs: TIME - 9_000,
    topics: {
      [EQIAD]: { partition: 0, timestampMs: TIME },
      [CODFW]: { partition: 0, timestampMs: TIME + 99_000, offset: 7 },
    },
  };

  test('never resumes a topic before the floor', () => {
    expect(asked(cursor, 60_000)).toEqual([
      { topic: EQIAD, partition: 0, timestamp: TIME - 9_000 },
      { topic: CODFW, partition: 0, timestamp: TIME + 39_000 },
    ]);
  });

  test('keeps floor and start when it advances', () => {
    const next = advance(cursor, [entry(EQIAD, TIME + 5)]);
    expect(next).toEqual({
      ...cursor,
      topics: { ...cursor.topics, [EQIAD]: { partition: 0, timestampMs: TIME + 5 } },
    });
  });
});

describe('renumber', () => {
  const cursor: StreamCursor = {
    startMs: TIME,
    topics: {
      [EQIAD]: { partition: 3, timestampMs: TIME, offset: 6_496_589_447 },
      [CODFW]: { partition: 0, timestampMs: TIME, offset: 7 },
    },
  };

  test('sets the offset of one partition, even to a lower one, and nothing else', () => {
    expect(renumber(cursor, { topic: EQIAD, partition: 3 }, 5)).toEqual({
      ...cursor,
      topics: { ...cursor.topics, [EQIAD]: { partition: 3, timestampMs: TIME, offset: 5 } },
    });
  });

  test('changes nothing for an unknown partition', () => {
    expect(renumber(cursor, { topic: 'other', partition: 0 }, 5)).toBe(cursor);
  });
});

test('a topic whose messages have no readable offset has none in the cursor', () => {
  const cursor = advance(EMPTY_CURSOR, [entry(EQIAD, TIME)], { topic: EQIAD, offset: undefined });
  expect(cursor.topics).toStrictEqual({ [EQIAD]: { partition: 0, timestampMs: TIME } });
});
