/** Compares the ledger of an hour with the hour's parts in bronze. */
import { describe, expect, test } from 'vitest';
import { hourPrefix, streamPartKey } from '../../src/contracts/storage/object-keys.ts';
import {
  lostFindings,
  olderFindings,
  olderRowsEnd,
  startOf,
  waitingFindings,
  withUncounted,
} from '../../src/verify/hour-ledger.ts';
import type { HourPart } from '../../src/verify/hour-ledger.ts';

const HOUR = '2026-11-20T10';
const START = Date.parse('2026-11-20T10:00:00Z');
const NOW = START + 2 * 3_600_000;
const WEEK_LATER = NOW + 7 * 86_400_000;
const REBUILT = START + 3_700_000;
const A = streamPartKey(HOUR, 7, 'a');
const B = streamPartKey(HOUR, 8, 'a');
const BACKFILL = `${hourPrefix(HOUR)}part-api-enwiki.ndjson.gz`;

const part = (key: string, atMs?: number): HourPart => ({
  key,
  named:
    atMs === undefined
      ? undefined
      : {
          sequence: 7,
          attempt: 'a',
          atMs,
          entry: {
            key,
            hour: HOUR,
            events: 1,
            edits: 1,
            bytes: 1,
            storedBytes: 1,
            firstAt: 1,
            lastAt: 1,
            sent: [],
          },
        },
});
const audit = (parts: number, isSealed = true) => ({
  isSealed,
  parts,
  events: 1,
  edits: 1,
  distinct: 1,
  duplicates: 0,
  unusable: 0,
  rebuiltAtMs: REBUILT,
});
const inLedger = (...keys: readonly string[]) => keys.map(key => ({ key, isAfter: false }));

describe('a part that gold has counted but no record names', () => {
  const lost = (listed: readonly string[], keys: readonly string[], oldest: number, nowMs = NOW) =>
    lostFindings(HOUR, keys, new Set(listed), { oldest, nowMs }).map(({ severity, message }) => [
      severity,
      message,
    ]);

  test('is an error while its record should be kept', () => {
    expect(lost([], [A], 1)).toEqual([['error', expect.stringContaining('nor in the bucket')]]);
    expect(lost([A], [A], 1)).toEqual([['error', expect.stringContaining('no record names it')]]);
  });

  test('has expired with its hour, or apart from others of it', () => {
    expect(lost([], [A, B], 9)).toEqual([['note', `${HOUR}: bronze has expired; not compared`]]);
    expect(lost([B], [A], 8)).toEqual([
      ['note', expect.stringContaining('1 of its parts, or their records, have expired')],
    ]);
  });

  test('is an error if its object exists and is too young for an expired record', () => {
    expect(lost([A], [A], 9)).toEqual([['error', expect.stringContaining('no record names it')]]);
    expect(lost([A], [A], 9, WEEK_LATER)).toEqual([['note', expect.stringContaining('have expired')]]);
  });

  test('of a backfill expires by age alone', () => {
    expect(lost([], [BACKFILL], 9)).toEqual([['error', expect.stringContaining(BACKFILL)]]);
    expect(lost([], [BACKFILL], 9, WEEK_LATER)).toEqual([['note', expect.stringContaining('expired')]]);
  });
});

