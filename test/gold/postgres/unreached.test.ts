/** Where nothing listens, the failure says what to look at. */
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
