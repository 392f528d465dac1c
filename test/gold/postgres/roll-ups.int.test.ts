/**
 * Sums of hours in Postgres say what the minutes say, whatever happened to the hours: a series by the hour or the day is the
 * same with and without them.
 */
import * as fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readSeries } from '../../../src/api/read-series.ts';
import type { SeriesDeps } from '../../../src/api/read-series.ts';
import { hourPrefix } from '../../../src/contracts/storage/object-keys.ts';
import type { HourCounts, MinuteRow } from '../../../src/core/minute-counts.ts';
import { totalsOfHour } from '../../../src/core/series.ts';
import { bucketsOf } from '../../../src/core/steps.ts';
import { hourOf, isoMs } from '../../../src/core/time.ts';
import type { GoldStore, RebuiltHour } from '../../../src/gold/gold-store.ts';
import { openPostgresGold } from '../../../src/gold/postgres/postgres-gold.ts';
import { lockHour } from '../../../src/gold/postgres/sql/locks.ts';
import { removeRolledBefore, rollUpHour } from '../../../src/gold/postgres/sql/roll-ups.ts';
import { openPostgresSnapshots } from '../../../src/gold/postgres/snapshot.ts';
import type { GoldSnapshots } from '../../../src/gold/snapshot.ts';
import { sumsFindings } from '../../../src/verify/hour-sums.ts';
import { startProcess } from '../../support/processes.ts';
import { untilHolds } from '../../support/until.ts';
import { openWorld } from '../../support/world.ts';
import type { World } from '../../support/world.ts';

const source = { url: 'https://stream.example/recentchange', simulated: true };
const { signal } = new AbortController();
const HOURS = 5;
const SECONDS = 3_600;

let world: World;
let gold: GoldStore;
let other: GoldStore;
let snapshots: GoldSnapshots;
beforeAll(async () => {
  world = await openWorld({ databaseSettings: [`timezone = 'Asia/Kathmandu'`, 'extra_float_digits = -15'] });
  gold = world.gold;
  const dsn = world.env['PG_DSN'] ?? '';
  snapshots = openPostgresSnapshots(dsn);
  other = openPostgresGold({
    dsn,
    maxConnections: 8,
    applicationName: 'other',
    statementTimeoutMs: 30_000,
  });
});
afterAll(async () => {
  await snapshots.close();
  await other.close();
  await world.close();
});

/** First epoch second of hours that no other test uses. */
let start = Date.parse('2026-01-01T05:00:00Z') / 1000;
beforeEach(() => {
  start += 100 * SECONDS;
});

/** What the minutes alone say. */
function withoutSums(): SeriesDeps['gold'] {
  return {
    reads: (from, to) => gold.reads(from, to),
    coverage: from => gold.coverage(from),
    gaps: from => gold.gaps(from),
    rebuilt: (from, to) => gold.rebuilt(from, to),
    keptFrom: () => gold.keptFrom(),
    lastMinute: () => gold.lastMinute(),
    totals: (wiki, from, to, stop) => gold.totals(wiki, from, to, stop),
    hourTotals: async () => [],
  };
}

const keyOf = (hour: string, name: string): string => `${hourPrefix(hour)}part-${name}.ndjson.gz`;

function rebuilt(
  hour: string,
  names: readonly string[],
  rows: readonly MinuteRow[],
  change: Partial<RebuiltHour> = {},
): RebuiltHour {
  const sum = rows.reduce((total, { edits }) => total + edits, 0);
  const counts: HourCounts = { rows, events: sum, edits: sum, distinct: sum, late: 0, unusable: 0 };
  const keys = names.map(name => keyOf(hour, name));
  return { hour, keys, counts, sources: [source], isSealed: true, covered: undefined, ...change };
}

const edit = (hour: string, nth: number, edits: number, wiki = 'enwiki'): MinuteRow => ({
  minute: Date.parse(`${hour}:00:00Z`) / 1000 + nth * 60,
  wiki,
  isBot: false,
  edits,
  bytesChange: -edits,
});

/** The hours of [from, to) whose sums are used, and that they are those of the minutes. */
async function summedUp(wiki: string | undefined, from: number, to: number): Promise<number[]> {
  const hours = await gold.hourTotals(wiki, from, to, signal);
  for (const totals of hours) {
    const minutes = await gold.totals(wiki, totals.hour, totals.hour + SECONDS, signal);
    expect(totals).toEqual(totalsOfHour(totals.hour, minutes));
  }
  return hours.map(({ hour }) => hour);
}

