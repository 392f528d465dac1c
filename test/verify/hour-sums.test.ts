/** What an hour is rolled up to is compared with its rows. */
import { describe, expect, test } from 'vitest';
import type { MinuteRow } from '../../src/core/minute-counts.ts';
import { totalsOfHour } from '../../src/core/series.ts';
import type { HourTotals } from '../../src/core/series.ts';
import type { HourSums } from '../../src/gold/snapshot.ts';
import { sumsFindings } from '../../src/verify/hour-sums.ts';

const HOUR = '2026-11-20T10';
const START = Date.parse(`${HOUR}:00:00Z`) / 1000;

const row = (nth: number, edits: number, change: Partial<MinuteRow> = {}): MinuteRow => ({
  minute: START + nth * 60,
  wiki: 'enwiki',
  isBot: false,
  edits,
  bytesChange: 10 - edits,
  ...change,
});
const rows = [
  row(0, 2),
  row(0, 3, { isBot: true }),
  row(29, 1),
  row(30, 9),
  row(59, 4, { isBot: true }),
  row(30, 1, { wiki: 'dewiki' }),
];
const minute = (human: number, bot: number, bytes: number, nth: number) => ({
  minute: START + nth * 60,
  human,
  bot,
  bytes,
});
const enwiki = totalsOfHour(START, [
  minute(2, 3, 15, 0),
  minute(1, 0, 9, 29),
  minute(9, 0, 1, 30),
  minute(0, 4, 6, 59),
]);
const dewiki = totalsOfHour(START, [minute(1, 0, 9, 30)]);
const all = totalsOfHour(START, [
  minute(2, 3, 15, 0),
  minute(1, 0, 9, 29),
  minute(10, 0, 10, 30),
  minute(0, 4, 6, 59),
]);
const sums = (): HourSums => ({
  all,
  wikis: new Map([
    ['enwiki', enwiki],
    ['dewiki', dewiki],
  ]),
});

test('sums of exactly the rows, and an hour without sums, have no finding', () => {
  expect(sumsFindings(HOUR, { rows, sums: sums() })).toEqual([]);
  expect(sumsFindings(HOUR, { rows: [], sums: { all: totalsOfHour(START, []), wikis: new Map() } })).toEqual(
    [],
  );
  expect(sumsFindings(HOUR, { rows, sums: undefined })).toEqual([]);
});

describe('a difference is named with both sides and what to do', () => {
  const kinds: readonly (keyof HourTotals)[] = ['human', 'bot', 'bytes', 'min', 'max', 'early', 'late'];

  test.each(kinds)('in %s of a wiki', column => {
    const given = sums();
    const changed = new Map([...given.wikis, ['enwiki', { ...enwiki, [column]: enwiki[column] + 1 }]]);
    const [finding, ...others] = sumsFindings(HOUR, { rows, sums: { ...given, wikis: changed } });
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'error',
      check: 'sums',
      kind: 'roll_up_differs',
      subject: HOUR,
    });
    expect(finding?.message).toContain(
      'enwiki: expected 12 human and 7 bot edits, 31 bytes, 1 to 9 a minute',
    );
    expect(finding).toMatchObject({
      advice: expect.stringContaining('npm run transform -- --from 2026-11-20T10'),
    });
  });

  test('of all wikis together, of a wiki without sums, and of sums without a wiki', () => {
    const given = sums();
    const message = (change: Partial<HourSums>): string | undefined =>
      sumsFindings(HOUR, { rows, sums: { ...given, ...change } })[0]?.message;
    expect(message({ all: { ...given.all, max: 9 } })).toContain('all wikis together: expected 13 human');
    expect(message({ wikis: new Map([['dewiki', dewiki]]) })).toContain('found no sums');
    expect(message({ wikis: new Map([...given.wikis, ['frwiki', dewiki]]) })).toContain(
      'frwiki: expected 0 human',
    );
  });
});
