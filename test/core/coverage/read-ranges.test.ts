/** What records say was read: between two that follow each other, for the wikis that both keep. */
import { describe, expect, test } from 'vitest';
import { rangeOf, readRanges } from '../../../src/core/coverage/read-ranges.ts';
import type { LoggedRead, ReadRecord } from '../../../src/core/coverage/read-ranges.ts';

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

  test('do not wait for those of a log that was lost', () => {
    const records = [record(8, 0, 100, { isComplete: false }), record(2, 500, 600)];
    expect(readRanges(records)).toEqual({
      read: [{ fromMs: 500, toMs: 600 }],
      pending: [{ fromMs: 0, toMs: 100 }],
    });
  });
});