const row = fc.record({
  minute: fc.oneof(fc.constantFrom(0, 29, 30, 59), fc.nat(59)),
  wiki: fc.constantFrom('w1', 'w2', 'W3'),
  isBot: fc.boolean(),
  edits: fc.integer({ min: 1, max: 9 }),
  bytesChange: fc.oneof(fc.integer({ min: -99, max: 99 }), fc.constantFrom(2 ** 31 - 1, -(2 ** 31))),
});
const rows = fc.uniqueArray(row, {
  maxLength: 10,
  selector: ({ minute, wiki, isBot }) => `${minute} ${wiki} ${isBot}`,
});
const NAMES = ['000000000001-a', '000000000002-a', 'api-w1-0000-3600'];
/** Something that happens to one of the hours. */
const step = fc.record({
  nth: fc.nat(HOURS - 1),
  kind: fc.constantFrom('apply', 'rebuild', 'rebuild', 'fill', 'gap', 'read', 'older version', 'background'),
  name: fc.constantFrom(...NAMES),
  rows,
  isSealed: fc.boolean(),
  covered: fc.option(fc.tuple(fc.nat(59), fc.integer({ min: 1, max: 60 })), { nil: undefined }),
});

type Happening = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function take({ nth, kind, name, rows: given, isSealed, covered }: Happening): Promise<void> {
  const second = start + nth * SECONDS;
  const hour = hourOf(second);
  const placed = given.map(each => ({ ...each, minute: second + each.minute * 60 }));
  const [from = 0, length = 60] = covered ?? [];
  switch (kind) {
    case 'apply':
      await gold.apply({ key: keyOf(hour, name), hour, rows: placed, source });
      return;
    case 'rebuild': {
      const range = [(second + from * 60) * 1000, (second + (from + length) * 60) * 1000] as const;
      await gold.replaceHour(
        rebuilt(hour, NAMES, placed, { isSealed, covered: covered === undefined ? undefined : range }),
      );
      return;
    }
    case 'fill':
      await gold.fillHour({
        hour,
        keys: [keyOf(hour, 'api-w1-0000-3600')],
        rows: placed,
        wikis: ['w1', 'w2'],
        areRowsExact: isSealed,
        sources: [source],
      });
      return;
    case 'gap': {
      const at = (minutes: number): string => isoMs((second + minutes * 60) * 1000);
      await gold.recordGap({
        id: `${hour} ${from}`,
        cause: 'offsets',
        from: at(from),
        to: at(from + length),
      });
      return;
    }
    case 'read':
      // From the hour before all of them, up to somewhere.
      await gold.recordReads([
        {
          attempt: `${start}`,
          sequence: nth * 60 + from,
          from: isoMs((start - SECONDS) * 1000),
          to: isoMs((second + (from + length) * 60) * 1000),
          keys: [],
        },
      ]);
      return;
    case 'older version':
      // It replaces the rows of an hour and does not know of sums.
      await world.sql.query(
        `with rebuilt as (update gold.hours set rebuilt_at = clock_timestamp() where hour = to_timestamp($1) returning hour)
         update gold.edits_per_min set edits = edits + 1 from rebuilt
         where ts_minute >= hour and ts_minute < hour + interval '1 hour'`,
        [second],
      );
      return;
    case 'background':
      await gold.rollUp(signal);
  }
}

