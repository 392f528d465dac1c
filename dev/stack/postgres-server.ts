/** A real Postgres in its own folder: created on the first start, crash-safe, on the loopback interface only. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { startChild } from './child.ts';
import { LOOPBACK } from './ports.ts';
import { postgresUser, type RunAs } from './postgres-user.ts';
import { birthOf, commandLineOf } from '../../src/commands/process-id.mjs';
import type { PostgresBinaries } from './postgres-binaries.ts';
import type { RunningServer, ServerSettings } from './server-settings.ts';
import { stackProblems } from './known-problems.ts';

/** Name of the role (a superuser of this private server) and of the database. */
const NAME = 'wikigauge';

export interface PostgresSettings extends ServerSettings {
  readonly binaries: PostgresBinaries;
}

/** Starts the server, lets it recover from a crash, and waits until the database is usable. */
export async function startPostgres(settings: PostgresSettings): Promise<RunningServer> {
  const { home, port, binaries } = settings;
  const folder = join(home, 'postgres');
  const data = join(folder, 'data');
  const runAs = postgresUser(folder, binaries.postgres);
  const password = passwordIn(folder);
  if (!existsSync(data)) await initialise(data, runAs, settings);
  await removeStalePidFile(data);
  const options = {
    listen_addresses: LOOPBACK,
    port: String(port),
    // A socket file needs a short path, and the folder can be anywhere.
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '64MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  const args = [
    '-D',
    data,
    ...Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const dsn = (database: string): string =>
    `postgresql://${NAME}:${password}@${LOOPBACK}:${port}/${database}`;
  const child = await startChild({
    name: 'postgres',
    ...runAs(binaries.postgres, args),
    env: environment(settings),
    cwd: '/',
    logFile: join(home, 'logs', 'postgres.log'),
    ready: () => ensureDatabase(dsn('postgres')),
    // Crash recovery replays the log since the last checkpoint.
    readyTimeoutMs: 120_000,
    // A "fast" shutdown closes connections; SIGTERM would wait for clients to disconnect.
    stopSignal: 'SIGINT',
    stopTimeoutMs: 20_000,
    stopOrder: 3,
    onSpawn: pid => settings.onSpawn('postgres', pid),
    signal: settings.signal,
  });
  return { child, address: `${LOOPBACK}:${port}`, env: { PG_DSN: dsn(NAME) } };
}

/** Drops PG* variables: they are meant for clients, and some also change the server. */
function environment({ env }: PostgresSettings): Record<string, string | undefined> {
  return { ...Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('PG'))), TZ: 'UTC' };
}

/** Creates the cluster in a temporary folder and renames it when complete, so that a killed start leaves no partial one. */
async function initialise(data: string, runAs: RunAs, settings: PostgresSettings): Promise<void> {
  const unfinished = `${data}.new`;
  // An initdb of a killed start may still be writing to it.
  await rm(unfinished, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  const { command, args, ...ids } = runAs(settings.binaries.initdb, [
    `--pgdata=${unfinished}`,
    `--username=${NAME}`,
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile(dirname(data))}`,
    '--encoding=UTF8',
    ...localeOf(settings.binaries),
  ]);
  try {
    const options = { cwd: '/', env: { ...environment(settings) }, signal: settings.signal, ...ids };
    await promisify(execFile)(command, args, options);
  } catch (cause) {
    settings.signal.throwIfAborted();
    const { shows, remedy } = stackProblems.noDatabase;
    const output = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new Error(`${shows({ folder: unfinished })}: ${output}\n${remedy}`, { cause });
  }
  await rename(unfinished, data);
}

/**
 * The builtin provider sorts and folds the same on every machine, whatever locales are installed. Before Postgres 17 there
 * is none, and C sorts the same too.
 */
function localeOf({ version }: PostgresBinaries): string[] {
  const hasBuiltin = Number.parseInt(version, 10) >= 17;
  return [...(hasBuiltin ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : []), '--locale=C'];
}

/** The password keeps out other users of this machine, who can also reach the port. */
function passwordIn(folder: string): string {
  const path = passwordFile(folder);
  if (!existsSync(path)) {
    writeFileSync(path, randomBytes(18).toString('hex'), { mode: 0o600 });
    // initdb reads the file as the folder's owner.
    const { uid, gid } = statSync(folder);
    chownSync(path, uid, gid);
  }
  return readFileSync(path, 'utf8').trim();
}

function passwordFile(folder: string): string {
  return join(folder, 'password');
}

/**
 * Removes a stale pid file. Postgres refuses to start when the pid in the file exists, and after a restart of a container
 * that pid soon belongs to an unrelated process. The caller holds the folder's lock, so a process without this folder in
 * its command line is not a server of it.
 */
async function removeStalePidFile(data: string): Promise<void> {
  const path = join(data, 'postmaster.pid');
  if (!existsSync(path)) return;
  const pid = Number.parseInt(readFileSync(path, 'utf8'), 10);
  if (birthOf(pid) !== undefined && !commandLineOf(pid).includes(data)) await rm(path, { force: true });
}

/** Connecting probes the server; the first start creates the database. */
async function ensureDatabase(dsn: string): Promise<void> {
  const client = new Client({ connectionString: dsn, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    const { rowCount } = await client.query('select from pg_database where datname = $1', [NAME]);
    if (rowCount === 0) await client.query(`create database ${NAME}`);
  } finally {
    await client.end();
  }
}
