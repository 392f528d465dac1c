/** The three changes of an hour of gold, and its way into a footer and back. */
import { describe, expect, test } from 'vitest';
import { hourPrefix } from '../../../src/contracts/storage/object-keys.ts';
import type { MinuteRow } from '../../../src/core/minute-counts.ts';
import type { FilledHour, RebuiltHour } from '../../../src/gold/gold-store.ts';
import {
  EMPTY_HOUR,
  footerOf,
  hourOfFile,
  ledgerOf,
  partName,
  withFilled,
  withPart,
  withRebuilt,
} from '../../../src/gold/parquet/hour-state.ts';
import type { GoldHour } from '../../../src/gold/parquet/hour-state.ts';

const HOUR = '2026-11-20T10';
const START_MS = Date.parse(`${HOUR}:00:00Z`);
const END_MS = START_MS + 3_600_000;
const INT32 = { min: -2_147_483_648, max: 2_147_483_647 };
const row = (minute: number, edits: number, rest: Partial<MinuteRow> = {}): MinuteRow => ({
  minute: START_MS / 1000 + minute * 60,
  wiki: 'enwiki',
  isBot: false,
  edits,
  bytesChange: 10 * edits,
  ...rest,
});
const nameOf = (nth: number): string => `part-00000000000${nth}-a1.ndjson.gz`;
const keyOf = (nth: number): string => `${hourPrefix(HOUR)}${nameOf(nth)}`;
const part = (nth: number, ...rows: readonly MinuteRow[]) => ({ key: keyOf(nth), rows });
const hourWith = (rows: readonly MinuteRow[], changes: Partial<GoldHour> = {}): GoldHour => ({
  ...EMPTY_HOUR,
  rows,
  ...changes,
});

describe('a part', () => {
  test('adds its rows to those of the same minute, wiki and bot flag, and leaves the others', () => {
    const current = hourWith([row(0, 1), row(0, 2, { isBot: true }), row(0, 3, { wiki: 'dewiki' })]);
    const added = [row(0, 4), row(1, 5), row(0, 6, { isBot: true })];
    expect(withPart(current, part(1, ...added))).toEqual({
      answer: true,
      next: {
        rows: [row(0, 5), row(0, 8, { isBot: true }), row(0, 3, { wiki: 'dewiki' }), row(1, 5)],
        counted: [],
        added: [nameOf(1)],
      },
    });
  });

  test('adds up its own rows of the same minute', () => {
    expect(withPart(EMPTY_HOUR, part(1, row(0, 1), row(0, 2))).next?.rows).toEqual([row(0, 3)]);
  });

  test.each([
    ['was added before', { added: [nameOf(2), nameOf(1)] }],
    ['was counted by a rebuild', { counted: [nameOf(1)] }],
  ])('that %s changes nothing', (_, ledger) => {
    expect(withPart(hourWith([row(0, 1)], ledger), part(1, row(0, 1)))).toEqual({ answer: false });
  });

  test('keeps the ledger and the audit of the hour', () => {
    const audited = withRebuilt(EMPTY_HOUR, rebuilt([1], [row(0, 1)]), AT).next ?? EMPTY_HOUR;
    const { next } = withPart({ ...audited, added: [nameOf(2)] }, part(3));
    expect(next).toEqual({ ...audited, added: [nameOf(2), nameOf(3)] });
    expect(ledgerOf(next ?? EMPTY_HOUR)).toEqual(new Set([nameOf(1), nameOf(2), nameOf(3)]));
  });

  test('never takes the sum of bytes beyond 32 bits', () => {
    const huge = row(0, 1, { bytesChange: 2 * INT32.max });
    const negative = row(1, 1, { bytesChange: INT32.min });
    const first = withPart(EMPTY_HOUR, part(1, huge, negative)).next ?? EMPTY_HOUR;
    expect(first.rows).toEqual([{ ...huge, bytesChange: INT32.max }, negative]);
    const second = withPart(first, part(2, row(0, 1), negative)).next ?? EMPTY_HOUR;
    expect(second.rows).toEqual([
      row(0, 2, { bytesChange: INT32.max }),
      row(1, 2, { bytesChange: INT32.min }),
    ]);
  });
});

