/** Which minutes of an hour a backfill may still fill when the hour's bronze is gone. */
import { describe, expect, test } from 'vitest';
import { openMinutes } from '../../src/core/open-minutes.ts';

const HOUR = '2026-11-20T10';
const START = Date.parse('2026-11-20T10:00:00Z');
const at = (minute: number): Date => new Date(START + minute * 60_000);
const edge = (minute: number): number => START / 1000 + minute * 60;
/** The open minutes, numbered within the hour. */
const open = (reading: Parameters<typeof openMinutes>[1]): number[] =>
  openMinutes(HOUR, reading).map(second => (second - START / 1000) / 60);
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe('open minutes', () => {
  test.each([
    [
      'are none in an hour that was read completely',
      { isAudited: true, readFrom: at(0), readTo: at(60) },
      [],
    ],
    ['are none in an hour without an audit', { isAudited: false }, []],
    [
      'are all minutes of an audited hour that was not read from the stream',
      { isAudited: true },
      range(0, 60),
    ],
    [
      'are those before reading started and after it ended, including partly read ones',
      { isAudited: true, readFrom: at(2.5), readTo: at(57.5) },
      [0, 1, 2, 57, 58, 59],
    ],
  ])('%s', (_, reading, minutes) => {
    expect(open({ ...reading, gaps: [] })).toEqual(minutes);
  });

  test('are those that a gap touches, with or without an audit', () => {
    const gaps = [edge(5.5), edge(7), edge(-30), edge(1)];
    expect(open({ isAudited: false, gaps })).toEqual([0, 5, 6]);
    expect(open({ isAudited: true, readFrom: at(0), readTo: at(60), gaps })).toEqual([0, 5, 6]);
  });

  test('do not include a minute that starts where a gap ends', () => {
    expect(open({ isAudited: false, gaps: [edge(5), edge(6)] })).toEqual([5]);
  });
});

test('minutes between two gaps are not open', () => {
  const gaps = [edge(5), edge(6), edge(20), edge(21)];
  expect(open({ isAudited: false, gaps })).toEqual([5, 20]);
});
