/** Invariant 8: a hole in the offsets of a topic is a gap, and nothing else is. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OffsetWatch, gapAtStart, openGaps } from '../../src/core/gaps.ts';
import type { Coverage } from '../../src/core/backfill.ts';
import type { FoundGap, Gap } from '../../src/core/gaps.ts';

const TOPIC = 'eqiad.mediawiki.recentchange';
const TIME = Date.parse('2026-11-20T10:00:00Z');
const MINUTE = 60_000;

const known = (offset: number | undefined, timestampMs = TIME) => ({
  partition: 0,
  timestampMs,
  ...(offset !== undefined && { offset }),
});
const at = (offset: number, timestampMs = TIME) => ({ topic: TOPIC, offset, timestampMs });

describe('within a connection', () => {
  function connected(): OffsetWatch {
    const watch = new OffsetWatch();
    watch.connect();
    watch.judge(known(9, TIME), at(9, TIME));
    return watch;
  }

  test('the next offset follows; the same and lower ones are repetitions', () => {
    const watch = connected();
    for (const offset of [10, 10, 7, 10]) expect(watch.judge(known(10), at(offset))).toBe('follows');
    expect(watch.judge(known(10), at(11, TIME + 5))).toBe('follows');
  });

  test('skipped offsets are a gap between the two messages', () => {
    expect(connected().judge(known(10, TIME), at(14, TIME + 900))).toEqual({
      cause: 'offsets',
      topic: TOPIC,
      fromMs: TIME,
      toMs: TIME + 900,
      missing: 3,
    });
  });

  test('messages without a readable offset account for the offsets in between, once', () => {
    const watch = connected();
    watch.noteUnnumbered(TOPIC);
    watch.noteUnnumbered(TOPIC);
    watch.noteUnnumbered('other');
    expect(watch.judge(known(10), at(13))).toBe('follows');
    expect(watch.judge(known(13), at(15))).toMatchObject({ missing: 1 });
  });

  test('a lower offset means another cluster only if the message is more than a minute newer', () => {
    const watch = connected();
    expect(watch.judge(known(1_000), at(5, TIME + MINUTE))).toBe('follows');
    expect(watch.judge(known(1_000), at(5, TIME + MINUTE + 1))).toBe('renumbered');
  });

  test('a slightly lower offset is a repetition, although the cursor is far behind the message', () => {
    const watch = connected();
    expect(watch.judge(known(10, TIME), at(10, TIME + 15 * MINUTE))).toBe('follows');
    expect(watch.judge(known(11, TIME), at(11, TIME + 30 * MINUTE))).toBe('follows');
    // The first of the two again; their times are not in the cursor yet.
    expect(watch.judge(known(11, TIME), at(10, TIME + 15 * MINUTE))).toBe('follows');
  });
});

describe('at the first message of a connection', () => {
  function judge(before: ReturnType<typeof known> | undefined, message: ReturnType<typeof at>) {
    const watch = new OffsetWatch();
    watch.connect();
    return watch.judge(before, message);
  }

  test('a topic without an earlier offset has nothing to compare with', () => {
    expect(judge(undefined, at(5))).toBe('follows');
    expect(judge(known(undefined), at(5, TIME + 99 * MINUTE))).toBe('follows');
  });

  test('a message that was delivered before proves that nothing is missing, whatever its offset', () => {
    expect(judge(known(1_000), at(900, TIME - MINUTE))).toBe('follows');
    expect(judge(known(1_000), at(2_000_000, TIME - MINUTE))).toBe('renumbered');
  });

  test('a later offset is a loss even if the message seems to be from before the cursor', () => {
    expect(judge(known(1_000, TIME), at(1_600, TIME - MINUTE))).toEqual({
      cause: 'retention',
      topic: TOPIC,
      fromMs: TIME - MINUTE,
      toMs: TIME,
      missing: 599,
    });
    expect(judge(known(1_000), at(1_001, TIME - MINUTE))).toBe('follows');
  });

  test('a loss begins where the last message was, although another one claimed to be much later', () => {
    const watch = new OffsetWatch();
    watch.connect();
    watch.judge(undefined, at(9, TIME));
    watch.judge(known(9, TIME), at(10, TIME + 999 * MINUTE));
    watch.judge(known(10, TIME + 999 * MINUTE), at(11, TIME + 1));
    watch.connect();
    expect(watch.judge(known(11, TIME + 999 * MINUTE), at(2_000_000, TIME + 998 * MINUTE))).toEqual({
      cause: 'retention',
      topic: TOPIC,
      fromMs: TIME + 1,
      toMs: TIME + 998 * MINUTE,
      missing: 1_999_988,
    });
  });

  test('a later message with the very next offset follows: the topic was idle', () => {
    expect(judge(known(1_000), at(1_001, TIME + 500 * MINUTE))).toBe('follows');
  });

  test('a later message with a later offset means that the source has expired the ones in between', () => {
    expect(judge(known(1_000), at(1_600, TIME + 60 * MINUTE))).toEqual({
      cause: 'retention',
      topic: TOPIC,
      fromMs: TIME,
      toMs: TIME + 60 * MINUTE,
      missing: 599,
    });
  });

  test('the number of missing messages is left out when the offsets are from another cluster', () => {
    expect(judge(known(1_000), at(5, TIME + MINUTE))).not.toHaveProperty('missing');
    expect(judge(known(1_000), at(6_000_000_000, TIME + MINUTE))).toMatchObject({ cause: 'retention' });
    expect(judge(known(1_000), at(6_000_000_000, TIME + MINUTE))).not.toHaveProperty('missing');
  });
});

test('the gaps add up to the messages that were lost, whatever is repeated', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ isLost: fc.boolean(), repeats: fc.nat(3), reconnects: fc.boolean() }), {
        maxLength: 60,
      }),
      messages => {
        const watch = new OffsetWatch();
        watch.connect();
        let cursor: ReturnType<typeof known> | undefined;
        const gaps: FoundGap[] = [];
        const delivered: number[] = [];
        const deliver = (offset: number): void => {
          const verdict = watch.judge(cursor, at(offset, TIME + offset));
          if (typeof verdict === 'object') gaps.push(verdict);
          if (offset >= (cursor?.offset ?? -1)) cursor = known(offset, TIME + offset);
        };
        messages.forEach(({ isLost, repeats, reconnects }, offset) => {
          if (isLost) return;
          if (reconnects) {
            watch.connect();
            // The overlap delivers the last messages again.
            for (const old of delivered.slice(-repeats || delivered.length)) deliver(old);
          }
          deliver(offset);
          delivered.push(offset);
        });
        const [first = 0] = delivered;
        const lost = (delivered.at(-1) ?? first) - first + 1 - delivered.length;
        expect(gaps.reduce((sum, { missing = 0 }) => sum + missing, 0)).toBe(
          delivered.length === 0 ? 0 : lost,
        );
      },
    ),
  );
});

test('a stream that starts more than ten minutes late has a gap before it', () => {
  expect(gapAtStart(TIME, TIME + 10 * MINUTE)).toBeUndefined();
  expect(gapAtStart(TIME, TIME + 10 * MINUTE + 1)).toEqual({
    cause: 'retention',
    fromMs: TIME,
    toMs: TIME + 10 * MINUTE + 1,
  });
});

describe('gaps that backfills close', () => {
  const hour = (n: number): string => new Date(TIME + n * 60 * MINUTE).toISOString();
  const gap: Gap = { id: 'g', cause: 'retention', topic: TOPIC, from: hour(1), to: hour(4), missing: 700 };
  const covered = (from: number, to: number, wikis?: readonly string[]): Coverage => ({
    id: `${from}-${to}`,
    source: 'api',
    from: hour(from),
    to: hour(to),
    ...(wikis !== undefined && { wikis }),
  });

  test('a gap that is fully covered disappears, one that is not covered stays as it is', () => {
    expect(openGaps([gap], [covered(0, 5)])).toEqual([]);
    expect(openGaps([gap], [covered(1, 2), covered(2, 4)])).toEqual([]);
    expect(openGaps([gap], [covered(4, 5), covered(0, 1)])).toEqual([gap]);
  });

  test('the pieces that remain have their own ends and ids, and no number of messages', () => {
    const { missing: _, ...rest } = gap;
    expect(openGaps([gap], [covered(2, 3)])).toEqual([
      { ...rest, from: hour(1), to: hour(2) },
      { ...rest, id: 'g-1', from: hour(3), to: hour(4) },
    ]);
  });

  test('coverage of some wikis closes a gap for these wikis only', () => {
    const some = [covered(0, 5, ['enwiki', 'dewiki'])];
    expect(openGaps([gap], some, ['dewiki'])).toEqual([]);
    expect(openGaps([gap], some, ['frwiki'])).toEqual([gap]);
    expect(openGaps([gap], some)).toEqual([gap]);
    expect(openGaps([gap], some, ['dewiki', 'enwiki'])).toEqual([]);
    expect(openGaps([gap], some, ['dewiki', 'frwiki'])).toEqual([gap]);
  });

  test('a gap of zero length is closed by coverage that contains it', () => {
    const instant = { ...gap, to: gap.from };
    expect(openGaps([instant], [covered(1, 2)])).toEqual([]);
    expect(openGaps([instant], [covered(0, 1)])).toEqual([instant]);
  });

  test('every hour of a gap is either still open or covered', () => {
    const range = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 5 }));
    fc.assert(
      fc.property(range, fc.array(range, { maxLength: 4 }), ([from, length], others) => {
        const whole = { ...gap, from: hour(from), to: hour(from + length) };
        const coverage = others.map(([begin, hours]) => covered(begin, begin + hours));
        const left = openGaps([whole], coverage);
        const holds = (ranges: readonly { from: string; to: string }[], n: number): boolean =>
          ranges.some(({ from, to }) => from <= hour(n) && hour(n) < to);
        for (let n = 0; n < 16; n++) expect(holds(left, n)).toBe(holds([whole], n) && !holds(coverage, n));
        expect(new Set(left.map(({ id }) => id)).size).toBe(left.length);
      }),
    );
  });
});

describe('a new connection', () => {
  function reconnected(): OffsetWatch {
    const watch = new OffsetWatch();
    watch.connect();
    watch.judge(known(9, TIME), at(9, TIME));
    watch.noteUnnumbered(TOPIC);
    watch.connect();
    return watch;
  }

  test('judges its first message of a topic as the first one again', () => {
    expect(reconnected().judge(known(10), at(14, TIME + 5_000))).toEqual({
      cause: 'retention',
      topic: TOPIC,
      fromMs: TIME,
      toMs: TIME + 5_000,
      missing: 3,
    });
  });

  test('does not count messages without a readable offset of the one before', () => {
    expect(reconnected().judge(known(10), at(12, TIME + 5_000))).toMatchObject({ missing: 1 });
    const watch = reconnected();
    watch.noteUnnumbered(TOPIC);
    expect(watch.judge(known(10), at(12, TIME + 5_000))).toBe('follows');
  });

  test('that begins with a message the cursor has not reached has lost nothing, if its offset is known', () => {
    expect(reconnected().judge(known(1_000), at(999, TIME + 15 * MINUTE))).toBe('follows');
  });

  test('that begins with the last message of the one before has lost nothing', () => {
    expect(reconnected().judge(known(1_000), at(1_000, TIME))).toBe('follows');
  });

  test.each([
    ['half a second', 500, 1_000, true],
    ['half a second', 500, 1_001, false],
    ['an hour', 60 * MINUTE, 3_600_000, true],
    ['an hour', 60 * MINUTE, 3_600_001, false],
  ])('after %s (%d ms) may have lost %d messages: %j', (_, pauseMs, missing, isPlausible) => {
    const gap = { cause: 'retention', topic: TOPIC, fromMs: TIME, toMs: TIME + pauseMs };
    expect(reconnected().judge(known(10), at(11 + missing, TIME + pauseMs))).toEqual(
      isPlausible ? { ...gap, missing } : gap,
    );
  });
});

describe('a later message within a connection', () => {
  function connected(): OffsetWatch {
    const watch = new OffsetWatch();
    watch.connect();
    watch.judge(known(9, TIME), at(9, TIME));
    return watch;
  }

  test('with the next offset follows, however long the topic was idle', () => {
    expect(connected().judge(known(1_000), at(1_001, TIME + 500 * MINUTE))).toBe('follows');
  });

  test('that skips more offsets than there were unreadable messages shows a gap of the difference', () => {
    const watch = connected();
    watch.noteUnnumbered(TOPIC);
    watch.noteUnnumbered(TOPIC);
    expect(watch.judge(known(10), at(16))).toMatchObject({ cause: 'offsets', missing: 3 });
  });

  test('with an older timestamp ends its gap where it starts', () => {
    expect(connected().judge(known(10, TIME), at(12, TIME - 900))).toMatchObject({
      fromMs: TIME,
      toMs: TIME,
      missing: 1,
    });
  });
});

test('a gap of zero length is closed by any coverage that contains it, and by no other', () => {
  const hour = (n: number): string => new Date(TIME + n * 60 * MINUTE).toISOString();
  const covered = (from: number, to: number): Coverage => ({
    id: `${from}-${to}`,
    source: 'api',
    from: hour(from),
    to: hour(to),
  });
  const instant: Gap = { id: 'g', cause: 'log_lost', from: hour(1), to: hour(1) };
  expect(openGaps([instant], [covered(2, 3), covered(0, 2)])).toEqual([]);
  expect(openGaps([instant], [covered(2, 3)])).toEqual([instant]);
  expect(openGaps([instant], [])).toEqual([instant]);
});