const AT = { gaps: 2, nowMs: 1_000 };
const FILLED = { nowMs: 3_000 };

function rebuilt(nths: readonly number[], rows: readonly MinuteRow[], isSealed = false): RebuiltHour {
  return {
    hour: HOUR,
    keys: nths.map(keyOf),
    counts: { rows, events: 9, edits: 8, distinct: 6, late: 1, unusable: 3 },
    sources: [],
    isSealed,
    covered: [START_MS, END_MS],
  };
}

describe('a rebuild', () => {
  test('replaces rows, ledger and audit, and counts the rows that it added, changed and removed', () => {
    const kept = row(0, 1);
    const current = hourWith([kept, row(1, 1), row(2, 1), row(3, 1, { bytesChange: 5 })], {
      counted: [nameOf(2)],
      added: [nameOf(1)],
    });
    const rows = [kept, row(1, 2), row(3, 1), row(4, 1), row(0, 1, { isBot: true })];
    expect(withRebuilt(current, rebuilt([3, 1, 2], rows), AT)).toEqual({
      answer: { kind: 'replaced', changedRows: 5, gaps: 2 },
      next: {
        rows,
        counted: [nameOf(1), nameOf(2), nameOf(3)],
        added: [],
        audit: {
          isSealed: false,
          parts: 3,
          events: 9,
          edits: 8,
          distinct: 6,
          duplicates: 2,
          late: 1,
          unusable: 3,
          changedRows: 5,
          gaps: 2,
          covered: [START_MS, END_MS],
          rebuiltAtMs: 1_000,
        },
        corrections: [
          {
            nth: 1,
            at: '1970-01-01T00:00:01.000Z',
            kind: 'rebuilt',
            changedRows: 5,
            parts: 0,
            reasons: ['repeated_revisions'],
          },
        ],
      },
    });
  });

  test('that lacks parts of the ledger is stale, and names them by their keys', () => {
    const current = hourWith([row(0, 1)], { counted: [nameOf(1), nameOf(2)], added: [nameOf(3)] });
    expect(withRebuilt(current, rebuilt([2], []), AT)).toEqual({
      answer: { kind: 'stale', uncounted: [keyOf(1), keyOf(3)] },
    });
  });

  test('does not call a row changed that a part would have added, unless the sum is wrong', () => {
    const current = hourWith([row(0, 1), row(1, 1)], { added: [nameOf(1), nameOf(2)] });
    const pending = [2, 3, 4].map(nth => ({ key: keyOf(nth), rows: [row(1, 1), row(nth, 1)] }));
    const rows = [row(0, 1), row(1, 3), row(3, 1), row(4, 2)];
    const { next, answer } = withRebuilt(current, { ...rebuilt([1, 2, 3, 4], rows), pending }, AT);
    // The second part was applied meanwhile. The third and fourth add to minutes 1, 3 and 4.
    expect(answer).toEqual({ kind: 'replaced', changedRows: 1, pendingParts: 2, pendingRows: 3, gaps: 2 });
    expect(next?.rows).toEqual(rows);
    expect(next?.audit).toMatchObject({ changedRows: 1 });
  });

  test('never breaks the seal of an earlier one', () => {
    const sealed = withRebuilt(EMPTY_HOUR, rebuilt([1], [], true), AT).next ?? EMPTY_HOUR;
    expect(sealed.audit?.isSealed).toBe(true);
    const again = withRebuilt(sealed, rebuilt([1, 2], []), AT).next;
    expect(again?.audit).toMatchObject({ isSealed: true, parts: 2 });
  });

  test('of an hour that the stream never reached has no covered range', () => {
    const { next } = withRebuilt(EMPTY_HOUR, { ...rebuilt([1], []), covered: undefined }, AT);
    expect(next?.audit).not.toHaveProperty('covered');
  });

  test('clamps the sum of bytes before it compares', () => {
    const rows = [row(0, 1, { bytesChange: 2 * INT32.max })];
    const first = withRebuilt(EMPTY_HOUR, rebuilt([1], rows), AT).next ?? EMPTY_HOUR;
    expect(first.rows).toEqual([row(0, 1, { bytesChange: INT32.max })]);
    expect(withRebuilt(first, rebuilt([1], rows), AT).answer).toMatchObject({ changedRows: 0 });
  });

  const first = withRebuilt(EMPTY_HOUR, rebuilt([1, 2], [row(0, 1), row(1, 2)]), AT).next ?? EMPTY_HOUR;

  test('that finds what is there writes nothing, at whatever time', () => {
    const again = withRebuilt(first, rebuilt([2, 1], [row(1, 2), row(0, 1)]), { gaps: 2, nowMs: 2_000 });
    expect(again).toEqual({ answer: { kind: 'replaced', changedRows: 0, gaps: 2 } });
  });

  test('that repairs a row is written, although ledger and audit are the same', () => {
    const damaged = { ...first, rows: [row(0, 1), row(1, 3, { bytesChange: 20 })] };
    const { next, answer } = withRebuilt(damaged, rebuilt([1, 2], first.rows), { gaps: 2, nowMs: 2_000 });
    expect(answer).toEqual({ kind: 'replaced', changedRows: 1, gaps: 2 });
    expect(next?.rows).toEqual(first.rows);
    expect(next?.audit).toEqual({ ...first.audit, changedRows: 1, rebuiltAtMs: 2_000 });
  });

  test.each([
    ['its first audit', { ...first, audit: undefined }, rebuilt([1, 2], first.rows), 2],
    ['the seal', first, rebuilt([1, 2], first.rows, true), 2],
    ['another number of gaps', first, rebuilt([1, 2], first.rows), 3],
    ['another part', first, rebuilt([1, 2, 3], first.rows), 2],
    [
      'a part that was added since',
      { ...first, counted: [nameOf(1)], added: [nameOf(2)] },
      rebuilt([1, 2], first.rows),
      2,
    ],
  ])('that changes no row is written for %s', (_, { audit, ...rest }, again, gaps) => {
    const current: GoldHour = audit === undefined ? rest : { ...rest, audit };
    const { next, answer } = withRebuilt(current, again, { gaps, nowMs: 2_000 });
    expect(answer).toEqual({ kind: 'replaced', changedRows: 0, gaps });
    expect(next?.audit).toMatchObject({ changedRows: 0, gaps, rebuiltAtMs: 2_000 });
    expect(next).toMatchObject({ rows: first.rows, added: [] });
  });
});

