/**
 * Gold in TimescaleDB, which compresses old rows and drops older ones: an hour in a compressed chunk is changed like any
 * other, and what was dropped is not mistaken for minutes without edits.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hourPrefix } from '../../../src/contracts/storage/object-keys.ts';
import type { MinuteRow } from '../../../src/core/minute-counts.ts';
import { HOUR_MS, hourOf, isoMs, isoSeconds } from '../../../src/core/time.ts';
import type { GoldStore } from '../../../src/gold/gold-store.ts';
import { migrate } from '../../../src/gold/postgres/migrate.ts';
import { openPostgresGold } from '../../../src/gold/postgres/postgres-gold.ts';
import { openPostgresSnapshots } from '../../../src/gold/postgres/snapshot.ts';
import { setPolicies } from '../../../src/gold/postgres/timescale.ts';
import type { WantedPolicies } from '../../../src/gold/postgres/timescale.ts';
import { rebuildHour } from '../../../src/transform/rebuild-hour.ts';
import { hoursOf } from '../../../src/verify/range.ts';
import { describeVerification, exitCodeOf } from '../../../src/verify/report.ts';
import { verify } from '../../../src/verify/verify.ts';
import { MemoryObjectStore } from '../../support/memory-object-store.ts';
import { commitEdits } from '../../support/parts.ts';
import { STREAM } from '../../support/stream.ts';
import { startTimescale } from '../../support/timescale.ts';
import type { Timescale } from '../../support/timescale.ts';

const DAY = 86_400;
const source = { url: 'https://stream.example/recentchange', simulated: true };
const persistence = () => ({ signal: AbortSignal.timeout(60_000) });
const open = (server: Timescale): GoldStore =>
  openPostgresGold({
    dsn: server.dsn,
    maxConnections: 2,
    applicationName: 'test',
    statementTimeoutMs: 60_000,
  });

let server: Timescale;
let gold: GoldStore;
beforeAll(async () => {
  server = await startTimescale();
  await migrate(server.dsn, persistence());
  gold = open(server);
}, 120_000);
afterAll(async () => {
  await gold.close();
  await server.stop();
});

const set = (wanted: Partial<WantedPolicies>, dsn = server.dsn) =>
  setPolicies(dsn, { compress: undefined, retain: undefined, ...wanted }, persistence());

describe('policies', () => {
  const states = async (wanted: Partial<WantedPolicies>) =>
    (await set(wanted)).map(({ policy, before, after }) => `${policy} ${before} ${after}`);
  const policies = async (): Promise<unknown> =>
    server.sql(`
      select proc_name, config ->> 'compress_after' as compress, config ->> 'drop_after' as drop
      from timescaledb_information.jobs where hypertable_name = 'edits_per_min' order by 1`);

  test('are set, changed one by one, kept when they are set again, and taken back', async () => {
    expect(await states({ compress: 7, retain: 730 })).toEqual([
      'compress undefined 7',
      'retain undefined 730',
    ]);
    const both = [
      { proc_name: 'policy_compression', compress: '7 days', drop: null },
      { proc_name: 'policy_retention', compress: null, drop: '730 days' },
    ];
    expect(await policies()).toEqual(both);
    expect(await states({ compress: 7, retain: 730 })).toEqual(['compress 7 7', 'retain 730 730']);
    expect(await policies()).toEqual(both);
    expect(await states({ compress: 8 })).toEqual(['compress 7 8', 'retain 730 730']);
    expect(await states({ compress: 'off', retain: 'off' })).toEqual([
      'compress 8 undefined',
      'retain 730 undefined',
    ]);
    expect(await policies()).toEqual([]);
    expect(await states({ compress: 'off' })).toEqual([
      'compress undefined undefined',
      'retain undefined undefined',
    ]);
  });

  test('that would drop rows before they are compressed are refused, and nothing is changed', async () => {
    await set({ compress: 30 });
    await expect(set({ retain: 30 })).rejects.toMatchObject({
      code: 'bad_configuration',
      message: expect.stringContaining('dropped after 30 days and compressed after 30') as unknown,
    });
    expect(await policies()).toEqual([{ proc_name: 'policy_compression', compress: '30 days', drop: null }]);
    await set({ compress: 'off' });
  });

  test('need the owner of the table, who is named', async () => {
    await server.sql(`
      create role owner_of_gold; create role writer_of_gold;
      grant usage on schema gold to writer_of_gold;
      alter table gold.edits_per_min owner to owner_of_gold;`);
    const dsn = server.dsn;
    await server.sql('set role writer_of_gold');
    await expect(set({ compress: 7 }, dsn)).rejects.toMatchObject({
      code: 'bad_configuration',
      message: expect.stringContaining(
        'it belongs to owner_of_gold, and role writer_of_gold may not',
      ) as unknown,
      hint: expect.stringContaining('grant owner_of_gold to writer_of_gold') as unknown,
    });
    await server.sql('reset role');
    await server.sql('alter table gold.edits_per_min owner to postgres');
  });

  test('need the extension, and a hypertable: what to do is said', async () => {
    const plain = await startTimescale({ isCreated: false });
    await migrate(plain.dsn, persistence());
    // Nothing to take back.
    await set({ compress: 'off', retain: 'off' }, plain.dsn);
    await expect(set({ compress: 7 }, plain.dsn)).rejects.toMatchObject({
      code: 'bad_configuration',
      message: expect.stringContaining('does not load it') as unknown,
      hint: expect.stringContaining('shared_preload_libraries') as unknown,
    });
    await plain.sql('create extension timescaledb');
    const refused: unknown = await set({ compress: 7 }, plain.dsn).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      message: expect.stringContaining('not a hypertable') as unknown,
      hint: expect.stringMatching(/run: select create_hypertable\(.*\)$/) as unknown,
    });
    // The hint works.
    await plain.sql((refused as { hint: string }).hint.split('run: ')[1] ?? '');
    await set({ compress: 7 }, plain.dsn);
    await plain.stop();
  });
});

describe('an hour in a compressed chunk', () => {
  const HOUR = '2026-01-08T12';
  const START = Date.parse(`${HOUR}:00:00Z`) / 1000;
  const WIKIS = 20;
  const key = (name: string): string => `${hourPrefix(HOUR)}part-${name}.ndjson.gz`;
  const row = (minute: number, wiki: string, edits: number, isBot = false): MinuteRow => ({
    minute: START + minute * 60,
    wiki,
    isBot,
    edits,
    bytesChange: -edits,
  });
  const rows = (): MinuteRow[] =>
    Array.from({ length: WIKIS }, (_, i) => [
      row(0, `w${i}`, 5),
      row(7, `w${i}`, 1),
      row(59, `w${i}`, i + 1, true),
    ]).flat();
  beforeAll(async () => {
    await set({ compress: 7 });
    // Stands for the limit of 100,000 rows, which a day of some hundred wikis exceeds.
    await server.sql('set timescaledb.max_tuples_decompressed_per_dml_transaction = 1000');
  });
  /** Four hours of three weeks, each in a chunk of its own. */
  const reset = async (isCompressed: boolean): Promise<void> => {
    await server.sql(`
      truncate gold.edits_per_min, gold.processed_keys, gold.hours;
      insert into gold.edits_per_min
      select timestamptz '2026-01-08T09:00:00Z' + make_interval(weeks => week, mins => minute), 'w' || wiki, false, 1, 1
      from generate_series(-1, 1) as week, generate_series(0, 239) as minute, generate_series(0, ${WIKIS - 1}) as wiki
      where (week, minute) not in (select 0, minute from generate_series(188, 239) as minute);
      -- The stream was not read in this hour, so a backfill replaces all of it.
      insert into gold.hours (hour, sealed, parts, events, edits, distinct_edits, duplicates, late, unusable, changed_rows, gaps)
      values ('${HOUR}:00:00Z', true, 1, 1, 1, 1, 0, 0, 0, 0, 0)`);
    if (isCompressed)
      await server.sql(`select compress_chunk(chunk) from show_chunks('gold.edits_per_min') as chunk`);
  };
  const content = async (): Promise<unknown> =>
    server.sql(`
      select count(*) as rows, md5(string_agg(concat_ws(' ', ts_minute, wiki, is_bot, edits, bytes_change), ','
        order by ts_minute, wiki, is_bot)) as digest
      from gold.edits_per_min`);
  /** Rows that were decompressed in the chunks of other weeks. */
  const decompressed = async (): Promise<number> => {
    const chunks = await server.sql(`
      select format('%I.%I', chunk_schema, chunk_name) as name from timescaledb_information.chunks
      where hypertable_name = 'edits_per_min' and not (range_start <= '${HOUR}:00:00Z' and range_end > '${HOUR}:00:00Z')`);
    expect(chunks).toHaveLength(2);
    const counts = chunks.map(({ name }) => `(select count(*) from only ${String(name)})`);
    const [sum] = await server.sql(`select ${counts.join(' + ')} as sum`);
    return Number(sum?.['sum']);
  };

  const changes: readonly (readonly [string, () => Promise<unknown>])[] = [
    [
      'is rebuilt',
      () => {
        const counts = { rows: rows(), events: 0, edits: 0, distinct: 0, late: 0, unusable: 0 };
        return gold.replaceHour({
          hour: HOUR,
          keys: [key('1')],
          counts,
          sources: [source],
          isSealed: true,
          covered: undefined,
        });
      },
    ],
    [
      'is filled by a backfill',
      () => {
        const wikis = Array.from({ length: WIKIS }, (_, i) => `w${i}`);
        return gold.fillHour({
          hour: HOUR,
          keys: [key('2')],
          rows: rows(),
          wikis,
          areRowsExact: true,
          sources: [source],
        });
      },
    ],
    ['gets a late part', () => gold.apply({ key: key('3'), hour: HOUR, rows: rows(), source })],
  ];

  test.each(changes)('%s as one that is not compressed', async (_, change) => {
    await reset(false);
    const expected = { outcome: await change(), content: await content() };
    await reset(true);
    expect({ outcome: await change(), content: await content() }).toEqual(expected);
    expect(await decompressed()).toBe(0);
  });
});