test('a series is the same with and without them, after rebuilds, late parts, fills and gaps', async () => {
  const seen = { used: 0, unused: 0, states: new Set<string>() };
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 4, maxLength: 14 }),
      fc.nat(90),
      fc.nat(90),
      async (steps, cutStart, cutEnd) => {
        start += 2 * HOURS * SECONDS;
        for (const each of steps) await take(each);
        const nowMs = (start + HOURS * SECONDS - cutEnd * 60) * 1000;
        const deps = { keptWikis: [], latenessMs: 300_000, nowMs, end: nowMs / 1000, stopSignal: signal };
        for (const [name, wikis] of [
          ['1h', ['w1', 'W3']],
          ['1d', ['w2']],
          ['1h', ['all']],
          ['1d', ['all']],
        ] as const) {
          const buckets = bucketsOf(start + cutStart * 60, nowMs / 1000, name);
          const summed = await readSeries(wikis, buckets, { ...deps, gold });
          expect(summed).toEqual(await readSeries(wikis, buckets, { ...deps, gold: withoutSums() }));
          for (const letter of summed.wikis.flatMap(({ state }) => state.split(''))) seen.states.add(letter);
        }
        for (const wiki of ['w1', 'nosuchwiki', undefined]) {
          const range = [start + cutStart * 60, start + HOURS * SECONDS - cutEnd * 60] as const;
          const used = await summedUp(wiki, ...range);
          for (const hour of used) {
            expect(hour).toBeGreaterThanOrEqual(range[0]);
            expect(hour + SECONDS).toBeLessThanOrEqual(range[1]);
          }
          seen.used += used.length;
          seen.unused += HOURS - used.length;
        }
        for (let second = start; second < start + HOURS * SECONDS; second += SECONDS) {
          const hour = hourOf(second);
          const snapshot = await snapshots.hour(hour);
          expect(sumsFindings(hour, snapshot)).toEqual([]);
          expect(snapshot.sums !== undefined).toBe(
            (await summedUp(undefined, second, second + SECONDS)).length > 0,
          );
        }
      },
    ),
    { numRuns: 40 },
  );
  // Otherwise the steps would not show what they are meant to.
  expect(seen.used).toBeGreaterThan(50);
  expect(seen.unused).toBeGreaterThan(50);
  expect([...seen.states]).toEqual(expect.arrayContaining(['u', 'g', 'p']));
}, 240_000);

test.each([
  ['that was rebuilt before', true],
  ['that nobody had counted', false],
])('a part that waits while an hour %s is summed up takes the sums away', async (_, isRebuilt) => {
  const hour = hourOf(start);
  if (isRebuilt) await gold.replaceHour(rebuilt(hour, ['000000000001-a'], [edit(hour, 0, 1)]));
  const holder = new Client({ connectionString: world.env['PG_DSN'] });
  await holder.connect();
  await holder.query('begin');
  await holder.query(lockHour(hour));
  const applied = other.apply({
    key: keyOf(hour, '000000000002-a'),
    hour,
    rows: [edit(hour, 0, 1), edit(hour, 7, 2)],
    source,
  });
  await untilHolds(async () => {
    const { rowCount } = await world.sql.query(
      `select from pg_stat_activity where application_name = 'other' and wait_event_type = 'Lock'`,
    );
    expect(rowCount).toBe(1);
  });
  // As the rebuild that it waits for does.
  await holder.query(rollUpHour(hour));
  await holder.query('commit');
  await holder.end();
  expect(await applied).toBe(true);
  expect(await summedUp(undefined, start, start + SECONDS)).toEqual([]);
  expect(await summedUp('enwiki', start, start + SECONDS)).toEqual([]);
  await gold.replaceHour(
    rebuilt(hour, ['000000000001-a', '000000000002-a'], [edit(hour, 0, 2), edit(hour, 7, 2)]),
  );
  expect(await summedUp('enwiki', start, start + SECONDS)).toEqual([start]);
});

test('many parts of an hour at once, of several processes, do not block each other', async () => {
  const hour = hourOf(start);
  await gold.replaceHour(rebuilt(hour, [], []));
  const parts = Array.from({ length: 40 }, (_, nth) => ({
    key: keyOf(hour, `${String(nth + 1).padStart(12, '0')}-a`),
    hour,
    rows: [edit(hour, nth % 3, 1), edit(hour, 10 + (nth % 5), 1, 'dewiki')],
    // Each is new to gold.
    source: { ...source, url: `https://stream.example/${nth % 4}` },
  }));
  const applied = await Promise.all(parts.map((part, nth) => (nth % 2 === 0 ? gold : other).apply(part)));
  expect(applied).toEqual(parts.map(() => true));
  expect(await summedUp('enwiki', start, start + SECONDS)).toEqual([]);
});

