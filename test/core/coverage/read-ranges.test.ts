/** What records say was read: between two that follow each other, for the wikis that both keep. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstReadMs, mergeComplete, rangeOf, readRanges } from '../../../src/core/coverage/read-ranges.ts';
import type { LoggedRead, ReadRange, ReadRecord } from '../../../src/core/coverage/read-ranges.ts';

describe('a record says that the stream was read', () => {
  const logged = (sequence: number, readToMs?: number, wikis?: readonly string[]): LoggedRead => ({
    sequence,
    ...(readToMs !== undefined && { readToMs }),
    ...(wikis !== undefined && { wikis }),
  });

  test('from where the record before it had come', () => {
    expect(rangeOf(logged(1, 100), logged(2, 200))).toEqual({ fromMs: 100, toMs: 200 });
    expect(rangeOf(logged(1, 100), logged(2, 100))).toEqual({ fromMs: 100, toMs: 100 });
  });

  test('nowhere yet, when the record before says nothing, as one of an earlier version, or is missing', () => {
    expect(rangeOf(logged(1), logged(2, 200))).toEqual({ fromMs: 200, toMs: 200 });
    expect(rangeOf(undefined, logged(2, 200))).toEqual({ fromMs: 200, toMs: 200 });
    expect(rangeOf(logged(1, 100), logged(3, 200))).toEqual({ fromMs: 200, toMs: 200 });
  });

  test('nothing, when it does not say how far', () => {
    expect(rangeOf(logged(1, 100), logged(2))).toBeUndefined();
  });

  test('for the wikis that both records keep', () => {
    const range = { fromMs: 100, toMs: 200 };
    expect(rangeOf(logged(1, 100), logged(2, 200, ['a']))).toEqual({ ...range, wikis: ['a'] });
    expect(rangeOf(logged(1, 100, ['a']), logged(2, 200))).toEqual({ ...range, wikis: ['a'] });
    expect(rangeOf(logged(1, 100, ['a', 'b']), logged(2, 200, ['b', 'c']))).toEqual({
      ...range,
      wikis: ['b'],
    });
    expect(rangeOf(logged(1, 100, ['a']), logged(2, 200, ['b']))).toEqual({ ...range, wikis: [] });
  });
});

describe('the records together', () => {
  const record = (
    sequence: number,
    from: number,
    to: number,
    change: Partial<ReadRecord> = {},
  ): ReadRecord => ({
    sequence,
    fromMs: from,
    toMs: to,
    isComplete: true,
    ...change,
  });

  test('join what touches, of the same wikis', () => {
    const wikis = ['a'];
    expect(readRanges([])).toEqual({ read: [], pending: [] });
    expect(
      readRanges([record(1, 100, 100), record(2, 100, 200), record(3, 200, 300), record(5, 400, 500)]),
    ).toEqual({
      read: [
        { fromMs: 100, toMs: 300 },
        { fromMs: 400, toMs: 500 },
      ],
      pending: [],
    });
    expect(
      readRanges([record(1, 100, 200), record(2, 200, 300, { wikis }), record(3, 300, 400, { wikis: [] })]),
    ).toEqual({
      read: [
        { fromMs: 100, toMs: 200 },
        { fromMs: 200, toMs: 300, wikis },
      ],
      pending: [],
    });
  });

  test('are pending from the first one on that gold lacks a part of', () => {
    const records = [record(1, 0, 100), record(2, 100, 200, { isComplete: false }), record(3, 200, 300)];
    expect(readRanges(records)).toEqual({
      read: [{ fromMs: 0, toMs: 100 }],
      pending: [{ fromMs: 100, toMs: 300 }],
    });
  });

  test('wait for an earlier one only in the hours that its part may belong to', () => {
    const HOUR = 3_600_000;
    const records = [
      record(1, 0, 0.5 * HOUR, { isComplete: false }),
      record(2, 0.5 * HOUR, 3 * HOUR),
      record(3, 3 * HOUR, 4 * HOUR, { isComplete: false }),
      record(4, 4 * HOUR, 6 * HOUR),
    ];
    const expected = {
      read: [
        { fromMs: 2 * HOUR, toMs: 3 * HOUR },
        { fromMs: 5 * HOUR, toMs: 6 * HOUR },
      ],
      pending: [
        { fromMs: 0, toMs: 2 * HOUR },
        { fromMs: 3 * HOUR, toMs: 5 * HOUR },
      ],
    };
    expect(readRanges(records)).toEqual(expected);
  });

  test('say the same of an hour whatever else is asked', () => {
    const HOUR = 3_600_000;
    const arbitrary = fc.array(
      fc.record({
        length: fc.nat({ max: 2 * HOUR }),
        isComplete: fc.boolean(),
        step: fc.constantFrom(1, 1, 1, 2, -9),
        wikis: fc.constantFrom(undefined, undefined, ['a']),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(arbitrary, fc.nat({ max: 30 }), (given, hour) => {
        let [sequence, ms] = [10, 0];
        const records = given.map(({ length, step, wikis, ...rest }): ReadRecord => {
          sequence = Math.max(1, sequence + step);
          const fromMs = ms;
          ms += length;
          return { ...rest, sequence, fromMs, toMs: ms, ...(wikis !== undefined && { wikis }) };
        });
        const [startMs, endMs] = [hour * HOUR, (hour + 1) * HOUR];
        const asked = records.filter(({ fromMs, toMs }) => toMs > firstReadMs(startMs) && fromMs < endMs);
        const within = (ranges: readonly ReadRange[]): ReadRange[] =>
          ranges
            .map(range => ({
              ...range,
              fromMs: Math.max(range.fromMs, startMs),
              toMs: Math.min(range.toMs, endMs),
            }))
            .filter(({ fromMs, toMs }) => fromMs < toMs);
        const [all, some] = [readRanges(records), readRanges(asked)];
        expect(within(some.read)).toEqual(within(all.read));
        expect(within(some.pending)).toEqual(within(all.pending));
      }),
      { numRuns: 500 },
    );
  });

  test('say the same where those of which gold has everything, and which follow each other, are one', () => {
    const arbitrary = fc.array(
      fc.record({
        length: fc.nat({ max: 3_600_000 }),
        isComplete: fc.constantFrom(true, true, true, false),
        step: fc.constantFrom(1, 1, 1, 1, 2, -9),
        wikis: fc.constantFrom(undefined, undefined, undefined, ['a'], ['a', 'b'], ['b', 'a']),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(arbitrary, given => {
        let [sequence, ms] = [10, 0];
        const records = given.map(({ length, step, wikis, ...rest }): ReadRecord => {
          sequence = Math.max(1, sequence + step);
          const fromMs = ms;
          ms += length;
          return { ...rest, sequence, fromMs, toMs: ms, ...(wikis !== undefined && { wikis }) };
        });
        const merged: ReadRecord[] = [];
        for (let at = 0; at < records.length;) {
          const end = records.findIndex((each, n) => n >= at && !each.isComplete);
          const until = end === -1 ? records.length : end;
          merged.push(...mergeComplete(records.slice(at, until)), ...records.slice(until, until + 1));
          at = until + 1;
        }
        expect(readRanges(merged)).toEqual(readRanges(records));
      }),
      { numRuns: 500 },
    );
    const [one, ...others] = mergeComplete([record(1, 0, 100), record(2, 100, 100), record(3, 100, 300)]);
    expect([one?.toMs, one?.lastSequence, others]).toEqual([300, 3, []]);
  });

  test('do not wait for those of a log that was lost', () => {
    const records = [record(8, 0, 100, { isComplete: false }), record(2, 500, 600)];
    expect(readRanges(records)).toEqual({
      read: [{ fromMs: 500, toMs: 600 }],
      pending: [{ fromMs: 0, toMs: 100 }],
    });
  });
});
