/** Time ranges from flags: valid and invalid ones. */
import { describe, expect, test } from 'vitest';
import { readRangeFlags } from '../../src/commands/range-flags.ts';

const NOW = Date.parse('2026-11-20T10:30:00.500Z');
const at = (iso: string): number => Date.parse(iso);

describe('range flags', () => {
  test.each([
    [{}, at('2026-11-19T10:30:00.500Z'), NOW],
    [{ hours: '2' }, at('2026-11-20T08:30:00.500Z'), NOW],
    [{ from: '2026-11-20T10:00:00Z' }, at('2026-11-20T10:00:00Z'), NOW],
    [
      { from: '2026-11-01T00:00:00+01:00', to: '2026-11-02T00:00Z' },
      at('2026-10-31T23:00:00Z'),
      at('2026-11-02'),
    ],
    // A range in the future is empty, but valid.
    [{ from: '2027-01-01T00:00Z', to: '2027-01-02T00:00Z' }, at('2027-01-01'), at('2027-01-02')],
  ])('%j', (flags, fromMs, toMs) => {
    expect(readRangeFlags(flags, 24, NOW)).toEqual({ fromMs, toMs });
  });

  test.each([
    [{ hours: '0' }, '--hours: expected a whole number of hours from 1 to 87600, got "0"'],
    [{ hours: '1.5' }, 'got "1.5". Example: --hours 24'],
    [{ hours: '' }, 'got ""'],
    [{ hours: '1e2' }, 'got "1e2"'],
    [{ hours: '87601' }, 'got "87601"'],
    [{ hours: '5', from: '2026-11-20T10:00:00Z' }, '--hours: expected either --hours, or --from and --to'],
    [{ hours: '5', to: '2026-11-20T10:00:00Z' }, '--hours: expected either'],
    [{ to: '2026-11-20T10:00:00Z' }, '--to: expected --from beside it, got it alone'],
    [{ from: 'yesterday' }, '--from: expected a time in ISO 8601'],
    [{ from: '2026-11-20T10:00:00' }, 'got "2026-11-20T10:00:00". Example: --from 2026-11-19T10:00:00Z'],
    [{ from: '2026-02-30T10:00:00Z' }, '--from: expected a time'],
    [{ from: '2026-11-20T10:00:00Z', to: 'x' }, '--to: expected a time in ISO 8601'],
    [{ from: '2026-11-20T10:00:00Z', to: '2026-11-20T10:00:00Z' }, '--from: expected a time before --to'],
    [{ from: '2026-11-21T10:00:00Z' }, '2026-11-21T10:00:00Z and 2026-11-20T10:30:00.500Z'],
  ])('rejects %j', (flags, message) => {
    expect(() => readRangeFlags(flags, 24, NOW)).toThrow(message);
  });
});