function filled(nths: readonly number[], rows: readonly MinuteRow[]): FilledHour {
  return { hour: HOUR, keys: nths.map(keyOf), rows, wikis: ['enwiki'], areRowsExact: true, sources: [] };
}

describe('a filling', () => {
  /** The stream was read from minute 10 on. */
  const partly: GoldHour = {
    ...(withRebuilt(
      EMPTY_HOUR,
      { ...rebuilt([1], [row(5, 1), row(10, 1)]), covered: [START_MS + 600_000, END_MS] },
      AT,
    ).next ?? EMPTY_HOUR),
    added: [nameOf(2)],
  };

  test('replaces rows where the stream was not read, and keeps ledger and audit', () => {
    const { answer, next } = withFilled(
      partly,
      filled([1, 2, 3], [row(5, 7), row(6, 1), row(10, 9)]),
      [],
      FILLED,
    );
    expect(answer).toBe(2);
    expect(next).toEqual({
      ...partly,
      rows: [row(10, 1), row(5, 7), row(6, 1)],
      added: [nameOf(2), nameOf(3)],
      corrections: [
        ...(partly.corrections ?? []),
        expect.objectContaining({ nth: 2, at: '1970-01-01T00:00:03.000Z', kind: 'filled', changedRows: 2 }),
      ],
    });
  });

  test('replaces nothing in an hour without audit, except in its gaps', () => {
    const { audit: _, ...unaudited } = partly;
    const gap = [row(5, 0).minute, row(6, 0).minute];
    expect(withFilled(unaudited, filled([3], [row(5, 7), row(10, 9)]), [], FILLED)).toMatchObject({
      answer: 0,
    });
    expect(withFilled(unaudited, filled([3], [row(5, 7), row(10, 9)]), gap, FILLED)).toMatchObject({
      answer: 1,
      next: { rows: [row(10, 1), row(5, 7)] },
    });
  });

  test('replaces everything in an audited hour that the stream never reached', () => {
    const { next = EMPTY_HOUR } = withRebuilt(
      EMPTY_HOUR,
      { ...rebuilt([1], [row(10, 1)]), covered: undefined },
      AT,
    );
    expect(withFilled(next, filled([1], [row(20, 2)]), [], FILLED)).toMatchObject({
      answer: 2,
      next: { rows: [row(20, 2)] },
    });
  });

  test('enters its parts into the ledger even when it changes no row', () => {
    const { answer, next } = withFilled(partly, filled([3], [row(5, 1)]), [], FILLED);
    expect(answer).toBe(0);
    expect(next?.added).toEqual([nameOf(2), nameOf(3)]);
  });

  test('writes nothing when all of it is known', () => {
    expect(withFilled(partly, filled([1, 2], [row(5, 1)]), [], FILLED)).toEqual({ answer: 0 });
  });

  test('clamps the sum of bytes', () => {
    const { next } = withFilled(partly, filled([3], [row(5, 1, { bytesChange: 2 * INT32.min })]), [], FILLED);
    expect(next?.rows).toContainEqual(row(5, 1, { bytesChange: INT32.min }));
  });
});

