/** What is particular to an hour in Postgres: its lock, and the audit that operators read in SQL. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from 'pg';
import { hourPrefix } from '../../../src/contracts/storage/object-keys.ts';
import type { HourCounts, MinuteRow } from '../../../src/core/minute-counts.ts';
import { KEPT_CORRECTIONS } from '../../../src/gold/hour-evidence.ts';
import { openPostgresGold } from '../../../src/gold/postgres/postgres-gold.ts';
import { openPostgresSnapshots } from '../../../src/gold/postgres/snapshot.ts';
import type { HourSnapshot } from '../../../src/gold/snapshot.ts';
import type { RebuiltHour } from '../../../src/gold/gold-store.ts';
import { untilHolds } from '../../support/until.ts';
import { openWorld } from '../../support/world.ts';
import type { World } from '../../support/world.ts';

const HOUR = '2026-11-20T10';
const START = Date.parse(`${HOUR}:00:00Z`) / 1000;
const source = { url: 'https://stream.example/recentchange', simulated: true };
const row = (edits: number, minute = START): MinuteRow => ({
  minute,
  wiki: 'enwiki',
  isBot: false,
  edits,
  bytesChange: 0,
});
const key = (name: string): string => `${hourPrefix(HOUR)}part-${name}.ndjson.gz`;

function rebuilt(
  keys: readonly string[],
  rows: readonly MinuteRow[],
  change: Partial<RebuiltHour> = {},
): RebuiltHour {
  const sum = rows.reduce((total, { edits }) => total + edits, 0);
  const counts: HourCounts = { rows, events: sum, edits: sum, distinct: sum, late: 0, unusable: 0 };
  return { hour: HOUR, keys, counts, sources: [source], isSealed: true, covered: undefined, ...change };
}

/** As docs/api.md has it. */
function rowsDigestSql(hour: string): string {
  return `
    select encode(sha256(convert_to(coalesce(string_agg(concat_ws(',',
        to_char(ts_minute at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        wiki, is_bot::text, edits, bytes_change) || e'\\n', '' order by ts_minute, wiki collate "C", is_bot), ''), 'UTF8')), 'hex') as sha256
    from gold.edits_per_min
    where ts_minute >= '${hour}:00:00Z' and ts_minute < '${hour}:00:00Z'::timestamptz + interval '1 hour'`;
}

