/** Which rows a backfill may change in an hour whose bronze is incomplete. */
import { describe, expect, test } from 'vitest';
import type { MinuteRow } from '../../src/core/minute-counts.ts';
import { fillRows, planFill } from '../../src/gold/fill-plan.ts';

const HOUR = '2026-11-20T10';
const START_MS = Date.parse(`${HOUR}:00:00Z`);
const at = (minute: number): number => START_MS / 1000 + minute * 60;
const row = (minute: number, edits: number, rest: Partial<MinuteRow> = {}): MinuteRow => ({
  minute: at(minute),
  wiki: 'enwiki',
  isBot: false,
  edits,
  bytesChange: 0,
  ...rest,
});
/** The stream was read from minute 10 to 50, but for a gap in minute 21. */
const READ = {
  isAudited: true,
  readFrom: new Date(START_MS + 600_000),
  readTo: new Date(START_MS + 3_000_000),
  gaps: [at(21), at(22)],
};
const planOf = (rows: readonly MinuteRow[], areRowsExact = true) =>
  planFill({ hour: HOUR, rows, wikis: ['enwiki'], areRowsExact }, READ);

describe('a plan', () => {
  test('replaces where the stream was not read, and adds elsewhere', () => {
    const rows = [row(9, 1), row(10, 1), row(21, 1), row(49, 1), row(50, 1)];
    const plan = planOf(rows);
    expect(plan.replacing).toEqual([rows[0], rows[2], rows[4]]);
    expect(plan.adding).toEqual([rows[1], rows[3]]);
    expect(plan.openMinutes).toHaveLength(10 + 1 + 10);
  });

  test('adds nothing from a source that counts edits differently', () => {
    const plan = planOf([row(9, 1), row(10, 1)], false);
    expect(plan).toMatchObject({ replacing: [row(9, 1)], adding: [] });
  });

  test('ignores rows of wikis that were not fetched', () => {
    const plan = planOf([row(9, 1, { wiki: 'dewiki' }), row(10, 1, { wiki: 'dewiki' })]);
    expect(plan).toMatchObject({ replacing: [], adding: [] });
  });
});

describe('filled rows', () => {
  test('drop what the backfill does not have, but only of its wikis and where the stream was not read', () => {
    const other = row(5, 1, { wiki: 'dewiki' });
    expect(fillRows([row(5, 1), row(10, 2), other], planOf([]))).toEqual([row(10, 2), other]);
  });

  test('are added only to minutes that have no row of the wiki, not even of the other bot flag', () => {
    const plan = planOf([row(20, 9, { isBot: true }), row(23, 2), row(23, 3, { isBot: true })]);
    expect(fillRows([row(20, 1)], plan)).toEqual([row(20, 1), row(23, 2), row(23, 3, { isBot: true })]);
  });

  test('stay the same when they are filled again', () => {
    const plan = planOf([row(5, 1), row(23, 2)]);
    const once = fillRows([row(5, 7), row(10, 3)], plan);
    const sorted = (rows: readonly MinuteRow[]) => [...rows].sort((a, b) => a.minute - b.minute);
    expect(sorted(fillRows(once, plan))).toEqual(sorted(once));
    expect(sorted(once)).toEqual([row(5, 1), row(10, 3), row(23, 2)]);
  });
});
