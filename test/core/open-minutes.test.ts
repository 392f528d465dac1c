/** Which minutes of an hour a backfill may still fill when the hour's bronze is gone. */
import { describe, expect, test } from 'vitest';
import { openMinutes } from '../../src/core/open-minutes.ts';

const HOUR = '2026-11-20T10';
const START = Date.parse('2026-11-20T10:00:00Z');
const at = (minute: number): Date => new Date(START + minute * 60_000);
const edge = (minute: number): number => START / 1000 + minute * 60;
/** As minutes of the hour. */
const open = (stretch: Parameters<typeof openMinutes>[1]): number[] =>
  openMinutes(HOUR, stretch).map(second => (second - START / 1000) / 60);
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe('minutes that are open', () => {
  test.each([
    ['none of an hour that was read whole', { isAudited: true, readFrom: at(0), readTo: at(60) }, []],
    ['none of an hour that nobody audited', { isAudited: false }, []],
    ['all of an audited hour without the stream', { isAudited: true }, range(0, 60)],
    [
      'before reading began and after it ended, the broken minutes too',
      { isAudited: true, readFrom: at(2.5), readTo: at(57.5) },
      [0, 1, 2, 57, 58, 59],
    ],
  ])('%s', (_, stretch, minutes) => {
    expect(open({ ...stretch, gaps: [] })).toEqual(minutes);
  });

  test('those that a gap touches, whatever the audit says', () => {
    const gaps = [edge(5.5), edge(7), edge(-30), edge(1)];
    expect(open({ isAudited: false, gaps })).toEqual([0, 5, 6]);
    expect(open({ isAudited: true, readFrom: at(0), readTo: at(60), gaps })).toEqual([0, 5, 6]);
  });

  test('a gap that ends where a minute begins does not touch it', () => {
    expect(open({ isAudited: false, gaps: [edge(5), edge(6)] })).toEqual([5]);
  });
});