describe('a part that gold has not counted', () => {
  const waiting = (one: HourPart, hour: ReturnType<typeof audit> | undefined, nowMs = NOW) =>
    waitingFindings(HOUR, [one], new Set([one.key]), { rows: [], ledger: [], audit: hour }, nowMs).map(
      ({ severity, kind }) => `${severity} ${kind}`,
    );

  test('is waiting if its hour was never rebuilt, for six hours', () => {
    const sixHours = 6 * 3_600_000;
    expect(waiting(part(A, REBUILT), undefined, REBUILT + sixHours)).toEqual(['note part_waits']);
    expect(waiting(part(A, REBUILT), undefined, REBUILT + sixHours + 1)).toEqual(['error part_not_counted']);
    expect(waiting(part(A, REBUILT), undefined, WEEK_LATER)).toEqual(['error part_not_counted']);
  });

  test('is missing from a later rebuild, sealed or not', () => {
    for (const isSealed of [true, false])
      expect(waiting(part(A, REBUILT - 1), audit(1, isSealed))).toEqual(['error part_not_counted']);
  });

  test('that arrived late for a sealed hour is fine for a while', () => {
    const late = part(A, NOW - 60_000);
    expect(waiting(late, audit(1))).toEqual(['note part_waits']);
    expect(waiting(late, audit(1), NOW + 3_600_000)).toEqual(['error part_not_counted']);
    expect(waiting(late, audit(1, false), NOW + 3_600_000)).toEqual(['note part_waits']);
    expect(waiting(late, audit(1, false), NOW + 7 * 3_600_000)).toEqual(['error part_not_counted']);
  });

  test('of a backfill waits for its rebuild', () => {
    expect(waiting(part(BACKFILL), audit(1))).toEqual(['note part_waits']);
    expect(waiting({ ...part(BACKFILL), storedMs: NOW - 3_600_000 }, audit(1))).toEqual(['note part_waits']);
  });

  test('of a backfill that was terminated is missing, whether its hour was rebuilt or not', () => {
    const old = { ...part(BACKFILL), storedMs: NOW - 7 * 3_600_000 };
    expect(waiting(old, audit(1))).toEqual(['error part_not_counted']);
    expect(waiting(old, undefined)).toEqual(['error part_not_counted']);
  });

  test('is not a finding if it is newer than the snapshot; nor is a counted part', () => {
    const snapshot = { rows: [], audit: audit(1) };
    const look = (known: readonly string[], ledger: readonly string[]) =>
      waitingFindings(
        HOUR,
        [part(A, REBUILT - 1)],
        new Set(known),
        { ...snapshot, ledger: inLedger(...ledger) },
        NOW,
      );
    expect(look([], [])).toEqual([]);
    expect(look([A], [A])).toEqual([]);
    expect(look([A], [])).toHaveLength(1);
  });
});

describe('a part whose ledger key is missing', () => {
  const split = { rebuilt: new Set([A]), added: new Set<string>() };
  const counted = (parts: number, atMs: number, known: readonly string[] = [A, B]) => {
    const snapshot = { rows: [], ledger: inLedger(A), audit: audit(parts) };
    const all = [part(A, REBUILT - 9), part(B, atMs)];
    return [...withUncounted(split, all, new Set(known), snapshot).rebuilt];
  };

  test('is in the rows if a later rebuild counted as many parts', () => {
    expect(counted(2, REBUILT - 1)).toEqual([A, B]);
  });

  test('is not in the rows if the rebuild counted fewer or came before it, or if the part is new', () => {
    expect(counted(1, REBUILT - 1)).toEqual([A]);
    expect(counted(2, REBUILT + 1)).toEqual([A]);
    expect(counted(2, REBUILT - 1, [A])).toEqual([A]);
  });

  test('is not assumed to be in the rows without a rebuild', () => {
    const snapshot = { rows: [], ledger: inLedger(A), audit: undefined };
    expect(withUncounted(split, [part(B, 0)], new Set([B]), snapshot)).toBe(split);
  });
});

describe('rows of an older project', () => {
  const foreign = { key: `${hourPrefix(HOUR)}part-${'0'.repeat(32)}.ndjson.gz`, isAfter: false };
  const start = startOf(HOUR);
  const endOf = (snapshot: Partial<Parameters<typeof olderRowsEnd>[1]>): number =>
    olderRowsEnd(HOUR, { rows: [], ledger: [], audit: undefined, ...snapshot }) - start;

  test('end where it handed over, or with the hour if nobody knows', () => {
    expect(endOf({})).toBe(0);
    expect(endOf({ handoverEnd: start - 60 })).toBe(0);
    expect(endOf({ handoverEnd: start + 300 })).toBe(300);
    expect(endOf({ handoverEnd: start + 9_999 })).toBe(3_600);
    expect(endOf({ ledger: [foreign] })).toBe(3_600);
    expect(endOf({ ledger: [foreign], handoverEnd: start + 300 })).toBe(300);
    expect(endOf({ audit: { ...audit(0), keptBefore: start + 60 } })).toBe(60);
  });

  test('are noted, not compared', () => {
    expect(olderFindings(HOUR, start, [])).toEqual([]);
    expect(olderFindings(HOUR, start + 300, [foreign])).toMatchObject([
      { severity: 'note', message: expect.stringContaining('1 of its parts') },
    ]);
  });
});
