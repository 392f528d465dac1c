/** Compares the rows that an hour must have with those in gold. */
import { describe, expect, test } from 'vitest';
import type { MinuteRow } from '../../src/core/minute-counts.ts';
import { RowSums, auditFindings, compareRows, rowFinding, splitLedger } from '../../src/verify/hour-rows.ts';

const HOUR = '2026-11-20T23';
const MINUTE = Date.parse('2026-11-20T23:05:00Z') / 1000;
const row = (edits: number, bytesChange = 0, other: Partial<MinuteRow> = {}): MinuteRow => ({
  minute: MINUTE,
  wiki: 'enwiki',
  isBot: false,
  edits,
  bytesChange,
  ...other,
});
const sumsOf = (...rows: readonly MinuteRow[]): RowSums => {
  const sums = new RowSums();
  for (const one of rows) sums.add([one]);
  return sums;
};

describe('compareRows', () => {
  test('adds up several parts into one row', () => {
    expect(compareRows(sumsOf(row(1, 5), row(2, -7)), [row(3, -2)])).toEqual([]);
    expect(compareRows(sumsOf(), [])).toEqual([]);
  });

  test('limits bytes to the range of the column', () => {
    expect(compareRows(sumsOf(row(1, 2 ** 31 - 1), row(1, 9)), [row(2, 2 ** 31 - 1)])).toEqual([]);
    expect(compareRows(sumsOf(row(1, -(2 ** 40))), [row(1, -(2 ** 31))])).toEqual([]);
  });

  test.each<[string, MinuteRow]>([
    ['edits', row(4, 5)],
    ['bytes', row(3, 6)],
  ])('other %s are a difference', (_, found) => {
    expect(compareRows(sumsOf(row(3, 5)), [found])).toEqual([
      {
        tsMinute: '2026-11-20T23:05:00Z',
        wiki: 'enwiki',
        isBot: false,
        expected: { edits: 3, bytesChange: 5 },
        found: { edits: found.edits, bytesChange: found.bytesChange },
      },
    ]);
  });

  test('reports a row with another minute, wiki or bot flag as one superfluous and one missing row, in order', () => {
    for (const other of [{ minute: MINUTE + 60 }, { wiki: 'xwiki' }, { isBot: true }]) {
      const differences = compareRows(sumsOf(row(1)), [row(1, 0, other)]);
      expect(differences.map(({ expected, found }) => [expected?.edits, found?.edits])).toEqual([
        [1, undefined],
        [undefined, 1],
      ]);
    }
  });

  test('names the first five rows and counts the rest', () => {
    const rows = Array.from({ length: 7 }, (_, i) => row(1, 0, { minute: MINUTE + i * 60 }));
    const differences = compareRows(sumsOf(), rows);
    const { message, subject } = rowFinding(HOUR, differences, { editTypes: 'edit', advice: '' });
    expect(subject).toBe(HOUR);
    expect(message).toContain(
      '7 rows differ from bronze: ts_minute 2026-11-20T23:05:00Z, wiki enwiki, is_bot false: expected no row, found 1 edits',
    );
    expect(message).toContain('T23:09:00Z');
    expect(message).not.toContain('T23:10:00Z');
    expect(message).toMatch(/; and 2 more$/);
  });
});

const audit = {
  isSealed: true,
  parts: 2,
  events: 9,
  edits: 6,
  distinct: 5,
  duplicates: 1,
  unusable: 0,
  rebuiltAtMs: 0,
};

test('parts applied since the rebuild are added to it; without a rebuild all parts are added up', () => {
  const ledger = [
    { key: 'a', isAfter: false },
    { key: 'b', isAfter: true },
  ];
  expect(splitLedger({ ledger, audit })).toEqual({ rebuilt: new Set(['a']), added: new Set(['b']) });
  expect(splitLedger({ ledger, audit: undefined })).toEqual({
    rebuilt: new Set(),
    added: new Set(['a', 'b']),
  });
});

describe('auditFindings', () => {
  const recount = {
    parts: 2,
    counts: { events: 9, edits: 6, distinct: 5, unusable: 0 },
    addedEdits: 0,
    rows: [row(5)],
  };

  test('finds nothing if all agree, also with a part added since', () => {
    expect(auditFindings(HOUR, audit, recount, '')).toEqual([]);
    expect(auditFindings(HOUR, audit, { ...recount, addedEdits: 2, rows: [row(7)] }, '')).toEqual([]);
  });

  test.each(['parts', 'events', 'edits', 'distinct', 'duplicates', 'unusable'] as const)('finds %s', name => {
    const findings = auditFindings(HOUR, { ...audit, [name]: 77 }, recount, 'advice');
    expect(findings).toHaveLength(1);
    expect(findings[0]?.message).toContain(`${name} should be ${audit[name]} but is 77`);
  });

  test('finds rows with another sum', () => {
    const [finding] = auditFindings(HOUR, audit, { ...recount, addedEdits: 1, rows: [row(5)] }, '');
    expect(finding?.message).toContain('its rows add up to 5 edits, but the audit has 5, with 1 added since');
  });
});