test('hours that an earlier version has counted are summed up in the background, the latest first', async () => {
  await untilHolds(async () => expect(await gold.rollUp(signal)).toBe(0));
  const counted = Array.from({ length: 30 }, (_, nth) => start + nth * SECONDS);
  for (const second of counted) {
    const hour = hourOf(second);
    await gold.replaceHour(rebuilt(hour, ['000000000001-a'], [edit(hour, 59, 3), edit(hour, 30, 1)]));
  }
  const values = [start];
  for (const table of ['rolled_hours', 'rolled_wikis'])
    await world.sql.query(`delete from gold.${table} where hour >= to_timestamp($1)`, values);
  const end = start + 30 * SECONDS;
  expect(await summedUp('enwiki', start, end)).toEqual([]);
  expect(await gold.rollUp(AbortSignal.abort())).toBe(0);
  expect(await summedUp('enwiki', start, end)).toEqual([]);
  const first = await gold.rollUp(signal);
  expect(await summedUp('enwiki', start, end)).toEqual(counted.slice(30 - first));
  while ((await gold.rollUp(signal)) > 0);
  expect(await summedUp('enwiki', start, end)).toEqual(counted);
  // A part without a rebuild: bronze of the hour may be gone.
  const late = hourOf(start);
  await gold.apply({ key: keyOf(late, '000000000009-a'), hour: late, rows: [edit(late, 1, 5)], source });
  expect(await summedUp('enwiki', start, end)).toEqual(counted.slice(1));
  expect(await gold.rollUp(signal)).toBe(1);
  expect(await summedUp('enwiki', start, end)).toEqual(counted);
});

test('a worker does so beside its work', async () => {
  const hour = hourOf(start);
  await gold.replaceHour(rebuilt(hour, ['000000000001-a'], [edit(hour, 5, 2)]));
  await world.sql.query(`delete from gold.rolled_hours where hour = to_timestamp($1)`, [start]);
  const worker = await startProcess(world, 'worker');
  await untilHolds(async () => expect(await summedUp('enwiki', start, start + SECONDS)).toEqual([start]));
  expect(await worker.stop()).toMatchObject({ code: 0 });
}, 120_000);

test('sums of hours whose rows may have been dropped are removed, a few at a time', async () => {
  const hours = [0, 1, 2].map(nth => start + nth * SECONDS);
  for (const second of hours) {
    const hour = hourOf(second);
    await gold.replaceHour(rebuilt(hour, ['000000000001-a'], [edit(hour, 5, 1)]));
  }
  // Of the other tests as well: all that is older.
  const removed: number[] = [];
  do {
    const { rows: answer } = await world.sql.query<{ removed: number }>(
      removeRolledBefore(start + 2 * SECONDS, 2),
    );
    removed.push(answer[0]?.removed ?? 0);
  } while (removed.at(-1) !== 0);
  expect(Math.max(...removed)).toBe(2);
  expect(await summedUp(undefined, hours[0] ?? 0, start + 3 * SECONDS)).toEqual([start + 2 * SECONDS]);
  const { rows: left } = await world.sql.query(
    `select from gold.rolled_wikis where hour < to_timestamp($1) and hour >= to_timestamp($2)`,
    [start + 2 * SECONDS, start],
  );
  expect(left).toEqual([]);
});

test.each([
  ['rolled_wikis', 'human = human + 1'],
  ['rolled_wikis', 'minutes = 1'],
  ['rolled_hours', 'most = most + 1'],
  ['edits_per_min', 'bytes_change = 7'],
])('a change of %s by hand is found: %s', async (table, change) => {
  const hour = hourOf(start);
  await gold.replaceHour(rebuilt(hour, ['000000000001-a'], [edit(hour, 5, 2), edit(hour, 40, 1)]));
  const found = async (): Promise<unknown[]> => sumsFindings(hour, await snapshots.hour(hour));
  expect(await found()).toEqual([]);
  const column = table === 'edits_per_min' ? 'ts_minute' : 'hour';
  const changed = await world.sql.query(
    `update gold.${table} set ${change}
     where ${column} >= to_timestamp($1) and ${column} < to_timestamp($1) + interval '1 hour'`,
    [start],
  );
  expect(changed.rowCount).toBeGreaterThan(0);
  expect(await found()).toMatchObject([{ kind: 'roll_up_differs', subject: hour }]);
  // As the finding advises, where the hour cannot be rebuilt.
  await world.sql.query(`delete from gold.rolled_hours where hour = '${hour}:00Z'`);
  expect(await found()).toEqual([]);
  await gold.rollUp(signal);
  expect(await found()).toEqual([]);
  expect(await summedUp('enwiki', start, start + SECONDS)).toEqual([start]);
});
