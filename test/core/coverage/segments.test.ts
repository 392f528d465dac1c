/** What is known of each minute: examples for every reason, and an oracle that looks at one minute at a time. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Coverage } from '../../../src/core/backfill.ts';
import { bucketStates } from '../../../src/core/coverage/bucket-states.ts';
import { completeThrough } from '../../../src/core/coverage/complete-through.ts';
import type { Known } from '../../../src/core/coverage/known.ts';
import { rangeOf, readRanges } from '../../../src/core/coverage/read-ranges.ts';
import type { LoggedRead, ReadRecord } from '../../../src/core/coverage/read-ranges.ts';
import { segmentsOf } from '../../../src/core/coverage/segments.ts';
import type { Segment } from '../../../src/core/coverage/segments.ts';
import type { Gap } from '../../../src/core/gaps.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const TIME = Date.parse('2026-11-20T10:00:00Z');
const at = (minutes: number): number => TIME + minutes * MINUTE;
const iso = (minutes: number): string => new Date(at(minutes)).toISOString();

const NOTHING: Known = { read: [], pending: [], live: [], coverage: [], gaps: [], hours: [] };
const span = (from: number, to: number, wikis?: readonly string[]) => ({
  fromMs: at(from),
  toMs: at(to),
  ...(wikis !== undefined && { wikis }),
});
const coverage = (from: number, to: number, wikis?: readonly string[]): Coverage => ({
  id: `${from}-${to}`,
  source: 'api',
  from: iso(from),
  to: iso(to),
  ...(wikis !== undefined && { wikis }),
});
const gap = (from: number, to: number): Gap => ({
  id: `${from}-${to}`,
  cause: 'offsets',
  from: iso(from),
  to: iso(to),
});

/** Segments as minutes since TIME, state and reason. */
function seen(known: Partial<Known>, [from, to] = [0, 60], nowMinutes = 1000): string[] {
  const segments = segmentsOf('enwiki', { ...NOTHING, ...known }, span(from, to), at(nowMinutes));
  const minute = (ms: number): number => (ms - TIME) / MINUTE;
  return segments.map(
    ({ fromMs, toMs, state, reason }) => `${minute(fromMs)}-${minute(toMs)} ${state} ${reason}`,
  );
}

describe('a minute is', () => {
  test('unread where nobody looked, and not yet read after all that was', () => {
    expect(seen({ read: [span(10, 20), span(30, 40)] })).toEqual([
      '0-10 unread never',
      '10-20 provisional partly',
      '20-30 unread never',
      '30-40 provisional partly',
      '40-60 unread not_yet',
    ]);
    expect(seen({})).toEqual(['0-60 unread not_yet']);
  });

  test('unread unless all of it was looked at', () => {
    expect(seen({ read: [span(10.5, 19.9)] }, [10, 20])).toEqual([
      '10-11 unread never',
      '11-19 provisional partly',
      '19-20 unread not_yet',
    ]);
  });

  test('unread for a wiki that a filter left out, unless a backfill has it', () => {
    const read = [span(0, 60, ['dewiki'])];
    expect(seen({ read, coverage: [coverage(20, 30, ['enwiki']), coverage(40, 50, ['frwiki'])] })).toEqual([
      '0-20 unread filter',
      '20-30 provisional partly',
      '30-60 unread filter',
    ]);
  });

  test('unread below the horizon, whatever was known', () => {
    const known = { read: [span(0, 60)], gaps: [gap(1, 2)], coverage: [coverage(3, 5)], horizonMs: at(9.5) };
    expect(seen(known)).toEqual(['0-10 unread retention', '10-60 provisional not_rebuilt']);
  });

  test('a gap where an open one overlaps, before anything else', () => {
    const known = { gaps: [gap(10.5, 12.5), gap(30, 30)], pending: [span(0, 60)] };
    expect(seen(known)).toEqual([
      '0-10 pending parts',
      '10-13 gap offsets',
      '13-30 pending parts',
      '30-31 gap offsets',
      '31-60 pending parts',
    ]);
  });

  test('no gap where a backfill has closed it for this wiki', () => {
    const known = { gaps: [gap(10, 40)], read: [span(0, 60)] };
    const closed = ['0-10 provisional not_rebuilt', '10-20 gap offsets', '20-60 provisional not_rebuilt'];
    expect(seen({ ...known, coverage: [coverage(20, 40, ['enwiki'])] })).toEqual(closed);
    expect(seen({ ...known, coverage: [coverage(20, 40)] })).toEqual(closed);
    expect(seen({ ...known, coverage: [coverage(20, 40, ['dewiki'])] })).toContain('10-40 gap offsets');
  });

  test('pending where the live feed or an incomplete record has it', () => {
    const known = { read: [span(0, 10)], pending: [span(10, 20)], live: [span(20, 30)] };
    expect(seen(known)).toEqual([
      '0-10 provisional partly',
      '10-20 pending parts',
      '20-30 pending live',
      '30-60 unread not_yet',
    ]);
  });

  test('not pending because of an empty range, wherever that lies', () => {
    const filled = [coverage(0, 30)];
    const empty = [span(10.5, 10.5)];
    expect(seen({ coverage: filled, live: empty, pending: empty })).toEqual(seen({ coverage: filled }));
  });

  test('final once its hour has ended, is wholly in gold, was rebuilt, and nothing was added since', () => {
    const read = [span(0, 60)];
    const rebuilt = (minutes: number, hasAddedSince = false) => ({
      read,
      hours: [{ hourMs: at(0), rebuiltAtMs: at(minutes), hasAddedSince }],
    });
    expect(seen(rebuilt(66))).toEqual(['0-60 final rebuilt']);
    expect(seen(rebuilt(59))).toEqual(['0-60 provisional not_rebuilt']);
    expect(seen(rebuilt(66, true))).toEqual(['0-60 provisional added']);
    expect(seen(rebuilt(50), [0, 60], 59)).toEqual(['0-59 provisional open']);
    expect(seen({ ...rebuilt(66), read: [span(0, 59.9)] })[0]).toBe('0-59 provisional partly');
  });

  test('final where the stream and a backfill have the hour together', () => {
    const hours = [{ hourMs: at(0), rebuiltAtMs: at(90), hasAddedSince: false }];
    expect(seen({ read: [span(0, 25.5)], coverage: [coverage(25, 60)], hours })).toEqual([
      '0-60 final rebuilt',
    ]);
  });

  test('of no segment while it has not begun', () => {
    expect(seen({}, [0, 60], 10.5)).toEqual(['0-11 unread not_yet']);
    expect(seen({}, [10, 20], 10)).toEqual([]);
    expect(seen({}, [20, 10])).toEqual([]);
  });
});