describe('rows that a retention policy has dropped', () => {
  const nowMs = Date.now();
  const hourAgo = (days: number): number => Math.floor((nowMs / 1000 - days * DAY) / 3600) * 3600;
  const OLD = hourAgo(40);
  const NEW = hourAgo(1);

  test('are no minutes without edits, for the API and for verify', async () => {
    await server.sql('truncate gold.edits_per_min, gold.processed_keys, gold.hours, gold.gaps');
    const store = new MemoryObjectStore();
    await commitEdits({ store }, [{ timestamp: OLD + 65 }, { timestamp: NEW + 5 }]);
    const deps = { store, gold, definition: STREAM, latenessMs: 0 };
    const host = { signal: new AbortController().signal, onProgress: () => undefined };
    for (const start of [OLD, NEW]) await rebuildHour({ hour: hourOf(start), isSealed: true }, deps, host);
    for (const [id, start] of [
      ['old', OLD],
      ['new', NEW],
    ] as const)
      await gold.recordGap({ id, cause: 'retention', from: isoSeconds(start), to: isoSeconds(start + 60) });
    const verified = async () => {
      const snapshots = openPostgresSnapshots(server.dsn);
      const found = await Promise.all(
        [OLD, NEW].map(async start => {
          const range = hoursOf({ fromMs: start * 1000, toMs: start * 1000 + HOUR_MS });
          const found = await verify(range, {
            store,
            gold: snapshots,
            definition: STREAM,
            nowMs,
            pauseMs: 0,
          });
          return { code: exitCodeOf(found), text: describeVerification(found).join('\n') };
        }),
      );
      await snapshots.close();
      return found;
    };
    expect((await verified()).map(({ code }) => code)).toEqual([0, 0]);

    await set({ retain: 14 });
    await server.sql(`
      do $$ declare job integer; begin
        select job_id into job from timescaledb_information.jobs
        where proc_name = 'policy_retention' and hypertable_name = 'edits_per_min';
        call run_job(job);
      end $$`);
    const [left] = await server.sql('select count(*) as rows from gold.edits_per_min');
    expect(left).toEqual({ rows: 1 });
    const [old, recent] = await verified();
    expect(old).toMatchObject({ code: 0 });
    expect(old?.text).toContain(`${hourOf(OLD)}: older than gold keeps rows`);
    expect(recent).toMatchObject({ code: 0 });
    expect(recent?.text).not.toContain('older than gold keeps');

    const another = open(server);
    expect((await another.gaps(OLD)).map(({ id }) => id)).toEqual(['new']);
    // Even where a rebuild brings some of them back until the policy drops them again.
    await rebuildHour({ hour: hourOf(OLD), isSealed: true }, { ...deps, gold: another }, host);
    expect((await another.edits('enwiki', OLD)).map(({ minute }) => minute)).toEqual([NEW]);
    for (const wiki of ['enwiki', undefined]) {
      const totals = await another.totals(wiki, OLD, NEW + 60, host.signal);
      expect(totals.map(({ minute }) => minute)).toEqual([NEW]);
      const hours = await another.hourTotals(wiki, OLD, NEW + 3600, host.signal);
      expect(hours.map(({ hour }) => hour)).toEqual([NEW]);
    }
    // Sums must not outlive their rows: they would be shown again once the policy is taken back.
    while ((await another.rollUp(host.signal)) > 0);
    const [rolled] = await server.sql(
      `select (select count(*) from gold.rolled_hours where hour < to_timestamp(${OLD + 7200})) as hours,
              (select count(*) from gold.rolled_wikis where hour < to_timestamp(${OLD + 7200})) as wikis`,
    );
    expect(rolled).toEqual({ hours: 0, wikis: 0 });
    // Nor does the coverage of a backfill make them known: it would be as minutes without edits.
    const backfilled = { source: 'api', from: isoMs(OLD * 1000), to: isoMs(NEW * 1000) } as const;
    await another.recordCoverage({ id: 'old', ...backfilled, to: isoMs((OLD + 3600) * 1000) });
    await another.recordCoverage({ id: 'all', ...backfilled, wikis: ['enwiki'] });
    const [range, ...others] = await another.coverage(OLD);
    expect(others).toEqual([]);
    expect(Date.parse(range?.from ?? '') / 1000).toBeGreaterThan(OLD + 20 * DAY);
    expect(range?.to).toBe(backfilled.to);
    await another.close();

    // Without the policy, rows that are missing are missing.
    await server.sql(`delete from gold.edits_per_min where ts_minute < now() - interval '14 days'`);
    await set({ retain: 'off' });
    expect((await verified()).map(({ code }) => code)).toEqual([1, 0]);
  });
});
