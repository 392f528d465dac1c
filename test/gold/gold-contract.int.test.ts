/**
 * The contract of gold, for every store: a key counts once (invariant 5), an hour is replaced as a whole or not at all
 * (invariant 6), and results have the order that the port promises. Two stores on one place stand for two processes.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { PostgresBinaries } from '../../dev/stack/postgres-binaries.ts';
import { hourPrefix } from '../../src/contracts/storage/object-keys.ts';
import type { HourCounts, MinuteRow } from '../../src/core/minute-counts.ts';
import { HOUR_MS, hourOf } from '../../src/core/time.ts';
import type { Coverage } from '../../src/core/backfill.ts';
import type { RecordedAnomaly } from '../../src/contracts/storage/recorded-anomaly.ts';
import type { StoredRead } from '../../src/contracts/storage/stored-read.ts';
import type { AnomalyRange } from '../../src/gold/anomalies.ts';
import { withCoverageId } from '../../src/gold/coverage-record.ts';
import type { FilledHour, GoldStore, RebuiltHour, HourContents } from '../../src/gold/gold-store.ts';
import { rowsDigest } from '../../src/gold/hour-evidence.ts';
import { NO_RECORD } from '../../src/gold/hour-record.ts';
import { openGold, openSnapshots } from '../../src/gold/open-gold.ts';
import { expectationOf } from '../api/recorded.ts';
import { findDebianPostgres } from '../support/debian-postgres.ts';
import { goldRows, rowsInPostgres, rowsInS3 } from '../support/exactness.ts';
import { startOwnPostgres } from '../support/own-postgres.ts';
import type { OwnPostgres } from '../support/own-postgres.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World, WorldOptions } from '../support/world.ts';

const source = { url: 'https://stream.example/recentchange', simulated: true };
/** Settings that a database or a role can have; each changes the text of times, floats or bytes. */
const UNUSUAL = [
  `datestyle = 'German, DMY'`,
  `intervalstyle = 'sql_standard'`,
  `timezone = 'Asia/Kathmandu'`,
  'extra_float_digits = -15',
  `bytea_output = 'escape'`,
];
interface Place {
  readonly name: string;
  readonly kinds: NonNullable<WorldOptions['gold']>;
  readonly databaseSettings?: readonly string[];
  readonly isPooled?: boolean;
  /** Another server than that of the stack. */
  readonly server?: PostgresBinaries;
}
const debianPostgres = findDebianPostgres();
const PLACES: readonly Place[] = [
  { name: 'postgres', kinds: 'postgres' },
  { name: 'postgres with unusual settings', kinds: 'postgres', databaseSettings: UNUSUAL },
  { name: 'postgres behind PgBouncer', kinds: 'postgres', isPooled: true },
  ...(debianPostgres === undefined
    ? []
    : [{ name: 'postgres 15', kinds: 'postgres', server: debianPostgres } as const]),
  { name: 's3', kinds: 's3' },
  { name: 'postgres,s3', kinds: 'postgres,s3' },
];
let hours = 0;

/** An hour that no other test uses, with builders for its rows and parts. */
function freshHour() {
  hours += 1;
  const startMs = Date.parse('2026-11-01T00:00:00Z') + hours * HOUR_MS;
  const hour = hourOf(startMs / 1000);
  const at = (minute: number): number => startMs / 1000 + minute * 60;
  const iso = (minute: number): string => new Date(at(minute) * 1000).toISOString().replace('.000', '');
  const row = (minute: number, edits: number, change: Partial<MinuteRow> = {}): MinuteRow => ({
    minute: at(minute),
    wiki: 'enwiki',
    isBot: false,
    edits,
    bytesChange: 0,
    ...change,
  });
  const key = (name = randomBytes(4).toString('hex')): string => `${hourPrefix(hour)}part-${name}.ndjson.gz`;
  const part = (rows: readonly MinuteRow[], name?: string) => ({ key: key(name), hour, rows, source });
  const rebuilt = (
    keys: readonly string[],
    rows: readonly MinuteRow[],
    change: Partial<RebuiltHour> = {},
  ): RebuiltHour => {
    const sum = rows.reduce((total, { edits }) => total + edits, 0);
    const counts: HourCounts = { rows, events: sum, edits: sum, distinct: sum, late: 0, unusable: 0 };
    return { hour, keys, counts, sources: [source], isSealed: true, covered: undefined, ...change };
  };
  const filled = (rows: readonly MinuteRow[], change: Partial<FilledHour> = {}): FilledHour => ({
    hour,
    keys: [key('api-enwiki-0000-6000')],
    rows,
    wikis: ['enwiki'],
    areRowsExact: true,
    sources: [source],
    ...change,
  });
  return { hour, startMs, at, iso, row, key, part, rebuilt, filled, end: at(60) };
}
type FreshHour = ReturnType<typeof freshHour>;

if (debianPostgres === undefined)
  console.log(
    'Gold is not tested on Debian’s Postgres 15, which is not installed: apt-get install postgresql-15',
  );

