/** What records say was read: between two that follow each other, for the wikis that both keep. */
import { describe, expect, test } from 'vitest';
import { readRanges } from '../../../src/core/coverage/read-ranges.ts';
import type { ReadRecord } from '../../../src/core/coverage/read-ranges.ts';

const record = (sequence: number, readToMs?: number, change: Partial<ReadRecord> = {}): ReadRecord => ({
  attempt: 'a',
  sequence,
  isComplete: true,
  ...(readToMs !== undefined && { readToMs }),
  ...change,
});

describe('the stream was read', () => {
  test('from the first record on that says how far, to the last', () => {
    const records = [record(1), record(2, 100), record(3, 200), record(4, 200), record(5, 300)];
    expect(readRanges(records)).toEqual({ read: [{ fromMs: 100, toMs: 300 }], pending: [] });
  });

  test('nowhere without two records that say how far', () => {
    expect(readRanges([])).toEqual({ read: [], pending: [] });
    expect(readRanges([record(1, 100)])).toEqual({ read: [], pending: [] });
    expect(readRanges([record(1), record(2), record(3, 200)])).toEqual({ read: [], pending: [] });
  });

  test('not across a record that says nothing, as one of an earlier version, nor where one is missing', () => {
    expect(readRanges([record(1, 100), record(2), record(3, 300), record(4, 400)]).read).toEqual([
      { fromMs: 300, toMs: 400 },
    ]);
    expect(readRanges([record(1, 100), record(3, 300), record(4, 400)]).read).toEqual([
      { fromMs: 300, toMs: 400 },
    ]);
  });

  test('for the wikis that both records keep', () => {
    const records = [
      record(1, 100),
      record(2, 200, { wikis: ['dewiki', 'enwiki'] }),
      record(3, 300, { wikis: ['enwiki', 'frwiki'] }),
      record(4, 400, { wikis: ['dewiki'] }),
    ];
    expect(readRanges(records).read).toEqual([
      { fromMs: 100, toMs: 200, wikis: ['dewiki', 'enwiki'] },
      { fromMs: 200, toMs: 300, wikis: ['enwiki'] },
    ]);
  });

  test('and is pending from the first record on that gold lacks a part of', () => {
    const records = [record(1, 100), record(2, 200), record(3, 300, { isComplete: false }), record(4, 400)];
    expect(readRanges(records)).toEqual({
      read: [{ fromMs: 100, toMs: 200 }],
      pending: [{ fromMs: 200, toMs: 400 }],
    });
  });

  test('again from the start of another log, which does not wait for the one that was lost', () => {
    const lost = [record(8, 100), record(9, 200, { isComplete: false })];
    const another = [
      record(1, undefined, { attempt: 'b' }),
      record(2, 500, { attempt: 'b' }),
      record(3, 600),
    ];
    expect(readRanges([...lost, ...another])).toEqual({
      read: [{ fromMs: 500, toMs: 600 }],
      pending: [{ fromMs: 100, toMs: 200 }],
    });
  });
});
