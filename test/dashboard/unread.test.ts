/** ⑧ Minutes that nobody read: areas of the chart, and words for them. */
import { describe, expect, test } from 'vitest';
import type { MinuteRow } from '../../src/dashboard/load-minutes.ts';
import type { Standing } from '../../src/dashboard/knowledge.ts';
import type { Reading } from '../../src/dashboard/model.ts';
import { minuteSeries } from '../../src/dashboard/series.ts';
import { soFarText, standingText, unreadSummary } from '../../src/dashboard/standing-text.ts';
import { unreadAreas } from '../../src/dashboard/unread.ts';
import { isoSeconds } from '../../src/core/time.ts';
import { COUNTING, FULL, GAP, NEVER, PENDING, PROVISIONAL, knownFrom } from './known.ts';

const T = Date.UTC(2026, 10, 20, 10, 0) / 1000;
const FILTERED: Standing = { kind: 'unread', why: 'filter' };

function areas(
  through: number,
  counted: readonly number[],
  ...known: readonly (readonly [number, Standing])[]
) {
  const rows: MinuteRow[] = counted.map(at => ({ ts: isoSeconds(T + at * 60), total: 1, human: 1, bot: 0 }));
  return unreadAreas(minuteSeries(rows, knownFrom(T, through + 1, ...known), T, T + through * 60), T);
}

describe('unreadAreas', () => {
  test('join minutes without a count, whatever the reason', () => {
    expect(areas(9, [], [0, NEVER], [3, FILTERED], [5, FULL])).toEqual([
      { kind: 'unread', why: ['never', 'filter'], from: T, to: T + 300 },
    ]);
  });

  test('leave out counted minutes, gaps, and minutes with a count', () => {
    expect(areas(9, [2], [0, NEVER], [4, GAP], [6, PROVISIONAL])).toEqual([
      { kind: 'unread', why: ['never'], from: T, to: T + 120 },
      { kind: 'unread', why: ['never'], from: T + 180, to: T + 240 },
    ]);
  });

  test('have the minutes that are counted and not in gold yet, with or without an edit', () => {
    expect(areas(9, [7, 9], [0, FULL], [6, PENDING], [9, COUNTING])).toEqual([
      { kind: 'pending', why: [], from: T + 360, to: T + 540 },
    ]);
  });

  test('tell what is awaited from what nobody reads any more', () => {
    expect(areas(9, [5], [0, NEVER], [2, FULL], [5, COUNTING])).toEqual([
      { kind: 'unread', why: ['never'], from: T, to: T + 120 },
      { kind: 'awaited', why: [], from: T + 360, to: T + 600 },
    ]);
  });

  test('are few, also where every other minute has a count', () => {
    const counted = Array.from({ length: 5_000 }, (_, at) => at * 2);
    const found = areas(9_999, counted, [0, NEVER]);
    expect(found.length).toBeLessThanOrEqual(200);
    expect(found.at(-1)?.to).toBe(T + 10_000 * 60);
  });
});

describe('in words', () => {
  const reading: Reading = {
    minute: T,
    stepSec: 60,
    known: 0,
    total: undefined,
    human: undefined,
    bot: undefined,
    standing: 'unread',
    why: 'never',
    gap: undefined,
    average: undefined,
    isLastFull: false,
  };

  test.each([
    [{}, 'not read (nobody read the stream then)'],
    [{ total: 3 }, 'only partly read'],
    [{ why: 'retention' }, 'not read (deleted at the end of its retention)'],
    [{ why: 'unknown' }, 'not known'],
    [{ standing: 'counting', why: undefined }, 'not read yet'],
    [{ standing: 'counting', why: undefined, total: 3 }, 'still counting'],
    [{ standing: 'provisional', why: undefined, total: 0 }, 'provisional'],
    [{ standing: 'full', why: undefined, total: 0 }, ''],
  ] as const)('%j is %j', (change, text) => {
    expect(standingText({ ...reading, ...change })).toBe(text);
  });

  test('the current minute says how far it is', () => {
    const growing: Reading = { ...reading, standing: 'counting', total: 22 };
    expect(soFarText(growing, (T + 35) * 1000)).toBe('22 so far, 35 s in');
    expect(soFarText(growing, (T + 200) * 1000)).toBe('22 so far');
  });

  test('areas have their dates and reasons, and many are only counted', () => {
    const area = { kind: 'unread', why: ['never'], from: T - 20 * 3_600, to: T } as const;
    expect(unreadSummary([area, { ...area, kind: 'awaited' }])).toBe(
      'Not read: Thu 19 Nov, 14:00 UTC to Fri 20 Nov, 10:00 UTC (nobody read the stream then).',
    );
    expect(unreadSummary(Array.from({ length: 4 }, () => area))).toBe(
      'Not read: 4 parts between Thu 19 Nov, 14:00 UTC and Fri 20 Nov, 10:00 UTC.',
    );
    expect(unreadSummary([{ ...area, kind: 'awaited' }])).toBeUndefined();
  });
});
