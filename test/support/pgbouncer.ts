/** A PgBouncer in front of a database, in transaction mode with its default settings otherwise. */
import { once } from 'node:events';
import { chownSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findOnPath } from '../../dev/bootstrap/servers.mjs';
import { runQuietly } from '../../dev/bootstrap/run-quietly.mjs';
import { startChild } from '../../dev/stack/child.ts';
import { LOOPBACK, freePort } from '../../dev/stack/ports.ts';
import { postgresUser } from '../../dev/stack/postgres-user.ts';

export interface PgBouncer {
  /** The address of a database through the pooler. */
  readonly throughPooler: (dsn: string) => string;
  readonly stop: () => Promise<void>;
}

/** Starts a pooler for all databases of the server that `dsn` names. */
export async function startPgBouncer(
  dsn: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<PgBouncer> {
  const binary = await obtainPgBouncer();
  const home = await mkdtemp(join(tmpdir(), 'wikigauge-pgbouncer-'));
  // It refuses to run as root, like Postgres.
  const folder = join(home, 'pgbouncer');
  const runAs = postgresUser(folder, binary);
  const { hostname, port: serverPort, username, password } = new URL(dsn);
  const port = await freePort();
  const all = {
    listen_addr: LOOPBACK,
    listen_port: String(port),
    unix_socket_dir: '',
    pool_mode: 'transaction',
    // Fewer connections than our processes have, so that they share them.
    default_pool_size: '3',
    // Anyone may connect: the login of the server is below.
    auth_type: 'any',
    ...settings,
  };
  const file = join(folder, 'pgbouncer.ini');
  const lines = [
    '[databases]',
    `* = host=${hostname} port=${serverPort} user=${username} password=${password}`,
    '[pgbouncer]',
    ...Object.entries(all).map(([name, value]) => `${name} = ${value}`),
  ];
  writeFileSync(file, lines.join('\n'), { mode: 0o600 });
  const { uid, gid } = statSync(folder);
  chownSync(file, uid, gid);
  const server = await startChild({
    name: 'pgbouncer',
    ...runAs(binary, [file]),
    cwd: '/',
    env: process.env,
    logFile: join(home, 'pgbouncer.log'),
    ready: async () => {
      const socket = createConnection({ host: LOOPBACK, port });
      await once(socket, 'connect').finally(() => socket.destroy());
    },
    stopSignal: 'SIGINT',
  });
  return {
    throughPooler(dsn) {
      const url = new URL(dsn);
      url.port = String(port);
      return url.href;
    },
    async stop() {
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Path of PgBouncer; installs it where apt can. */
async function obtainPgBouncer(): Promise<string> {
  const env = { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` };
  const found = findOnPath('pgbouncer', env);
  if (found !== undefined) return found;
  const apt = findOnPath('apt-get', env);
  if (apt === undefined || process.getuid?.() !== 0)
    throw new Error(
      'No pgbouncer on PATH. Install one: apt-get install pgbouncer, or brew install pgbouncer.',
    );
  const options = { cwd: fileURLToPath(new URL('../..', import.meta.url)) };
  await runQuietly('apt-get update', apt, ['update'], options);
  // Another suite may be installing something too.
  const install = ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', 'pgbouncer'];
  await runQuietly('apt-get install pgbouncer', apt, install, options);
  const installed = findOnPath('pgbouncer', env);
  if (installed === undefined) throw new Error('apt-get installed no pgbouncer.');
  return installed;
}
