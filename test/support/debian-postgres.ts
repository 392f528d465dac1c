/** The Postgres of Debian 12, older than the one of the local stack; undefined where it is not installed. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresBinaries } from '../../dev/stack/postgres-binaries.ts';

/** Where Debian and Ubuntu install each version. */
const BIN = '/usr/lib/postgresql/15/bin';

export function findDebianPostgres(): PostgresBinaries | undefined {
  const binaries = { initdb: join(BIN, 'initdb'), postgres: join(BIN, 'postgres'), version: '15' };
  return existsSync(binaries.initdb) && existsSync(binaries.postgres) ? binaries : undefined;
}
