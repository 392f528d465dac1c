/** The ways in which libpq would try to connect with a DSN, as settings of the driver. */
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { ClientConfig } from 'pg';
import { hostsOf, parseDsn } from '../../config/dsn.ts';
import type { Dsn, Host } from '../../config/dsn.ts';
import { badDsn } from './bad-dsn.ts';
import { passwordIn } from './passfile.ts';
import { tlsWays } from './tls.ts';
import { dsnProblems } from './known-problems.ts';

/** One of the ways; the first that works is taken. */
export interface Way {
  /** No other way of the same DSN has it. */
  readonly name: string;
  /** Ways to the same server have the same address. */
  readonly address: string;
  readonly client: ClientConfig;
  readonly isEncrypted: boolean;
}

/** `target_session_attrs`: which of several servers is wanted. */
export type WantedServer = 'any' | 'read-write' | 'read-only' | 'primary' | 'standby' | 'prefer-standby';

/** How to connect with a DSN. */
export interface Plan {
  readonly ways: readonly Way[];
  readonly wanted: WantedServer;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws PipelineError `bad_configuration` */
export function planOf(text: string, env: Environment = process.env): Plan {
  const dsn = readDsn(text);
  const hosts = dsn.load_balance_hosts === 'random' ? shuffled(hostsOf(dsn)) : hostsOf(dsn);
  return {
    ways: hosts.flatMap(host => waysTo(dsn, host, env)),
    wanted: WANTED.find(word => word === dsn.target_session_attrs) ?? 'any',
  };
}

const WANTED = ['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'] as const;

function waysTo(dsn: Dsn, place: Host, env: Environment): Way[] {
  const { host = 'localhost', hostaddr = host, port = '5432' } = place;
  const address = `${hostaddr}:${port}`;
  const { host: _, hostaddr: __, port: ___, ...shared } = dsn;
  const client = driverConfig(shared, place, env);
  return tlsWays({ ...shared, ...place }, env).map(ssl => ({
    name: `${address} ${ssl === false ? 'in clear text' : 'with TLS'}`,
    address,
    client: { ...client, ssl, ...(dsn.sslnegotiation === 'direct' && { sslnegotiation: 'direct' }) },
    isEncrypted: ssl !== false,
  }));
}

/** @throws PipelineError `bad_configuration` */
function readDsn(dsn: string): Dsn {
  const keywords = parseDsn(dsn);
  if (typeof keywords !== 'string') return keywords;
  throw badDsn(keywords, dsnProblems.unreadable.remedy);
}

function driverConfig(dsn: Dsn, { host, hostaddr = host, port }: Host, env: Environment): ClientConfig {
  const { dbname, password, options, connect_timeout, keepalives, keepalives_idle } = dsn;
  const user = dsn.user ?? (env['PGUSER'] || systemUser());
  const { application_name = dsn.fallback_application_name } = dsn;
  const passfile = dsn.passfile ?? env['PGPASSFILE'] ?? usualPassfile(env);
  return {
    ...(hostaddr !== undefined && { host: hostaddr }),
    ...(port !== undefined && { port: Number(port) }),
    ...(dbname !== undefined && { database: dbname }),
    user,
    ...(password !== undefined && { password }),
    ...(password === undefined &&
      env['PGPASSWORD'] === undefined &&
      passfile !== undefined && { password: passwordFrom(passfile, host) }),
    ...(options !== undefined && { options }),
    ...(application_name !== undefined && { application_name }),
    ...(connect_timeout !== undefined && { connectionTimeoutMillis: Number(connect_timeout) * 1000 }),
    ...(keepalives !== undefined && { keepAlive: keepalives !== '0' }),
    ...(keepalives_idle !== undefined && { keepAliveInitialDelayMillis: Number(keepalives_idle) * 1000 }),
    ...(dsn.channel_binding === 'prefer' && { enableChannelBinding: true }),
  };
}

/** As libpq does: the driver would take what USER says. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    throw badDsn(
      `names no user, and the user of this process (uid ${process.getuid?.() ?? 'unknown'}) has no name`,
      'Set user in PG_DSN.',
    );
  }
}

/** What the driver passes to a function that returns the password: its settings, with its own defaults. */
interface DriverLogin {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

function passwordFrom(path: string, host: string | undefined): (login?: DriverLogin) => string {
  return login => {
    if (login === undefined) return '';
    const found = passwordIn(path, { ...login, host: host ?? login.host, port: String(login.port) });
    if (found !== undefined) return found;
    const missing = `${host ?? login.host}:${login.port}:${login.database}:${login.user}`;
    const { shows, remedy } = dsnProblems.noPassword;
    throw badDsn(shows({ path, login: missing }), remedy);
  };
}

function usualPassfile(env: Environment): string | undefined {
  const home = env['HOME'];
  const path = home === undefined ? undefined : join(home, '.pgpass');
  return path !== undefined && existsSync(path) ? path : undefined;
}

function shuffled(hosts: readonly Host[]): Host[] {
  return hosts
    .map(host => ({ host, rank: Math.random() }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ host }) => host);
}
