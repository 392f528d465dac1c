/**
 * PgBouncer in transaction mode with its default settings: nothing we do needs a session. That gold keeps its contract
 * there too is tested with every other store, in `gold-contract.int`.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from 'pg';
import { hourPrefix } from '../../../src/contracts/storage/object-keys.ts';
import { migrate } from '../../../src/gold/postgres/migrate.ts';
import { PostgresPool } from '../../../src/gold/postgres/pool.ts';
import { openPostgresGold } from '../../../src/gold/postgres/postgres-gold.ts';
import { withAdvisoryReplayLock } from '../../../src/gold/postgres/replay-lock.ts';
import { openPostgresSnapshots } from '../../../src/gold/postgres/snapshot.ts';
import { startOwnPostgres } from '../../support/own-postgres.ts';
import type { OwnPostgres } from '../../support/own-postgres.ts';
import { startPgBouncer } from '../../support/pgbouncer.ts';
import { untilHolds } from '../../support/until.ts';
import type { PgBouncer } from '../../support/pgbouncer.ts';

const HOUR = '2026-11-20T10';
const START = Date.parse(`${HOUR}:00:00Z`) / 1000;
const source = { url: 'https://stream.example/recentchange', simulated: true };

let server: OwnPostgres;
let pooler: PgBouncer;
let pooled: string;
beforeAll(async () => {
  server = await startOwnPostgres();
  pooler = await startPgBouncer(server.dsn);
  pooled = pooler.throughPooler(server.dsn);
});
afterAll(async () => {
  await pooler.stop();
  await server.stop();
});

const settings = { maxConnections: 4, applicationName: 'test', statementTimeoutMs: 30_000 };

async function direct(text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: server.dsn });
  await client.connect();
  const { rows } = await client.query<object>(text);
  await client.end();
  return rows;
}

test('processes that migrate at once wait for each other, and leave no lock behind', async () => {
  const signal = AbortSignal.timeout(60_000);
  const applied = await Promise.all(Array.from({ length: 3 }, () => migrate(pooled, { signal })));
  expect(applied.flat()).toContain('0001_create-gold');
  expect(new Set(applied.flat()).size).toBe(applied.flat().length);
  expect(await direct(`select pid from pg_locks where locktype = 'advisory'`)).toEqual([]);
  // Another way to the same database finds nothing to wait for.
  expect(await migrate(server.dsn, { signal })).toEqual([]);
});

test('two processes apply parts over shared connections', async () => {
  const golds = [1, 2].map(() => openPostgresGold({ ...settings, dsn: pooled }));
  await Promise.all(
    golds.flatMap((gold, process) =>
      Array.from({ length: 20 }, (_, i) =>
        gold.apply({
          key: `${hourPrefix(HOUR)}part-${process}-${i}.ndjson.gz`,
          hour: HOUR,
          rows: [{ minute: START, wiki: 'enwiki', isBot: false, edits: 1, bytesChange: 1 }],
          source,
        }),
      ),
    ),
  );
  expect(await golds[0]?.edits('enwiki', START)).toEqual([expect.objectContaining({ human: 40 })]);
  await Promise.all(golds.map(gold => gold.close()));
  const snapshots = openPostgresSnapshots(pooled);
  expect((await snapshots.hour(HOUR)).rows).toHaveLength(1);
  await snapshots.close();
});

test('a statement that takes too long is cancelled by the server, which keeps no limit for others', async () => {
  const hasty = new PostgresPool({ ...settings, dsn: pooled, statementTimeoutMs: 300 });
  const patient = new PostgresPool({ ...settings, dsn: pooled });
  await expect(hasty.query({ text: 'select pg_sleep(60)::text' })).rejects.toThrow(
    'canceling statement due to statement timeout',
  );
  const limits = await Promise.all(
    Array.from({ length: 4 }, () =>
      patient.query<{ limit: string }>({ text: `select current_setting('statement_timeout') as limit` }),
    ),
  );
  expect(new Set(limits.flat().map(({ limit }) => limit))).toEqual(new Set(['30s']));
  await hasty.close();
  await patient.close();
});

test('a statement that nobody waits for any more is cancelled in the server, through the pooler', async () => {
  // Nothing else ends the statement before the test does.
  const pool = new PostgresPool({ ...settings, dsn: pooled, statementTimeoutMs: 900_000 });
  const running = `select from pg_stat_activity where query like '%pg_sleep(601)%' and state = 'active' and pid <> pg_backend_pid()`;
  const stop = new AbortController();
  const failed = pool.query({ text: 'select pg_sleep(601)' }, stop.signal).catch((error: unknown) => error);
  await untilHolds(async () => expect(await direct(running)).toHaveLength(1));
  stop.abort();
  expect(await failed).toBe(stop.signal.reason);
  await untilHolds(async () => expect(await direct(running)).toHaveLength(0));
  expect(await pool.query({ text: 'select 1 as one' })).toEqual([{ one: 1 }]);
  await pool.close();
});

test('replays lock each other out', async () => {
  let waited = 0;
  const order: string[] = [];
  await withAdvisoryReplayLock(
    pooled,
    () => undefined,
    async () => {
      const second = withAdvisoryReplayLock(
        pooled,
        () => (waited += 1),
        async () => order.push('second'),
      );
      await expect.poll(() => waited, { timeout: 60_000 }).toBe(1);
      order.push('first');
      return { second };
    },
  ).then(({ second }) => second);
  expect(order).toEqual(['first', 'second']);
});

describe('what a pooler refuses is named', () => {
  test('options in PG_DSN', async () => {
    const pool = new PostgresPool({ ...settings, dsn: `${pooled}?options=-c%20work_mem%3D5MB` });
    await expect(pool.query({ text: 'select 1 as one' })).rejects.toMatchObject({
      hint: expect.stringContaining('remove options from PG_DSN') as unknown,
    });
    await pool.close();
  });

  test('transactions in statement mode', async () => {
    const strict = await startPgBouncer(server.dsn, { pool_mode: 'statement' });
    const signal = AbortSignal.timeout(1_000);
    await expect(migrate(strict.throughPooler(server.dsn), { signal })).rejects.toMatchObject({
      hint: expect.stringContaining('It needs pool_mode=transaction') as unknown,
    });
    await strict.stop();
  });
});
