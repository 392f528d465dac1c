/** A connection that breaks at any moment is a failure of the statement that uses it, and of nothing else. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PostgresPool } from '../../../src/gold/postgres/pool.ts';
import { TcpProxy } from '../../faults/support/tcp-proxy.ts';
import { openWorld } from '../../support/world.ts';
import { untilHolds } from '../../support/until.ts';
import type { World } from '../../support/world.ts';

let world: World;
let proxy: TcpProxy;
let pool: PostgresPool;
beforeAll(async () => {
  world = await openWorld();
  const dsn = new URL(world.env['PG_DSN'] ?? '');
  proxy = await TcpProxy.open(Number(dsn.port));
  dsn.port = String(proxy.port);
  pool = new PostgresPool({
    dsn: dsn.href,
    maxConnections: 2,
    applicationName: 'test',
    statementTimeoutMs: 30_000,
  });
});
afterAll(async () => {
  await pool.close();
  await proxy.close();
  await world.close();
});

/** The server goes on with a statement whose connection is gone, so each test has its own. */
const SLEEP = { statement: 'select pg_sleep(20) as a', transaction: 'select pg_sleep(20) as b' };

async function untilRunning(text: string): Promise<void> {
  await untilHolds(async () => {
    const [found] = await pool.query<{ running: number }>({
      text: 'select count(*)::integer as running from pg_stat_activity where query = $1',
      values: [text],
    });
    expect(found?.running).toBe(1);
  });
}

// An error event without a listener ends the process: vitest reports it.
test.each(['statement', 'transaction'] as const)(
  'a reset connection fails its %s, and the next one works',
  async kind => {
    const text = SLEEP[kind];
    const run =
      kind === 'statement' ? pool.query({ text }) : pool.transaction(kind, query => query({ text }));
    const failed = run.catch((error: unknown) => error);
    await untilRunning(text);
    proxy.cut();
    expect(await failed).toMatchObject({ code: 'postgres_unavailable', retryable: true });
    await untilHolds(async () => expect(await pool.query({ text: 'select 1 as one' })).toEqual([{ one: 1 }]));
  },
);

test('a statement that nobody waits for any more is cancelled in the server, and the next one works', async () => {
  const text = 'select pg_sleep(20) as stopped';
  const stop = new AbortController();
  const failed = pool.query({ text }, stop.signal).catch((error: unknown) => error);
  await untilRunning(text);
  stop.abort();
  expect(await failed).toBe(stop.signal.reason);
  await untilHolds(async () => {
    const found = await pool.query({
      text: `select query from pg_stat_activity where query = $1 and state = 'active'`,
      values: [text],
    });
    expect(found).toEqual([]);
  });
  expect(await pool.query({ text: 'select 1 as one' })).toEqual([{ one: 1 }]);
});

test('a statement is not sent when nobody waits for it, and one that is done stays done', async () => {
  const stop = new AbortController();
  expect(await pool.query({ text: 'select 1 as one' }, stop.signal)).toEqual([{ one: 1 }]);
  stop.abort();
  await expect(pool.query({ text: 'select pg_sleep(20) as never' }, stop.signal)).rejects.toBe(
    stop.signal.reason,
  );
  expect(await pool.query({ text: 'select 1 as one' })).toEqual([{ one: 1 }]);
});
