/** Gold in Postgres: a key counts once, whoever applies it and however often (invariant 5); the tables are the contract's. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MinuteRow } from '../../src/core/minute-counts.ts';
import { hourOf } from '../../src/core/time.ts';
import { openPostgresGold } from '../../src/storage/gold-postgres.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const source = { url: 'https://stream.example/recentchange', simulated: true };
const MINUTE = 1_795_000_020;
const HOUR = hourOf(MINUTE);
const row = (change: Partial<MinuteRow>): MinuteRow => ({
  minute: MINUTE,
  wiki: 'enwiki',
  isBot: false,
  edits: 1,
  bytesChange: 10,
  ...change,
});

describe('gold in Postgres', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  test('a part applied many times at once counts once', async () => {
    const part = { key: 'bronze/once', hour: HOUR, rows: [row({}), row({ isBot: true, edits: 4 })], source };
    const applied = await Promise.all(Array.from({ length: 12 }, () => world.gold.apply(part)));
    expect(applied.filter(Boolean)).toHaveLength(1);
    expect(await world.gold.edits('enwiki', MINUTE)).toEqual([{ minute: MINUTE, human: 1, bot: 4 }]);
    expect(await world.gold.unapplied(['bronze/once', 'bronze/never'])).toEqual(['bronze/never']);
  });

  test('overlapping parts add up, in any order, at once, without a deadlock', async () => {
    const rows = Array.from({ length: 400 }, (_, i) =>
      row({ wiki: `w${i % 40}`, minute: MINUTE + Math.floor(i / 40) * 60 }),
    );
    const parts = Array.from({ length: 24 }, (_, i) => ({
      key: `bronze/overlap-${i}`,
      hour: HOUR,
      rows: i % 2 === 0 ? rows : rows.toReversed(),
      source,
    }));
    await Promise.all(parts.map(part => world.gold.apply(part)));
    const { rows: sums } = await world.sql.query<{ edits: number }>(
      `select distinct edits from gold.edits_per_min where wiki like 'w%'`,
    );
    expect(sums).toEqual([{ edits: 24 }]);
  });

  test('a part without counted events is in the ledger too', async () => {
    expect(await world.gold.apply({ key: 'bronze/empty', hour: HOUR, rows: [], source })).toBe(true);
    expect(await world.gold.apply({ key: 'bronze/empty', hour: HOUR, rows: [], source })).toBe(false);
  });

  test('a sum of bytes beyond 32 bits is held at the bound instead of failing the part', async () => {
    const huge = row({ wiki: 'hugewiki', bytesChange: 2 ** 31 - 1 });
    await world.gold.apply({ key: 'bronze/huge-1', hour: HOUR, rows: [huge], source });
    await world.gold.apply({ key: 'bronze/huge-2', hour: HOUR, rows: [huge], source });
    const { rows } = await world.sql.query(
      `select edits, bytes_change from gold.edits_per_min where wiki = 'hugewiki'`,
    );
    expect(rows).toEqual([{ edits: 2, bytes_change: 2 ** 31 - 1 }]);
  });

  test('wikis come by their latest minute, and gold knows its newest minute and its sources', async () => {
    await world.gold.apply({
      key: 'bronze/latest',
      hour: HOUR,
      rows: [
        row({ wiki: 'zuwiki', minute: MINUTE + 86_400 }),
        row({ wiki: 'aawiki', minute: MINUTE + 86_400 }),
      ],
      source,
    });
    expect(await world.gold.wikis(3)).toEqual(['aawiki', 'zuwiki', expect.stringMatching(/^w\d+$/)]);
    expect(await world.gold.wikis(2000)).toHaveLength(44);
    expect(await world.gold.lastMinute()).toBe(MINUTE + 86_400);
    expect(await world.gold.sources()).toEqual([source]);
  });

  test('migrations make themselves, with any number of processes starting at once', async () => {
    const dsn = world.env['PG_DSN'] ?? '';
    await world.sql.query('drop schema gold cascade');
    const signal = AbortSignal.timeout(30_000);
    const applied = await Promise.all(Array.from({ length: 6 }, () => migrate(dsn, { signal })));
    expect(applied.flat()).toEqual(['0001_create-gold', '0002_seal-hours-know-gaps', '0003_know-backfills']);
    const { rows } = await world.sql.query<{ described: string }>(
      `select concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default) as described
       from information_schema.columns where table_schema = 'gold' and table_name in ('edits_per_min', 'processed_keys')
       order by table_name, ordinal_position`,
    );
    expect(rows.map(({ described }) => described)).toEqual([
      'edits_per_min ts_minute timestamp with time zone NO',
      'edits_per_min wiki text NO',
      'edits_per_min is_bot boolean NO',
      'edits_per_min edits integer NO',
      'edits_per_min bytes_change integer NO',
      'processed_keys s3_key text NO',
      'processed_keys processed_at timestamp with time zone YES now()',
    ]);
  });

  test('both forms of PG_DSN lead to the same database; a wrong password says what to check', async () => {
    const url = new URL(world.env['PG_DSN'] ?? '');
    const keywords = `host=${url.hostname} port=${url.port} dbname=${url.pathname.slice(1)} user=${url.username} password='${decodeURIComponent(url.password)}'`;
    const open = (dsn: string) =>
      openPostgresGold({ dsn, maxConnections: 1, applicationName: 'test', statementTimeoutMs: 5_000 });
    const gold = open(keywords);
    await gold.ping();
    await gold.close();
    const elsewhere = open(keywords.replace(/dbname=\S+/, 'dbname=nowhere'));
    await expect(elsewhere.ping()).rejects.toMatchObject({
      code: 'postgres_unavailable',
      hint: expect.stringContaining('PG_DSN'),
    });
    await elsewhere.close();
  });
});
