/** A Postgres of a test's own, for what the shared one cannot have: other access rules, TLS, another encoding. */
import { chownSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { findPostgres } from '../../dev/stack/postgres-binaries.ts';
import { startPostgres } from '../../dev/stack/postgres-server.ts';
import { freePort } from '../../dev/stack/ports.ts';

export interface OwnPostgres {
  readonly port: number;
  /** URL of the superuser. */
  readonly dsn: string;
  /** Runs SQL as the superuser, in another database if its URL is given. */
  readonly sql: (text: string, database?: string) => Promise<void>;
  /** Puts a file into the data folder, readable by the server alone, and returns its path. */
  readonly writeFile: (name: string, content: string | Buffer) => string;
  readonly stop: () => Promise<void>;
}

/** Starts an empty server; stop it after the tests. */
export async function startOwnPostgres(binaries = findPostgres()): Promise<OwnPostgres> {
  const home = await mkdtemp(join(tmpdir(), 'wikigauge-postgres-'));
  const data = join(home, 'postgres', 'data');
  const port = await freePort();
  const server = await startPostgres({
    home,
    port,
    binaries,
    env: process.env,
    onSpawn: () => undefined,
    signal: AbortSignal.timeout(200_000),
  });
  const dsn = server.env['PG_DSN'] ?? '';
  return {
    port,
    dsn,
    async sql(text, database = dsn) {
      const client = new Client({ connectionString: database });
      await client.connect();
      try {
        await client.query(text);
      } finally {
        await client.end();
      }
    },
    writeFile(name, content) {
      const path = join(data, name);
      writeFileSync(path, content, { mode: 0o600 });
      const { uid, gid } = statSync(data);
      chownSync(path, uid, gid);
      return path;
    },
    async stop() {
      await server.child.stop();
      await rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}
