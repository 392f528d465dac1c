/** The hours that the command's flags select. */
import { expect, test } from 'vitest';
import { readRangeFlags } from '../../src/commands/range-flags.ts';
import type { RangeFlags } from '../../src/commands/range-flags.ts';
import { endOfHour, hoursOf } from '../../src/verify/range.ts';

const NOW = Date.parse('2026-11-20T10:25:00Z');

test.each<[RangeFlags, first: string, last: string, count: number]>([
  [{}, '2026-11-19T11', '2026-11-20T10', 24],
  [{ hours: '1' }, '2026-11-20T10', '2026-11-20T10', 1],
  [{ from: '2026-11-20T08:59Z' }, '2026-11-20T08', '2026-11-20T10', 3],
  [{ from: '2026-11-20T08:00Z', to: '2026-11-20T09:00:00.000Z' }, '2026-11-20T08', '2026-11-20T08', 1],
  [{ from: '2026-11-20T08:30Z', to: '2026-11-20T09:30+00:00' }, '2026-11-20T08', '2026-11-20T09', 2],
  [{ from: '2026-11-20T08:00+02:00', to: '2026-11-20T07:00Z' }, '2026-11-20T06', '2026-11-20T06', 1],
])('%o', (flags, first, last, count) => {
  const range = hoursOf(readRangeFlags(flags, 24, endOfHour(NOW)));
  expect([range.hours[0], range.hours.at(-1), range.hours.length]).toEqual([first, last, count]);
  expect(range.fromMs).toBe(Date.parse(`${first}:00:00Z`));
  expect(range.toMs).toBe(Date.parse(`${last}:00:00Z`) + 3_600_000);
});
