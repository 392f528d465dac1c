/** The ways in which libpq would try to connect with a DSN, as settings of the driver. */
import type { ClientConfig } from 'pg';
import { parseDsn } from '../../config/dsn.ts';
import type { Dsn } from '../../config/dsn.ts';
import { badDsn } from './bad-dsn.ts';
import { tlsWays } from './tls.ts';

/** One of the ways; the first that works is taken. */
export interface Way {
  /** No other way of the same DSN has it. */
  readonly name: string;
  readonly client: ClientConfig;
  readonly isEncrypted: boolean;
}

/** @throws PipelineError `bad_configuration` */
export function waysTo(dsn: string): readonly [Way, ...Way[]] {
  const keywords = readDsn(dsn);
  const client = driverConfig(keywords);
  const [first, ...others] = tlsWays(keywords).map(ssl => ({
    client: { ...client, ssl },
    isEncrypted: ssl !== false,
    name: ssl === false ? 'in clear text' : 'with TLS',
  }));
  if (first === undefined) throw new TypeError('no way to connect');
  return [first, ...others];
}

/** @throws PipelineError `bad_configuration` */
function readDsn(dsn: string): Dsn {
  const keywords = parseDsn(dsn);
  if (typeof keywords !== 'string') return keywords;
  throw badDsn(
    keywords,
    'Example: PG_DSN="host=127.0.0.1 port=5433 dbname=wikigauge user=wikigauge password=secret"',
  );
}

function driverConfig(dsn: Dsn): ClientConfig {
  const { host, hostaddr = host, port, dbname, user, password, options } = dsn;
  const { application_name, connect_timeout, keepalives } = dsn;
  return {
    ...(hostaddr !== undefined && { host: hostaddr }),
    ...(port !== undefined && { port: Number(port) }),
    ...(dbname !== undefined && { database: dbname }),
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    ...(options !== undefined && { options }),
    ...(application_name !== undefined && { application_name }),
    ...(connect_timeout !== undefined && { connectionTimeoutMillis: Number(connect_timeout) * 1000 }),
    ...(keepalives !== undefined && { keepAlive: keepalives !== '0' }),
  };
}
