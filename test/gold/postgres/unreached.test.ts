/** Where nothing listens, the failure says what to look at. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { connect } from '../../../src/gold/postgres/connect.ts';

test('a port where nothing listens fails with what to check, and is tried again', async () => {
  const error: unknown = await connect('host=127.0.0.1 port=1 dbname=x user=x password=x', 'connect').catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({
    code: 'postgres_unavailable',
    retryable: true,
    hint: 'Check that Postgres runs, and host and port in PG_DSN.',
  });
});

test.each(['prefer', 'disable', 'require'])(
  'a server that takes connections and says nothing fails with what to check (sslmode=%s)',
  async sslmode => {
    const silent = createServer();
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const { port } = silent.address() as AddressInfo;
    const dsn = `host=127.0.0.1 port=${port} dbname=x user=x password=x connect_timeout=1 sslmode=${sslmode}`;
    await expect(connect(dsn, 'connect')).rejects.toMatchObject({
      code: 'postgres_unavailable',
      retryable: true,
      message: expect.stringContaining(`127.0.0.1:${port} does not answer within 1 s`),
      hint: 'Check that Postgres runs, and host and port in PG_DSN.',
    });
    silent.close();
  },
);
