/** What is particular to gold in Postgres: its tables, which outside readers rely on, and the forms of PG_DSN. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPostgresGold } from '../../../src/gold/postgres/postgres-gold.ts';
import { migrate } from '../../../src/gold/postgres/migrate.ts';
import { openWorld } from '../../support/world.ts';
import type { World } from '../../support/world.ts';

describe('gold in Postgres', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  test('migrates once when several processes start concurrently', async () => {
    const dsn = world.env['PG_DSN'] ?? '';
    await world.sql.query('drop schema gold cascade');
    const signal = AbortSignal.timeout(30_000);
    const applied = await Promise.all(Array.from({ length: 6 }, () => migrate(dsn, { signal })));
    expect(applied.flat()).toEqual([
      '0001_create-gold',
      '0002_seal-hours-know-gaps',
      '0003_know-backfills',
      '0004_keep-older-rows',
      '0005_know-what-was-read',
      '0007_certify-hours',
      '0008_roll-up-hours',
      '0009_record-anomalies',
      '0010_record-expectations',
    ]);
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

  test('connects with both forms of PG_DSN; a missing database fails with a hint', async () => {
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