describe.each(PLACES)('gold in $name', ({ kinds, databaseSettings = [], isPooled = false, server }) => {
  let own: OwnPostgres | undefined;
  /** A world of its own at this place. */
  let openPlace: (options?: WorldOptions) => Promise<World>;
  let world: World;
  let gold: GoldStore;
  /** The same gold, opened by another process. */
  let other: GoldStore;
  beforeAll(async () => {
    own = server === undefined ? undefined : await startOwnPostgres(server);
    const stack = { ...inject('stackEnv'), ...(own !== undefined && { PG_DSN: own.dsn }) };
    openPlace = options => openWorld({ gold: kinds, isPooled, stack, ...options });
    world = await openPlace({ databaseSettings });
    gold = world.gold;
    other = openGold(world.places, world.store, {
      maxConnections: 4,
      applicationName: 'other',
      statementTimeoutMs: 30_000,
    });
  });
  afterAll(async () => {
    await other.close();
    await world.close();
    await own?.stop();
  });

  /** Rows of the hour as text. With two places, checks that both have the same. */
  const rowsOf = async ({ iso }: FreshHour): Promise<string[]> => {
    const range = [iso(0), iso(60)] as const;
    const rows = await goldRows(world, ...range);
    if (kinds === 'postgres,s3') {
      expect(await rowsInS3(world, ...range)).toEqual(rows);
      expect(await rowsInPostgres(world, ...range)).toEqual(rows);
    }
    return rows;
  };

  describe('a part', () => {
    test('counts once when two processes apply it concurrently', async () => {
      const of = freshHour();
      const part = of.part([of.row(0, 1), of.row(0, 4, { isBot: true })]);
      const applied = await Promise.all(
        Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? gold : other).apply(part)),
      );
      expect(applied.filter(Boolean)).toHaveLength(1);
      const minute = { minute: of.at(0), human: 1, bot: 4 };
      expect((await gold.edits('enwiki', of.at(0))).filter(each => each.minute < of.end)).toEqual([minute]);
      expect(await gold.unapplied([part.key, of.key('never')])).toEqual([of.key('never')]);
      expect(await other.unapplied([part.key, of.key('never')])).toEqual([of.key('never')]);
    });

    test('adds up with others that two processes apply concurrently, in any order of rows', async () => {
      const of = freshHour();
      const rows = Array.from({ length: 400 }, (_, i) =>
        of.row(Math.floor(i / 40), 1, { wiki: `w${i % 40}`, bytesChange: -3 }),
      );
      await Promise.all(
        Array.from({ length: 24 }, (_, i) =>
          (i % 3 === 0 ? gold : other).apply(of.part(i % 2 === 0 ? rows : rows.toReversed())),
        ),
      );
      expect(await rowsOf(of)).toEqual(
        rows.map(({ minute, wiki }) => `${of.iso((minute - of.at(0)) / 60)} ${wiki} false 24 -72`).sort(),
      );
    });

    test('without counted events is in the ledger too', async () => {
      const of = freshHour();
      const empty = of.part([]);
      expect(await gold.apply(empty)).toBe(true);
      expect(await gold.apply(empty)).toBe(false);
      expect(await other.unapplied([empty.key])).toEqual([]);
      expect(await rowsOf(of)).toEqual([]);
    });

    test('has its sum of bytes clamped to 32 bits', async () => {
      const of = freshHour();
      const huge = of.row(0, 1, { bytesChange: 2 ** 31 - 1 });
      await gold.apply(of.part([huge]));
      await gold.apply(of.part([huge]));
      await gold.apply(of.part([of.row(1, 1, { bytesChange: -(2 ** 40) })]));
      expect(await rowsOf(of)).toEqual([
        `${of.iso(0)} enwiki false 2 2147483647`,
        `${of.iso(1)} enwiki false 1 -2147483648`,
      ]);
    });
  });

  describe('an hour', () => {
    test('is replaced, with rows added, changed and removed; its neighbours stay the same', async () => {
      const neighbour = freshHour();
      const of = freshHour();
      const { row, key } = of;
      await gold.apply(neighbour.part([neighbour.row(59, 1)]));
      await gold.apply(of.part([row(0, 3), row(1, 5), row(59, 7)], 'a'));
      const wanted = of.rebuilt([key('a')], [row(0, 3), row(1, 6), row(2, 2)]);
      expect(await gold.replaceHour(wanted)).toEqual({ kind: 'replaced', changedRows: 3, gaps: 0 });
      expect(await rowsOf(of)).toEqual(
        [3, 6, 2].map((edits, minute) => `${of.iso(minute)} enwiki false ${edits} 0`),
      );
      expect(await rowsOf(neighbour)).toHaveLength(1);
      expect(await other.replaceHour(wanted)).toMatchObject({ changedRows: 0 });
      expect(await other.unsealed([of.hour, neighbour.hour])).toEqual([neighbour.hour]);
    });

    test('stays the same when a rebuild has not counted every part in its ledger', async () => {
      const of = freshHour();
      await gold.apply(of.part([of.row(0, 10)], 'b'));
      await other.apply(of.part([of.row(0, 1)], 'c'));
      expect(await gold.replaceHour(of.rebuilt([of.key('c')], []))).toEqual({
        kind: 'stale',
        uncounted: [of.key('b')],
      });
      expect(await rowsOf(of)).toEqual([`${of.iso(0)} enwiki false 11 0`]);
    });

    test('has the parts of its rebuild in the ledger: applying one of them again changes nothing', async () => {
      const of = freshHour();
      await gold.replaceHour(of.rebuilt([of.key('a'), of.key('b')], [of.row(0, 20)]));
      expect(await other.apply(of.part([of.row(0, 9)], 'b'))).toBe(false);
      expect(await rowsOf(of)).toEqual([`${of.iso(0)} enwiki false 20 0`]);
    });

    test('adds a part that arrives after its rebuild, until the next rebuild replaces the sum', async () => {
      const of = freshHour();
      await gold.replaceHour(of.rebuilt([of.key('a')], [of.row(0, 20)]));
      expect(await other.apply(of.part([of.row(0, 1)], 'late'))).toBe(true);
      expect(await rowsOf(of)).toEqual([`${of.iso(0)} enwiki false 21 0`]);
      const again = of.rebuilt([of.key('a'), of.key('late')], [of.row(0, 20)], { isSealed: false });
      expect(await gold.replaceHour(again)).toMatchObject({ kind: 'replaced', changedRows: 1 });
      // A rebuild of an open hour does not remove the seal.
      expect(await gold.unsealed([of.hour])).toEqual([]);
    });

    test('has not changed by parts that nobody had applied yet; a row that was wrong has', async () => {
      const of = freshHour();
      const { row, key } = of;
      await gold.apply(of.part([row(0, 3), row(1, 5)], '000000000001-a'));
      const pending = [
        { key: key('000000000002-a'), rows: [row(1, 2, { bytesChange: 7 }), row(2, 1)] },
        { key: key('000000000003-a'), rows: [row(2, 1)] },
      ];
      const keys = [key('000000000001-a'), ...pending.map(part => part.key)];
      const wanted = of.rebuilt(keys, [row(0, 3), row(1, 7, { bytesChange: 7 }), row(2, 2)], { pending });
      const outcome = { kind: 'replaced', changedRows: 0, gaps: 0 };
      expect(await gold.replaceHour(wanted)).toEqual({ ...outcome, pendingParts: 2, pendingRows: 2 });
      expect(await rowsOf(of)).toEqual([
        `${of.iso(0)} enwiki false 3 0`,
        `${of.iso(1)} enwiki false 7 7`,
        `${of.iso(2)} enwiki false 2 0`,
      ]);
      // They are in the ledger now: their rows do not count as missing again.
      expect(await other.replaceHour(wanted)).toEqual(outcome);
      expect(await other.apply({ ...of.part([]), ...pending[1] })).toBe(false);

      // One part arrives at once, one later; a revision of it is a repetition, and minute 0 was wrong.
      const late = [
        { key: key('000000000004-a'), rows: [row(3, 2)] },
        { key: key('000000000005-a'), rows: [row(4, 1), row(5, 1)] },
      ];
      await other.apply({ ...of.part([row(3, 2)]), key: late[0]?.key ?? '' });
      const corrected = [row(0, 2), row(1, 7, { bytesChange: 7 }), row(2, 2), row(3, 2), row(4, 1)];
      const again = of.rebuilt([...keys, ...late.map(part => part.key)], corrected, { pending: late });
      expect(await gold.replaceHour(again)).toEqual({
        ...outcome,
        changedRows: 2,
        pendingParts: 1,
        pendingRows: 2,
      });
      expect(await rowsOf(of)).toHaveLength(5);
    });

    test('loses no part that is applied during its rebuild', async () => {
      const of = freshHour();
      const parts = Array.from({ length: 30 }, (_, i) => of.part([of.row(i, 1)], `p${i}`));
      const applying = Promise.all(parts.map((part, i) => (i % 2 === 0 ? gold : other).apply(part)));
      const rebuild = async (): Promise<void> => {
        const counted = parts.slice(0, 10);
        const rows = counted.flatMap(({ rows }) => rows);
        const outcome = await other.replaceHour(
          of.rebuilt(
            counted.map(({ key }) => key),
            rows,
          ),
        );
        if (outcome.kind === 'replaced') return;
        const others = parts.slice(10).map(({ key }) => key);
        expect(outcome.uncounted.length).toBeGreaterThan(0);
        expect(others).toEqual(expect.arrayContaining([...outcome.uncounted]));
      };
      await Promise.all([applying, rebuild()]);
      expect(await gold.unapplied(parts.map(({ key }) => key))).toEqual([]);
      expect(await rowsOf(of)).toEqual(parts.map((_, i) => `${of.iso(i)} enwiki false 1 0`));
    });
  });

  describe('an hour with incomplete bronze', () => {
    /** The stream was read from minute 10 to 50; these rows were counted. */
    const counted = (of: FreshHour, rows: readonly MinuteRow[], isCovered = true) =>
      gold.replaceHour(
        of.rebuilt([of.key('000000000001-a')], rows, {
          covered: isCovered ? [of.startMs + 600_000, of.startMs + 3_000_000] : undefined,
        }),
      );
    const lines = (of: FreshHour, ...rows: [minute: number, edits: number, isBot?: boolean][]) =>
      rows.map(([minute, edits, isBot = false]) => `${of.iso(minute)} enwiki ${isBot} ${edits} 0`);

    test('is filled in minutes in which the stream was not read; other minutes stay the same', async () => {
      const of = freshHour();
      const { row } = of;
      await counted(of, [row(9, 1), row(10, 2), row(49, 3), row(50, 4)]);
      const fill = of.filled([row(5, 50), row(9, 90), row(10, 99), row(49, 99), row(50, 80)]);
      expect(await gold.fillHour(fill)).toBe(3);
      expect(await rowsOf(of)).toEqual(lines(of, [5, 50], [9, 90], [10, 2], [49, 3], [50, 80]));
      expect(await other.fillHour(fill)).toBe(0);
      expect(await other.unapplied(fill.keys)).toEqual([]);
    });

    test('is filled in the minutes of a gap', async () => {
      const of = freshHour();
      const { row, iso } = of;
      await counted(of, [row(20, 1), row(21, 2), row(23, 3)]);
      await other.recordGap({ id: `gap ${of.hour}`, cause: 'offsets', from: iso(21), to: iso(22) });
      await gold.fillHour(of.filled([row(20, 9), row(21, 9), row(23, 9)]));
      expect(await rowsOf(of)).toEqual(lines(of, [20, 1], [21, 9], [23, 3]));
    });

    test('is filled in the minutes of two gaps that begin together', async () => {
      const of = freshHour();
      const { row, iso } = of;
      await counted(of, [row(20, 1), row(21, 2), row(23, 3), row(26, 4)]);
      const gap = { cause: 'offsets', from: iso(21) } as const;
      await gold.recordGap({ ...gap, id: `short ${of.hour}`, to: iso(22) });
      await gold.recordGap({ ...gap, id: `long ${of.hour}`, to: iso(25) });
      await gold.fillHour(of.filled([row(20, 9), row(21, 9), row(23, 9), row(26, 9)]));
      expect(await rowsOf(of)).toEqual(lines(of, [20, 1], [21, 9], [23, 9], [26, 4]));
    });

    test('is replaced by the backfill when the stream was not read at all', async () => {
      const of = freshHour();
      await counted(of, [of.row(20, 1), of.row(30, 1, { isBot: true })], false);
      await gold.fillHour(of.filled([of.row(20, 5), of.row(31, 5)]));
      expect(await rowsOf(of)).toEqual(lines(of, [20, 5], [31, 5]));
    });

    test('keeps rows of wikis that the backfill did not fetch', async () => {
      const of = freshHour();
      await counted(of, [of.row(5, 1, { wiki: 'dewiki' })]);
      await gold.fillHour(of.filled([of.row(5, 7), of.row(5, 9, { wiki: 'dewiki' })]));
      expect(await rowsOf(of)).toEqual([`${of.iso(5)} dewiki false 1 0`, `${of.iso(5)} enwiki false 7 0`]);
    });

    test('gets back missing rows, but not from a dump, which counts edits differently', async () => {
      const of = freshHour();
      const { row } = of;
      await counted(of, [row(20, 1)]);
      const fetched = [row(20, 9, { isBot: true }), row(21, 2), row(21, 2, { isBot: true })];
      expect(await gold.fillHour(of.filled(fetched, { areRowsExact: false }))).toBe(0);
      expect(await rowsOf(of)).toEqual(lines(of, [20, 1]));
      expect(await gold.fillHour(of.filled(fetched))).toBe(2);
      expect(await rowsOf(of)).toEqual(lines(of, [20, 1], [21, 2], [21, 2, true]));
    });
  });

  test('gaps and coverage are listed once, by start, if they end after the given minute', async () => {
    const of = freshHour();
    const day = { from: '2027-01-01T10:59:00.000Z', to: '2027-01-01T11:30:00.000Z' };
    const gap = { cause: 'retention', topic: 'eqiad.mediawiki.recentchange', missing: 7, ...day } as const;
    for (const store of [gold, other]) await store.recordGap({ id: 'once', ...gap });
    await gold.recordGap({ id: 'later', ...gap, from: '2027-01-01T11:00:00.000Z' });
    const coverage = { source: 'api', wikis: ['enwiki', 'dewiki'], ...day } as const;
    for (const store of [gold, other]) await store.recordCoverage({ id: 'some', ...coverage });
    await gold.recordCoverage({ id: 'all', source: 'stream', ...day, from: '2027-01-01T10:00:00.000Z' });

    const endSec = Date.parse(day.to) / 1000;
    expect(await gold.gaps(endSec)).toEqual([]);
    expect(await gold.gaps(endSec - 60)).toEqual([
      { id: 'once', ...gap },
      { id: 'later', ...gap, from: '2027-01-01T11:00:00.000Z' },
    ]);
    expect(await gold.coverage(endSec)).toEqual([]);
    expect(await gold.coverage(endSec - 60)).toEqual([
      { id: 'all', source: 'stream', ...day, from: '2027-01-01T10:00:00.000Z' },
      { id: 'some', ...coverage },
    ]);
    await untilHolds(async () => expect((await other.gaps(endSec - 60)).length).toBe(2));
    const inHour = { ...of.rebuilt([], []), hour: '2027-01-01T10' };
    expect(await gold.replaceHour(inHour)).toMatchObject({ gaps: 1 });
  });

  describe('an anomaly', () => {
    const START = Date.parse('2027-03-01T10:00:00Z') / 1000;
    const anomalyOf = (id: string, change: Partial<RecordedAnomaly> = {}): RecordedAnomaly => ({
      id,
      wiki: 'enwiki',
      account: 'human',
      from: START,
      to: null,
      noticedAt: START + 300,
      countedTo: START + 300,
      edits: 120,
      expected: 10.1 + 0.2,
      peak: { from: START, to: START + 300, edits: 120, expected: 10.25 },
      lookedAt: START + 300,
      reason: {
        kind: 'news_burst',
        sentence: 'Up to 40 accounts changed “Mond’s Landung 🌙”: probably news.',
      },
      ...change,
    });
    const range = { from: START - 60, to: START + 3_600 };
    const inEachPlace = (asked: AnomalyRange): Promise<RecordedAnomaly[][]> =>
      Promise.all(
        world.places.map(async place => {
          const options = { maxConnections: 1, applicationName: 'a place', statementTimeoutMs: 30_000 };
          const one = openGold([place], world.store, options);
          try {
            return await one.anomalies(asked);
          } finally {
            await one.close();
          }
        }),
      );

    test('is what its latest look says, whichever process recorded it last', async () => {
      const begun = anomalyOf('a');
      await gold.recordAnomalies([begun]);
      expect(await gold.anomalies(range)).toEqual([begun]);
      const ended = anomalyOf('a', {
        to: START + 900,
        countedTo: START + 600,
        edits: 300,
        lookedAt: START + 1_800,
      });
      await other.recordAnomalies([ended]);
      await gold.recordAnomalies([anomalyOf('a', { edits: 200, lookedAt: START + 600 })]);
      await untilHolds(async () => expect(await gold.anomalies(range)).toEqual([ended]));
      expect(await inEachPlace(range)).toEqual(world.places.map(() => [ended]));
    });

    test('is listed by start where it touches the range, of one wiki or of all', async () => {
      const day = 86_400;
      const later = { from: START + 10 * day, to: START + 11 * day };
      const long = anomalyOf('long', { from: later.from - day, to: later.from + 60 });
      const open = anomalyOf('open', { from: later.from + 60, wiki: 'dewiki', account: 'bot' });
      const same = anomalyOf('same', { from: later.from + 60 });
      await gold.recordAnomalies([
        same,
        open,
        long,
        anomalyOf('over', { from: later.from - day, to: later.from }),
        anomalyOf('next', { from: later.to }),
        anomalyOf('forgotten', { from: later.from - 3 * day }),
      ]);
      expect(await gold.anomalies(later)).toEqual([long, open, same]);
      expect(await gold.anomalies({ ...later, wiki: 'dewiki' })).toEqual([open]);
    });

    test('is recorded beside those of another process', async () => {
      const from = START + 20 * 86_400;
      const all = Array.from({ length: 12 }, (_, i) => anomalyOf(`at once ${i}`, { from: from + i }));
      await Promise.all(all.map((anomaly, i) => (i % 2 === 0 ? gold : other).recordAnomalies([anomaly])));
      await untilHolds(async () => expect(await gold.anomalies({ from, to: from + 60 })).toEqual(all));
    });
  });

  describe('the expectation of an hour', () => {
    const START = Date.parse('2027-03-02T10:00:00Z') / 1000;
    const first = expectationOf('2027-03-02T10', { quiet: [] });
    const second = expectationOf('2027-03-02T11', {
      all: { kind: 'not_enough_history', weeks: 2, edits: 7 },
      wikis: 0,
    });

    test('is what was said of it last, whichever process recorded it last', async () => {
      await gold.recordExpectations([second, first]);
      const later = { ...first, judgedAt: first.judgedAt + 60, wikis: 8 };
      await other.recordExpectations([later]);
      await gold.recordExpectations([{ ...first, wikis: 7 }]);
      await untilHolds(async () =>
        expect(await gold.expectations(START, START + 7_200)).toEqual([later, second]),
      );
      expect(await gold.expectations(START + 1, START + 3_601)).toEqual([second]);
      await gold.recordExpectations([]);
    });
  });

  test('coverage that was recorded hour by hour is listed as one range', async () => {
    const at = (hour: number): string => `2027-02-01T${String(hour).padStart(2, '0')}:00:00.000Z`;
    const hour = (from: number): Coverage =>
      withCoverageId({ source: 'dump', wikis: ['enwiki'], from: at(from), to: at(from + 1) });
    for (const from of [10, 12, 11]) await gold.recordCoverage(hour(from));
    const since = Date.parse(at(10)) / 1000;
    const whole = withCoverageId({ source: 'dump', wikis: ['enwiki'], from: at(10), to: at(13) });
    expect(await gold.coverage(since)).toEqual([whole]);
    await gold.recordCoverage(whole);
    expect(await gold.coverage(since)).toEqual([whole]);
  });

  describe('what the log says of how far the stream was read', () => {
    /** Records of an hour of its own, whose range begins `from` minutes after its start and ends with `to`. */
    const readsIn = (of: FreshHour) => {
      const iso = (minute: number): string => new Date(of.startMs + minute * 60_000).toISOString();
      const read = (
        sequence: number,
        [from, to]: readonly [number, number],
        change: Partial<StoredRead> = {},
      ) => ({
        attempt: `a${of.startMs}`,
        sequence,
        from: iso(from),
        to: iso(to),
        keys: [],
        ...change,
      });
      const range = (from: number, to: number) => ({
        fromMs: of.startMs + from * 60_000,
        toMs: of.startMs + to * 60_000,
      });
      return { read, range };
    };
    /** Of this hour only: later hours are other tests'. */
    const knownIn = async (store: GoldStore, of: FreshHour, fromMinute = 0) => {
      const { read, pending } = await store.reads(of.at(fromMinute));
      const inHour = ({ fromMs }: { fromMs: number }): boolean => fromMs < of.startMs + HOUR_MS;
      return { read: read.filter(inHour), pending: pending.filter(inHour) };
    };

    test('is recorded once, whoever records it, and joined', async () => {
      const of = freshHour();
      const { read, range } = readsIn(of);
      const reads = [read(1, [0, 0]), read(2, [0, 5]), read(3, [5, 5.5]), read(5, [20, 30])];
      await Promise.all([gold, other, gold, other].map(store => store.recordReads(reads)));
      await gold.recordReads([]);
      expect(await knownIn(gold, of)).toEqual({ read: [range(0, 5.5), range(20, 30)], pending: [] });
      expect(await knownIn(gold, of, 20)).toEqual({ read: [range(20, 30)], pending: [] });
      expect((await gold.reads(of.at(0), of.at(20))).read).toContainEqual(range(0, 5.5));
      expect((await gold.reads(of.at(0), of.at(20))).read).not.toContainEqual(range(20, 30));
      expect((await gold.reads(of.at(0), of.at(21))).read).toContainEqual(range(20, 30));
      await untilHolds(async () => expect((await knownIn(other, of)).read).toHaveLength(2));
    });

    test('is pending from the first record on whose part gold lacks', async () => {
      const of = freshHour();
      const { read, range } = readsIn(of);
      const [first, second] = [of.part([of.row(1, 1)]), of.part([of.row(6, 1)])];
      await gold.recordReads([
        read(2, [0, 5], { keys: [first.key] }),
        read(3, [5, 10], { keys: [first.key, second.key] }),
        read(4, [10, 15]),
      ]);
      expect(await knownIn(gold, of)).toEqual({ read: [], pending: [range(0, 15)] });
      await gold.apply(first);
      expect(await knownIn(gold, of)).toEqual({ read: [range(0, 5)], pending: [range(5, 15)] });
      await other.apply(second);
      await untilHolds(async () =>
        expect(await knownIn(gold, of)).toEqual({ read: [range(0, 15)], pending: [] }),
      );
    });

    test('is said of the wikis that were kept', async () => {
      const of = freshHour();
      const { read, range } = readsIn(of);
      const wikis = ['dewiki', 'enwiki'];
      await gold.recordReads([
        read(2, [0, 5]),
        read(3, [5, 10], { wikis }),
        read(4, [10, 20], { wikis: [] }),
      ]);
      expect(await knownIn(gold, of)).toEqual({
        read: [range(0, 5), { ...range(5, 10), wikis }],
        pending: [],
      });
    });

    test('ends with the record whose range ends last', async () => {
      const fresh = await openWorld({ gold: kinds, isPooled });
      try {
        expect(await fresh.gold.lastRead()).toBeUndefined();
        expect(await fresh.gold.reads(0)).toEqual({ read: [], pending: [] });
        const { read } = readsIn(freshHour());
        await fresh.gold.recordReads([read(901, [70, 75]), read(7, [80, 85]), read(8, [85, 85])]);
        expect(await fresh.gold.lastRead()).toEqual({ attempt: read(8, [0, 0]).attempt, sequence: 8 });
      } finally {
        await fresh.close();
      }
    });
  });

  test('says of each rebuilt hour when that was, and whether parts were added since', async () => {
    const of = freshHour();
    const rebuiltOf = async (from = of.at(0), to = of.at(60)) => gold.rebuilt(from, to);
    await gold.apply(of.part([of.row(1, 1)], 'a'));
    expect(await rebuiltOf()).toEqual([]);
    const before = Date.now();
    await gold.replaceHour(of.rebuilt([of.key('a')], [of.row(1, 1)]));
    const [rebuilt] = await rebuiltOf();
    expect(rebuilt).toMatchObject({ hourMs: of.startMs, hasAddedSince: false });
    // Both clocks are this machine's.
    expect(rebuilt?.rebuiltAtMs).toBeGreaterThanOrEqual(before - 1);
    expect(rebuilt?.rebuiltAtMs).toBeLessThan(Date.now() + 1_000);
    await gold.apply(of.part([of.row(59, 1)], 'b'));
    expect(await rebuiltOf()).toMatchObject([{ hourMs: of.startMs, hasAddedSince: true }]);
    // An hour belongs to the range that its beginning lies in.
    expect(await rebuiltOf(of.at(1), of.at(60))).toEqual([]);
    expect(await rebuiltOf(of.at(-60), of.at(0))).not.toContainEqual(
      expect.objectContaining({ hourMs: of.startMs }),
    );
    expect(await gold.keptFrom()).toBeUndefined();
  });

  test('has rows, ledger, audit and gaps of an hour in a snapshot', async () => {
    const of = freshHour();
    const before = Date.now();
    const rows = [of.row(0, 3, { bytesChange: -7 }), of.row(59, 2, { isBot: true })];
    await gold.replaceHour(of.rebuilt([of.key('a')], rows));
    await gold.apply(of.part([of.row(59, 1)], 'b'));
    const gap = {
      cause: 'offsets',
      from: '2031-01-01T00:00:00.001Z',
      to: '2031-01-01T00:00:00.002Z',
    } as const;
    await gold.recordGap({ id: `one ${of.hour}`, ...gap, topic: 'eqiad', missing: 2 ** 40 });
    await gold.recordGap({ id: `two ${of.hour}`, ...gap, topic: 'eqiad', missing: 1 });
    const snapshots = openSnapshots(world.places, world.store);
    try {
      const snapshot = await snapshots.hour(of.hour);
      expect(snapshot.rows).toEqual([rows[0], of.row(59, 1), rows[1]]);
      expect(snapshot.ledger).toEqual([
        { key: of.key('a'), isAfter: false },
        { key: of.key('b'), isAfter: true },
      ]);
      expect(snapshot.audit).toMatchObject({ isSealed: true, parts: 1, events: 5, edits: 5, distinct: 5 });
      // Both clocks are this machine's.
      expect(snapshot.audit?.rebuiltAtMs).toBeGreaterThanOrEqual(before - 1);
      expect(snapshot.audit?.rebuiltAtMs).toBeLessThan(Date.now() + 1_000);
      const [fromMs, toMs] = [Date.parse(gap.from), Date.parse(gap.to)];
      expect(await snapshots.missingOffsets(fromMs, toMs)).toEqual(new Map([['eqiad', 2 ** 40 + 1]]));
    } finally {
      await snapshots.close();
    }
  });

  test('has the contents of an hour at one instant, and another version after each change', async () => {
    const of = freshHour();
    expect(await gold.contents(of.hour)).toEqual({ rows: [], keys: [] });
    const seen: string[] = [];
    const changed = async (): Promise<void> => {
      // A listing is some seconds old.
      const [version = ''] = await untilHolds(async () => {
        const versions = await gold.versions([of.hour, '2031-01-01T00']);
        expect(versions).toHaveLength(2);
        expect(seen).not.toContain(versions[0]);
        return versions;
      });
      seen.push(version);
    };
    await changed();
    await other.apply(of.part([of.row(1, 2), of.row(0, 3, { isBot: true })], 'a'));
    await changed();
    const sorted = ({ rows, keys }: HourContents) => ({
      rows: [...rows].sort((a, b) => a.minute - b.minute),
      keys: [...keys].sort(),
    });
    expect(sorted(await gold.contents(of.hour))).toEqual({
      rows: [of.row(0, 3, { isBot: true }), of.row(1, 2)],
      keys: [of.key('a')],
    });
    // Without counted events.
    await other.apply(of.part([], 'b'));
    await changed();
    await other.replaceHour(of.rebuilt([of.key('a'), of.key('b')], [of.row(1, 2)]));
    await changed();
    expect(sorted(await gold.contents(of.hour))).toEqual({
      rows: [of.row(1, 2)],
      keys: [of.key('a'), of.key('b')],
    });
    await other.fillHour(of.filled([of.row(1, 2), of.row(7, 1)]));
    await changed();
    expect(await gold.versions([of.hour])).toEqual(seen.slice(-1));
  });

  test('lists wikis by their latest minute, the newest minute of all, and the sources', async () => {
    const far = Date.parse('2027-03-01T10:00:00Z') / 1000;
    const wikis = ['zuwiki', 'a_wiki', 'aawiki'];
    await gold.apply({
      key: `${hourPrefix('2027-03-01T10')}part-latest.ndjson.gz`,
      hour: '2027-03-01T10',
      rows: wikis.map(wiki => ({ minute: far, wiki, isBot: false, edits: 1, bytesChange: 0 })),
      source: { url: 'https://live.example/recentchange', simulated: false },
    });
    for (const store of [gold, other]) {
      await untilHolds(async () => {
        expect((await store.wikis(2_000)).slice(0, 3)).toEqual(['a_wiki', 'aawiki', 'zuwiki']);
        expect(await store.lastMinute()).toBe(far);
        expect(await store.sources()).toEqual([
          { url: 'https://live.example/recentchange', simulated: false },
          source,
        ]);
      });
      expect(await store.wikis(2)).toEqual(['a_wiki', 'aawiki']);
      const all = await store.wikis(2_000);
      expect(new Set(all).size).toBe(all.length);
      expect(all).toContain('w39');
    }
  });

  test('lists audits of hours, the latest first, without hours that were never rebuilt', async () => {
    const hours = [freshHour(), freshHour(), freshHour(), freshHour()] as const;
    const [first, open, second, last] = hours;
    const at = '2026-11-20T11:05:00.000Z';
    const audit = {
      isSealed: true,
      parts: 1,
      events: 4,
      edits: 4,
      distinct: 3,
      duplicates: 1,
      late: 2,
      unusable: 1,
      changedRows: 1,
      gaps: 0,
    };
    for (const of of [first, second, last]) {
      const { edits, events, distinct, late, unusable } = audit;
      const part = { key: of.key('000000000001-a'), ...source, lines: 5, bytes: 50, sha256: 'ab'.repeat(32) };
      await gold.replaceHour(
        of.rebuilt([part.key], [of.row(0, 3)], {
          counts: { rows: [of.row(0, 3)], events, edits, distinct, late, unusable },
          covered: of === second ? [of.startMs, of.startMs + 60_000] : undefined,
          isSealed: of !== last,
          // An earlier version does not say what it has counted.
          ...(of !== first && { content: { at, parts: [part], offsets: [] } }),
        }),
      );
    }
    await gold.apply(open.part([open.row(0, 1)]));
    const expected = [
      { hour: last.hour, audit: { ...audit, isSealed: false }, rebuiltAt: at, hasDigests: true },
      {
        hour: second.hour,
        audit: { ...audit, covered: [second.startMs, second.startMs + 60_000] },
        rebuiltAt: at,
        hasDigests: true,
      },
      { hour: first.hour, audit, rebuiltAt: expect.any(String), hasDigests: false },
    ].map(each => ({ ...each, audit: { ...each.audit, rebuiltAtMs: expect.any(Number) as number } }));
    for (const store of [gold, other]) {
      await untilHolds(async () => expect(await store.audits(first.at(0), last.end, 9)).toEqual(expected));
      expect(await store.audits(first.at(0), last.at(0), 1)).toEqual(expected.slice(1, 2));
      expect(await store.audits(first.at(1), last.at(1), 9)).toEqual(expected.slice(0, 2));
    }
  });

  test('has of an hour its audit, evidence, corrections and ledger, and what its rows add up to', async () => {
    const of = freshHour();
    const none = freshHour();
    const keys = [
      of.key('000000000001-a'),
      of.key('api-enwiki-0000-6000'),
      of.key('000000000002-a'),
    ] as const;
    const content = {
      at: '2026-11-20T11:05:00.000Z',
      parts: keys.slice(0, 2).map((key, at) => ({
        key,
        ...source,
        lines: at === 0 ? 5 : 0,
        bytes: 50,
        sha256: 'ab'.repeat(32),
      })),
      offsets: [{ topic: 'a topic', partition: 1, first: 3, last: 5_000_000_000, events: 4 }],
    };
    await gold.apply(of.part([of.row(0, 2)], '000000000001-a'));
    await gold.replaceHour(
      of.rebuilt(keys.slice(0, 2), [of.row(0, 2), of.row(1, 3, { bytesChange: -7 })], { content }),
    );
    await gold.apply({ ...of.part([of.row(0, 4, { isBot: true })]), key: keys[2] });
    for (const store of [gold, other]) {
      expect(await store.hourRecord(of.hour)).toEqual({
        kind: 'read',
        audited: expect.objectContaining({
          hour: of.hour,
          rebuiltAt: content.at,
          hasDigests: true,
        }) as object,
        evidence: {
          ...content,
          isSealed: true,
          changedRows: 1,
          rows: rowsDigest([of.row(0, 2), of.row(1, 3, { bytesChange: -7 })]),
        },
        corrections: [
          { nth: 1, at: content.at, kind: 'rebuilt', changedRows: 1, parts: 1, reasons: ['backfill'] },
        ],
        ledger: [
          { key: keys[0], isAfter: false },
          { key: keys[2], isAfter: true },
          { key: keys[1], isAfter: false },
        ],
        sums: { rows: 3, edits: 9, bytesChange: -7 },
      });
      expect(await store.hourRecord(none.hour)).toEqual(NO_RECORD);
      expect(await store.hourRecord('9999-12-31T23')).toEqual(NO_RECORD);
      expect(await store.hourRecord('0000-01-01T00')).toEqual(NO_RECORD);
    }
  });

  test('lists every wiki by name, with its edits within a range and its latest minute', async () => {
    const of = freshHour();
    const next = freshHour();
    const wiki = 'mtwiki';
    await gold.apply(of.part([of.row(58, 1, { wiki }), of.row(59, 2, { wiki })]));
    await other.apply(next.part([next.row(0, 5, { wiki, isBot: true }), next.row(1, 9, { wiki })]));
    for (const store of [gold, other]) {
      await untilHolds(async () => {
        const all = await store.activity(of.at(59), next.at(1));
        expect(all.find(activity => activity.wiki === wiki)).toEqual({
          wiki,
          human: 2,
          bot: 5,
          lastMinute: next.at(1),
        });
      });
      const none = await store.activity(next.at(30), next.at(30));
      expect(none.find(activity => activity.wiki === wiki)).toMatchObject({ human: 0, bot: 0 });
      const names = none.map(activity => activity.wiki);
      expect(names).toEqual([...new Set(names)].sort());
      expect(names).toEqual((await store.wikis(2_000)).sort());
    }
  });

  test('lists minutes of a wiki ascending from a given minute, with humans and bots apart', async () => {
    const of = freshHour();
    const next = freshHour();
    await gold.apply(of.part([of.row(59, 2, { wiki: 'lvwiki' }), of.row(3, 1, { wiki: 'lvwiki' })]));
    await other.apply(next.part([next.row(0, 5, { wiki: 'lvwiki', isBot: true })]));
    const all = [
      { minute: of.at(3), human: 1, bot: 0 },
      { minute: of.at(59), human: 2, bot: 0 },
      { minute: next.at(0), human: 0, bot: 5 },
    ];
    for (const store of [gold, other]) {
      await untilHolds(async () => expect(await store.edits('lvwiki', of.at(3))).toEqual(all));
      expect(await store.edits('lvwiki', of.at(4))).toEqual(all.slice(1));
      expect(await store.edits('nosuchwiki', of.at(0))).toEqual([]);
    }
  });

  test('lists totals of the minutes in a range, of a wiki and of all wikis together', async () => {
    const of = freshHour();
    const next = freshHour();
    const { signal } = new AbortController();
    const far = 2_000_000_000;
    await gold.apply(
      of.part([
        of.row(0, 1, { wiki: 'iswiki', bytesChange: 9 }),
        of.row(5, 2, { wiki: 'iswiki', bytesChange: -far }),
        of.row(5, 3, { wiki: 'iswiki', isBot: true, bytesChange: -far }),
        of.row(5, 4, { wiki: 'fowiki', bytesChange: 7 }),
        of.row(6, 1, { wiki: 'fowiki', isBot: true }),
      ]),
    );
    await other.apply(next.part([next.row(0, 5, { wiki: 'iswiki', isBot: true, bytesChange: 3 })]));
    const one = [
      { minute: of.at(5), human: 2, bot: 3, bytes: -2 * far },
      { minute: next.at(0), human: 0, bot: 5, bytes: 3 },
    ];
    const all = [
      { minute: of.at(5), human: 6, bot: 3, bytes: 7 - 2 * far },
      { minute: of.at(6), human: 0, bot: 1, bytes: 0 },
      { minute: next.at(0), human: 0, bot: 5, bytes: 3 },
    ];
    for (const store of [gold, other]) {
      await untilHolds(async () =>
        expect(await store.totals('iswiki', of.at(1), next.at(1), signal)).toEqual(one),
      );
      expect(await store.totals(undefined, of.at(1), next.at(1), signal)).toEqual(all);
      expect(await store.totals('iswiki', of.at(5), of.at(6), signal)).toEqual(one.slice(0, 1));
      expect(await store.totals('nosuchwiki', of.at(0), next.at(1), signal)).toEqual([]);
      const stopped = AbortSignal.abort();
      const stopping = [
        store.totals('iswiki', of.at(0), next.at(1), stopped),
        store.edits('iswiki', 0, stopped),
      ];
      for (const outcome of await Promise.allSettled(stopping))
        expect(outcome).toEqual({ status: 'rejected', reason: stopped.reason });
    }
  });

  test('finds the last hour of the stream by its parts, not by those of a backfill', async () => {
    const fresh = await openPlace({ databaseSettings });
    try {
      expect(await fresh.gold.lastStreamHour()).toBeUndefined();
      const parts = [
        ['2026-11-20T09', 'part-000000000002-a'],
        ['2026-11-20T10', 'part-000000000001-a'],
        ['2026-11-21T10', 'part-api-1'],
        ['2026-11-22T10', 'part-0123456789abcdef0123456789abcdef'],
      ] as const;
      for (const [hour, name] of parts)
        await fresh.gold.apply({ key: `${hourPrefix(hour)}${name}.ndjson.gz`, hour, rows: [], source });
      expect(await fresh.gold.lastStreamHour()).toBe('2026-11-20T10');
    } finally {
      await fresh.close();
    }
  });

  test.runIf(kinds.startsWith('postgres'))('knows what an older project has left', async () => {
    const fresh = await openPlace();
    try {
      const of = freshHour();
      const nowMs = of.end * 1000;
      const older = () => fresh.gold.olderProject(nowMs);
      expect(await older()).toBeUndefined();
      await fresh.sql.query(
        `insert into gold.edits_per_min values ($1, 'enwiki', false, 1, 1), ('2100-01-01', 'enwiki', false, 1, 1)`,
        [of.iso(7)],
      );
      expect(await older()).toEqual({ lastMinute: of.at(7), quietMs: undefined });
      const ours = of.key('000000000001-a');
      await fresh.sql.query('insert into gold.processed_keys (s3_key) values ($1)', [ours]);
      expect(await older()).toBeUndefined();
      await fresh.sql.query(
        `insert into gold.processed_keys (s3_key, processed_at) values ($1, now() - interval '1 hour'), ($2, null)`,
        [of.key('0'.repeat(32)), of.key('a'.repeat(32))],
      );
      const { lastMinute, quietMs = 0 } = (await older()) ?? {};
      expect(lastMinute).toBe(of.at(7));
      expect(Math.round(quietMs / 60_000)).toBe(60);
    } finally {
      await fresh.close();
    }
  });

  test('keeps rows of an older project before its handover, except in a recount', async () => {
    const fresh = await openPlace();
    try {
      const of = freshHour();
      const foreign = of.key('0123456789abcdef0123456789abcdef');
      const older = { key: foreign, hour: of.hour, rows: [of.row(0, 7), of.row(1, 7)], source };
      await fresh.gold.apply(older);
      await fresh.gold.recordGap({ id: 'h', cause: 'handover', from: of.iso(1), to: of.iso(2) });
      const seen = openGold(fresh.places, fresh.store, {
        maxConnections: 2,
        applicationName: 'seen',
        statementTimeoutMs: 30_000,
      });
      const ours = { ...of.part([of.row(1, 1), of.row(2, 1)]), key: of.key('000000000001-a') };
      expect(await seen.apply(ours)).toBe(true);
      const texts = (...edits: number[]) => edits.map((n, minute) => `${of.iso(minute)} enwiki false ${n} 0`);
      const rowsNow = () => goldRows(fresh, of.iso(0), of.iso(60));
      expect(await rowsNow()).toEqual(texts(7, 7, 1));
      const rebuilt = of.rebuilt([ours.key], [of.row(1, 1), of.row(2, 2)]);
      expect(await seen.replaceHour(rebuilt)).toEqual({ kind: 'stale', uncounted: [foreign] });
      expect(await seen.replaceHour({ ...rebuilt, uncountedForeign: [foreign] })).toMatchObject({
        kind: 'replaced',
        changedRows: 1,
        keptBefore: of.at(2),
      });
      expect(await rowsNow()).toEqual(texts(7, 7, 2));
      const recount = of.rebuilt([ours.key, foreign], [of.row(0, 6), of.row(1, 6), of.row(2, 2)]);
      expect(await seen.replaceHour({ ...recount, recountedTo: of.at(2) })).toEqual({
        kind: 'replaced',
        changedRows: 2,
        gaps: 1,
      });
      expect(await rowsNow()).toEqual(texts(6, 6, 2));
      // A rebuild that does not count those lines keeps what the recount found.
      await seen.replaceHour({ ...rebuilt, uncountedForeign: [foreign] });
      expect(await rowsNow()).toEqual(texts(6, 6, 2));
      // Except where a backfill has loaded a minute.
      const loaded = of.key('api-enwiki-0000-0100');
      const filled = of.rebuilt([ours.key, loaded], [of.row(0, 3), of.row(1, 1), of.row(2, 2)]);
      expect(await seen.replaceHour({ ...filled, uncountedForeign: [foreign] })).toMatchObject({
        changedRows: 1,
        keptBefore: of.at(2),
      });
      expect(await rowsNow()).toEqual(texts(3, 6, 2));
      const partial = { keys: [loaded], rows: [of.row(0, 4), of.row(1, 1), of.row(2, 2)] };
      expect(await seen.fillHour(of.filled(partial.rows, { keys: partial.keys }))).toBe(1);
      expect(await rowsNow()).toEqual(texts(4, 6, 2));
      await seen.close();
    } finally {
      await fresh.close();
    }
  });

  test('responds to a ping, and names its place', async () => {
    await gold.ping();
    expect(gold.kind).toBe(kinds.split(',')[0]);
  });
});