describe('a series is complete', () => {
  const segment = (from: number, to: number, state: 'final' | 'provisional'): Segment =>
    state === 'final'
      ? { ...span(from, to), state, reason: 'rebuilt' }
      : { ...span(from, to), state, reason: 'open' };
  const unread: Segment = { ...span(20, 30), state: 'unread', reason: 'never' };

  test('through what is final, and what is provisional behind the watermark', () => {
    const segments = [segment(0, 10, 'final'), segment(10, 20, 'provisional'), unread];
    expect(completeThrough(segments, at(15.5))).toBe(at(15));
    expect(completeThrough(segments, at(50))).toBe(at(20));
    expect(completeThrough(segments, at(5))).toBe(at(10));
  });

  test('through nothing when it begins with anything else', () => {
    expect(completeThrough([unread, segment(30, 40, 'final')], at(50))).toBeUndefined();
    expect(completeThrough([segment(10, 20, 'provisional')], at(10))).toBeUndefined();
    expect(completeThrough([], at(50))).toBeUndefined();
  });
});

test('the worst minute decides a bucket, and minutes that have not begun do not count', () => {
  const known = { ...NOTHING, read: [span(0, 12)], pending: [span(12, 15)], gaps: [gap(3, 4)] };
  const segments = segmentsOf('enwiki', known, span(0, 60), at(18));
  const buckets = { fromMs: at(0), stepMs: 5 * MINUTE, count: 6 };
  expect(bucketStates(segments, buckets)).toEqual([
    'gap',
    'provisional',
    'pending',
    'unread',
    undefined,
    undefined,
  ]);
});

