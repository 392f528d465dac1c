/** Flags of the command: which hours they mean, and what is said of wrong ones. */
import { describe, expect, test } from 'vitest';
import { readRange } from '../../src/verify/range.ts';
import type { RangeFlags } from '../../src/verify/range.ts';

const NOW = Date.parse('2026-11-20T10:25:00Z');

describe('readRange', () => {
  test.each<[RangeFlags, first: string, last: string, count: number]>([
    [{}, '2026-11-19T11', '2026-11-20T10', 24],
    [{ hours: '1' }, '2026-11-20T10', '2026-11-20T10', 1],
    [{ from: '2026-11-20T08:59Z' }, '2026-11-20T08', '2026-11-20T10', 3],
    [{ from: '2026-11-20T08', to: '2026-11-20T09:00:00.000Z' }, '2026-11-20T08', '2026-11-20T08', 1],
    [{ from: '2026-11-19', to: '2026-11-20' }, '2026-11-19T00', '2026-11-19T23', 24],
    [{ from: '2026-11-20T08:30', to: '2026-11-20T09:30+00:00' }, '2026-11-20T08', '2026-11-20T09', 2],
    [{ from: '2026-11-20T08:00+02:00', to: '2026-11-20T07:00Z' }, '2026-11-20T06', '2026-11-20T06', 1],
  ])('%o', (flags, first, last, count) => {
    const range = readRange(flags, NOW);
    if (!('hours' in range)) throw new Error(range.join('\n'));
    expect([range.hours[0], range.hours.at(-1), range.hours.length]).toEqual([first, last, count]);
    expect(range.fromMs).toBe(Date.parse(`${first}:00:00Z`));
    expect(range.toMs).toBe(Date.parse(`${last}:00:00Z`) + 3_600_000);
  });

  test.each<[RangeFlags, ...words: string[]]>([
    [{ hours: '0' }, '--hours: expected a whole number from 1 to 87600, got "0"', 'Example: --hours 24'],
    [{ hours: '1.5' }, 'got "1.5"'],
    [{ hours: '99999' }, 'got "99999"'],
    [{ hours: '3', from: '2026-11-20' }, '--hours alone, or --from with --to, got both'],
    [{ to: '2026-11-20' }, '--to: expected --from with it'],
    [{ from: 'yesterday' }, '--from: expected a time in ISO 8601, got "yesterday"', 'Example: --from'],
    [{ from: '2026-13-01' }, 'got "2026-13-01"'],
    [{ from: '2026-02-30T10:00Z' }, 'got "2026-02-30T10:00Z"'],
    [{ from: '2026-11-20T10:00Z', to: '2026-11-20T10:00Z' }, '--from: expected a time before --to'],
    [{ from: '2026-11-21' }, '--from: expected a time before --to'],
    [{ from: '2001-01-01' }, 'at most 87600 hours'],
  ])('%o is refused', (flags, ...words) => {
    const problems = readRange(flags, NOW);
    if ('hours' in problems) throw new Error('it was taken');
    for (const word of words) expect(problems.join('\n')).toContain(word);
  });
});