describe('an hour of gold', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    await world.gold.replaceHour(rebuilt(['a', 'b', 'c'].map(key), [row(20)]));
  });
  afterAll(() => world.close());

  test('waits for a part that is being applied, and then finds it uncounted', async () => {
    const slow = openPostgresGold({
      dsn: world.env['PG_DSN'] ?? '',
      maxConnections: 2,
      applicationName: 'slow',
      statementTimeoutMs: 30_000,
    });
    const holder = new Client({ connectionString: world.env['PG_DSN'] });
    await holder.connect();
    // Locks a row of the part, so that applying it stops after it has taken the hour's lock.
    await holder.query('begin');
    await holder.query(`select from gold.edits_per_min where ts_minute = to_timestamp($1) for update`, [
      START,
    ]);
    const applied = slow.apply({ key: key('d'), hour: HOUR, rows: [row(1)], source });
    const untilWaiting = (expected: number) =>
      untilHolds(async () => {
        const { rowCount } = await world.sql.query(
          `select from pg_stat_activity where application_name in ('slow', 'test') and wait_event_type = 'Lock'`,
        );
        expect(rowCount).toBe(expected);
      });
    await untilWaiting(1);
    const outcome = world.gold.replaceHour(rebuilt([key('a'), key('b'), key('c')], [row(20)]));
    await untilWaiting(2);
    await holder.end();
    expect(await applied).toBe(true);
    expect(await outcome).toEqual({ kind: 'stale', uncounted: [key('d')] });
    await slow.close();
  });

  test('stays sealed, and has overlapping gaps in its audit', async () => {
    const { gold, sql } = world;
    const gap = {
      cause: 'retention',
      from: '2026-11-20T10:59:00.000Z',
      to: '2026-11-20T11:30:00.000Z',
    } as const;
    for (const id of ['once', 'once']) await gold.recordGap({ id, ...gap });
    await gold.recordGap({ id: 'elsewhere', ...gap, from: '2026-11-20T11:00:00.000Z' });
    const keys = ['a', 'b', 'c', 'd'].map(key);
    const covered = [START * 1000, START * 1000 + 5_000] as const;
    expect(await gold.replaceHour(rebuilt(keys, [row(21)], { isSealed: false, covered }))).toMatchObject({
      gaps: 1,
    });
    const { rows } = await sql.query('select sealed, parts, gaps, covered_from, covered_to from gold.hours');
    expect(rows).toEqual([
      {
        sealed: true,
        parts: 4,
        gaps: 1,
        covered_from: new Date(covered[0]),
        covered_to: new Date(covered[1]),
      },
    ]);
    expect(await gold.gaps(Date.parse(gap.to) / 1000)).toEqual([]);
    expect((await gold.gaps(Date.parse(gap.to) / 1000 - 1)).map(({ id }) => id)).toEqual([
      'once',
      'elsewhere',
    ]);
  });

  describe('has evidence', () => {
    const OTHER = '2026-11-22T10';
    const start = Date.parse(`${OTHER}:00:00Z`) / 1000;
    const part = `${hourPrefix(OTHER)}part-000000000001-a.ndjson.gz`;
    const content = {
      at: '2026-11-22T11:05:00.000Z',
      parts: [{ key: part, ...source, lines: 3, bytes: 30, sha256: 'ab'.repeat(32) }],
      offsets: [],
    };
    const rebuild = (edits: number, change: Partial<RebuiltHour> = {}) =>
      world.gold.replaceHour(
        rebuilt([part], [row(edits, start)], {
          hour: OTHER,
          counts: { rows: [row(edits, start)], events: 3, edits, distinct: edits, late: 0, unusable: 0 },
          content,
          ...change,
        }),
      );
    const snapshot = async (): Promise<HourSnapshot> => {
      const snapshots = openPostgresSnapshots(world.env['PG_DSN'] ?? '');
      const read = await snapshots.hour(OTHER);
      await snapshots.close();
      return read;
    };

    test('whose digest of the rows SQL can compute', async () => {
      await rebuild(3);
      const { rows } = await world.sql.query<{ sha256: string }>(rowsDigestSql(OTHER));
      expect((await snapshot()).evidence?.rows).toEqual({
        rows: 1,
        edits: 3,
        bytesChange: 0,
        sha256: rows[0]?.sha256,
      });
    });

    test('and its latest corrections, counted from the first', async () => {
      for (let nth = 1; nth <= KEPT_CORRECTIONS + 2; nth += 1) await rebuild(nth % 2);
      const { corrections = [] } = await snapshot();
      expect(corrections).toHaveLength(KEPT_CORRECTIONS);
      expect(corrections.at(-1)).toEqual({
        nth: KEPT_CORRECTIONS + 3,
        at: content.at,
        kind: 'rebuilt',
        changedRows: 1,
        parts: 0,
        reasons: ['rows_differed'],
      });
    });

    test('unless a worker of an earlier version has rebuilt it since', async () => {
      await rebuild(3);
      expect((await snapshot()).evidence).toMatchObject(content);
      await world.sql.query(`update gold.hours set events = 4 where hour = to_timestamp(${start})`);
      expect((await snapshot()).evidence).toBeUndefined();
      const at = '2026-11-22T12:00:00.000Z';
      await rebuild(3, { content: { ...content, at } });
      expect((await snapshot()).evidence).toMatchObject({ at, correctionsSince: at });
    });
  });
});