describe('the footer of an hour', () => {
  test('has a version, and reads back as the hour', () => {
    const { next: hour = EMPTY_HOUR } = withRebuilt(EMPTY_HOUR, rebuilt([1], [row(0, 1)], true), AT);
    const { rows, ...rest } = hour;
    expect(footerOf(HOUR, hour)).toEqual({ version: 1, hour: HOUR, ...rest });
    expect(hourOfFile(JSON.parse(JSON.stringify(footerOf(HOUR, hour))), rows, HOUR)).toEqual(hour);
  });

  test('of an hour without audit has none', () => {
    const hour = hourWith([row(0, 1)], { added: [nameOf(1)] });
    expect(footerOf(HOUR, hour)).toStrictEqual({
      version: 1,
      hour: HOUR,
      counted: [],
      added: [nameOf(1)],
    });
    expect(hourOfFile(footerOf(HOUR, hour), hour.rows, HOUR)).toStrictEqual(hour);
  });

  test.each([undefined, null, 'text', [], {}, { hour: HOUR, counted: ['x'] }])(
    'that is %j is not ours: the rows belong to no part',
    footer => {
      expect(hourOfFile(footer, [row(0, 1)], HOUR)).toEqual({ rows: [row(0, 1)], counted: [], added: [] });
    },
  );
});

test.each([
  ['another hour', 'another hour', { version: 1, hour: '2026-11-20T11', counted: [], added: [] }],
  ['no ledger', 'no ledger', { version: 1, hour: HOUR }],
  ['a ledger of numbers', 'no ledger', { version: 1, hour: HOUR, counted: [7], added: [] }],
])(
  'a footer with %s is damaged: its parts would pass for counted, or be counted twice',
  (_, said, footer) => {
    expect(() => hourOfFile(footer, [], HOUR)).toThrow(said);
  },
);

test('the name of a part in a ledger is the end of its key', () => {
  expect([partName(keyOf(1)), partName('part-x')]).toEqual([nameOf(1), 'part-x']);
});