describe('as an oracle that looks at one minute at a time', () => {
  /** Everything lies on a grid of 20 s, within five hours. */
  const TICKS_A_MINUTE = 3;
  const TICKS_AN_HOUR = 60 * TICKS_A_MINUTE;
  const TICKS = 5 * TICKS_AN_HOUR;
  const tickMs = (tick: number): number => TIME + (tick * MINUTE) / TICKS_A_MINUTE;
  const WIKIS = [undefined, ['enwiki'], ['dewiki'], ['enwiki', 'dewiki']] as const;

  const ticks = fc.nat({ max: TICKS });
  const stretch = fc
    .tuple(ticks, fc.nat({ max: 240 }))
    .map(([from, length]) => ({ from, to: from + length }));
  const wikis = fc.constantFrom(...WIKIS);
  const record = fc.record({
    step: fc.constantFrom(1, 1, 1, 1, 2),
    readMore: fc.option(fc.nat({ max: 200 }), { freq: 6 }),
    wikis: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, wikis),
    isComplete: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.constant(false)),
  });
  const scene = fc.record({
    startTick: ticks,
    records: fc.array(record, { maxLength: 20 }),
    live: fc.array(fc.record({ at: stretch, wikis }), { maxLength: 1 }),
    coverage: fc.array(fc.record({ at: stretch, wikis }), { maxLength: 4 }),
    gaps: fc.array(stretch, { maxLength: 3 }),
    hours: fc.uniqueArray(
      fc.record({
        hour: fc.nat({ max: 4 }),
        rebuiltAfter: fc.integer({ min: -10, max: 400 }),
        hasAddedSince: fc.boolean(),
      }),
      { selector: ({ hour }) => hour, maxLength: 5 },
    ),
    horizon: fc.option(ticks, { freq: 1 }),
    now: fc.nat({ max: TICKS + 300 }),
  });
  type Scene = ReturnType<typeof sceneOf>;

  function sceneOf(raw: typeof scene extends fc.Arbitrary<infer T> ? T : never) {
    let [sequence, tick] = [0, raw.startTick];
    const records = raw.records.map(({ step, readMore, wikis: kept, isComplete }) => {
      sequence += step;
      tick += readMore ?? 0;
      return { sequence, tick: readMore === null ? undefined : tick, wikis: kept, isComplete };
    });
    return { ...raw, records };
  }

  function knownIn({ records, live, coverage: filled, gaps, hours, horizon }: Scene): Known {
    const range = ({ at: { from, to }, wikis: of }: Scene['live'][number]) => ({
      fromMs: tickMs(from),
      toMs: tickMs(to),
      ...(of !== undefined && { wikis: of }),
    });
    const text = (tick: number): string => new Date(tickMs(tick)).toISOString();
    const logged = records.map(({ sequence, tick, wikis: of }): LoggedRead => ({
      sequence,
      ...(tick !== undefined && { readToMs: tickMs(tick) }),
      ...(of !== undefined && { wikis: of }),
    }));
    const stored = logged.flatMap((record, n): ReadRecord[] => {
      const added = rangeOf(logged[n - 1], record);
      return added === undefined
        ? []
        : [{ ...added, sequence: record.sequence, isComplete: records[n]?.isComplete === true }];
    });
    return {
      ...readRanges(stored),
      live: live.map(range),
      coverage: filled.map(({ at: { from, to }, wikis: of }, n) => ({
        id: String(n),
        source: 'api',
        from: text(from),
        to: text(to),
        ...(of !== undefined && { wikis: of }),
      })),
      gaps: gaps.map(({ from, to }, n) => ({
        id: String(n),
        cause: 'offsets',
        from: text(from),
        to: text(to),
      })),
      hours: hours.map(({ hour, rebuiltAfter, hasAddedSince }) => ({
        hourMs: TIME + hour * HOUR,
        rebuiltAtMs: TIME + (hour + 1) * HOUR + rebuiltAfter,
        hasAddedSince,
      })),
      ...(horizon !== null && { horizonMs: tickMs(horizon) }),
    };
  }

  const keeps = (of: readonly string[] | undefined, wiki: string): boolean =>
    of === undefined || of.includes(wiki);
  const within = (tick: number, { from, to }: { from: number; to: number }): boolean =>
    from <= tick && tick < to;

  /** What the records say of a tick: read and in gold, read and not in gold, or nothing. */
  function readBy({ records }: Scene, wiki: string, tick: number): 'whole' | 'pending' | undefined {
    let found: 'whole' | 'pending' | undefined;
    for (const [n, { sequence, tick: to, wikis: of }] of records.entries()) {
      const before = records[n - 1];
      if (before?.tick === undefined || to === undefined || before.sequence + 1 !== sequence) continue;
      if (!keeps(before.wikis, wiki) || !keeps(of, wiki) || !within(tick, { from: before.tick, to }))
        continue;
      // A part of an earlier record may hold events of this hour, and of no later one.
      const hourBefore = (Math.floor(tick / TICKS_AN_HOUR) - 1) * TICKS_AN_HOUR;
      const isWhole = records
        .slice(0, n + 1)
        .every(each => each.isComplete || each.tick === undefined || each.tick <= hourBefore);
      if (isWhole || found === undefined) found = isWhole ? 'whole' : 'pending';
    }
    return found;
  }

  function oracle(all: Scene, wiki: string, minute: number): string {
    const first = minute * TICKS_A_MINUTE;
    const inMinute = [first, first + 1, first + 2];
    const isCovered = (tick: number): boolean =>
      all.coverage.some(({ at: range, wikis: of }) => keeps(of, wiki) && within(tick, range));
    const isLive = (tick: number, of: string): boolean =>
      all.live.some(({ at: range, wikis: kept }) => keeps(kept, of) && within(tick, range));
    const isWhole = (tick: number): boolean => readBy(all, wiki, tick) === 'whole' || isCovered(tick);
    const isLooked = (tick: number): boolean =>
      isCovered(tick) || isLive(tick, wiki) || readBy(all, wiki, tick) !== undefined;
    const isReadForAny = (tick: number): boolean =>
      ['enwiki', 'dewiki'].some(each => isLive(tick, each) || readBy(all, each, tick) !== undefined);
    const hour = Math.floor(minute / 60);

    if (all.horizon !== null && first < all.horizon) return 'unread';
    const isGap = (tick: number): boolean =>
      all.gaps.some(({ from, to }) => within(tick, { from, to: Math.max(to, from + 1) }) && !isCovered(tick));
    if (inMinute.some(isGap)) return 'gap';
    if (!inMinute.every(isLooked)) return inMinute.every(isReadForAny) ? 'unread filter' : 'unread';
    if (inMinute.some(tick => isLive(tick, wiki))) return 'pending live';
    if (inMinute.some(tick => readBy(all, wiki, tick) === 'pending')) return 'pending parts';
    if (tickMs(all.now) < TIME + (hour + 1) * HOUR) return 'provisional open';
    const inHour = Array.from({ length: 60 * TICKS_A_MINUTE }, (_, n) => hour * 60 * TICKS_A_MINUTE + n);
    if (!inHour.every(isWhole)) return 'provisional partly';
    const rebuilt = all.hours.find(each => each.hour === hour);
    if (rebuilt === undefined || rebuilt.rebuiltAfter < 0) return 'provisional not_rebuilt';
    return rebuilt.hasAddedSince ? 'provisional added' : 'final rebuilt';
  }

  test('each segment says of its minutes what the oracle says, and they adjoin', () => {
    fc.assert(
      fc.property(scene.map(sceneOf), all => {
        const range = { fromMs: TIME + MINUTE, toMs: TIME + 4 * HOUR + MINUTE };
        const nowMs = tickMs(all.now);
        const segments = segmentsOf('enwiki', knownIn(all), range, nowMs);
        const minutes = segments.flatMap(({ fromMs, toMs, state, reason }) =>
          Array.from({ length: (toMs - fromMs) / MINUTE }, () => {
            const isNamed =
              ['filter', 'live', 'parts'].includes(reason) || ['final', 'provisional'].includes(state);
            return isNamed ? `${state} ${reason}` : state;
          }),
        );
        const expected: string[] = [];
        for (let minute = 1; minute < 4 * 60 + 1 && TIME + minute * MINUTE < nowMs; minute += 1)
          expected.push(oracle(all, 'enwiki', minute));
        expect(minutes).toEqual(expected);
        expect(segments.slice(1).map(({ fromMs }) => fromMs)).toEqual(
          segments.slice(0, -1).map(({ toMs }) => toMs),
        );
        const names = segments.map(({ state, reason }) => `${state} ${reason}`);
        expect(names.filter((name, n) => name === names[n + 1])).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('buckets and completeness follow from the minutes', () => {
    const order = ['unread', 'gap', 'pending', 'provisional', 'final'];
    const step = fc.constantFrom(1, 5, 15, 60);
    fc.assert(
      fc.property(scene.map(sceneOf), step, ticks, (all, minutes, watermark) => {
        const nowMs = tickMs(all.now);
        const range = { fromMs: TIME, toMs: TIME + 5 * HOUR };
        const segments = segmentsOf('enwiki', knownIn(all), range, nowMs);
        const states = segments.flatMap(({ fromMs, toMs, state }) =>
          Array.from({ length: (toMs - fromMs) / MINUTE }, () => state),
        );
        const count = 300 / minutes;
        const worst = Array.from({ length: count }, (_, n) => {
          const inBucket = states.slice(n * minutes, (n + 1) * minutes);
          return order.find(state => inBucket.some(each => each === state));
        });
        expect(bucketStates(segments, { fromMs: TIME, stepMs: minutes * MINUTE, count })).toEqual(worst);

        const isComplete = (minute: number): boolean =>
          states[minute] === 'final' ||
          (states[minute] === 'provisional' && TIME + (minute + 1) * MINUTE <= tickMs(watermark));
        let complete = 0;
        while (complete < states.length && isComplete(complete)) complete += 1;
        expect(completeThrough(segments, tickMs(watermark))).toBe(
          complete === 0 ? undefined : TIME + complete * MINUTE,
        );
      }),
      { numRuns: 200 },
    );
  });
});
