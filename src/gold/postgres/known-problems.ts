/** What can be wrong with the database or PG_DSN, and what to do about it. */
import type { KnownProblems, Words } from '../../contracts/known-problems.ts';

/** By SQLSTATE. @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
export const sqlStateProblems = {
  '25006': {
    shows: 'SQLSTATE 25006, “cannot execute … in a read-only transaction”',
    cause: 'The server is a standby. It is tried again, because a cluster can change its primary.',
    remedy:
      'The server takes no writes, as a standby. Name all servers in host, and set target_session_attrs=read-write in PG_DSN.',
  },
  '28P01': {
    shows: 'SQLSTATE 28P01, “password authentication failed”',
    cause: 'The password or the user is wrong.',
    remedy: 'Check user and password in PG_DSN.',
  },
  '28000': {
    shows: 'SQLSTATE 28000, “no pg_hba.conf entry”, “role does not exist”',
    cause: 'The server does not let this user in from this machine.',
    remedy: 'Check the user in PG_DSN and the server’s pg_hba.conf.',
  },
  '08P01': {
    shows: 'SQLSTATE 08P01, “unsupported startup parameter”',
    cause: 'A pooler stands in front of the server.',
    remedy:
      'A pooler such as PgBouncer refuses this. It needs pool_mode=transaction or session; remove options from PG_DSN, or name the parameter in its ignore_startup_parameters.',
  },
  '55P03': {
    shows: 'SQLSTATE 55P03, “canceling statement due to lock timeout”',
    cause: 'Somebody has locked a table of gold.',
    remedy: 'Another session keeps a table locked: select * from pg_stat_activity shows which.',
  },
  '3D000': {
    shows: 'SQLSTATE 3D000, “database … does not exist”',
    cause: 'Only the tables are created by themselves, not the database.',
    remedy: 'Create the database, or name another one in PG_DSN.',
  },
  '42501': {
    shows: 'SQLSTATE 42501, “permission denied”',
    cause: 'The role of PG_DSN lacks a grant.',
    remedy:
      'Let the role of PG_DSN read gold: grant usage on schema gold to …; grant select on all tables in schema gold to …. A worker writes too: docs/postgres.md has the SQL.',
  },
  '42P01': {
    shows: 'SQLSTATE 42P01, “relation … does not exist”',
    cause: 'Nothing has created the tables yet.',
    remedy:
      'Run `npx wikigauge migrate` (in a clone: `npm run migrate`), or start a worker, which migrates when it starts.',
  },
} satisfies KnownProblems;

export const connectionProblems = {
  wantsTls: {
    shows: 'refused without TLS, before any password was asked for',
    cause: 'The server may accept encrypted connections only.',
    remedy:
      'If the server wants TLS, set sslmode=require in PG_DSN, or sslmode=verify-full to check its certificate too.',
  },
  noTls: {
    shows: '“The server does not support SSL connections”',
    cause: 'sslmode asks for TLS, and the server, or something else at its port, has none.',
    remedy:
      'If the server has no TLS, set sslmode=prefer or sslmode=disable in PG_DSN; otherwise check host and port.',
  },
  refusedCertificate: {
    shows: '“self-signed certificate”, `ERR_TLS_CERT_ALTNAME_INVALID` and the like',
    cause:
      'The certificate of the server is not signed by an authority that is trusted, or has another name.',
    remedy:
      'Set sslrootcert in PG_DSN to the file of the authority that signed the server’s certificate, and host to the name in the certificate; sslmode=require without sslrootcert encrypts and checks nothing.',
  },
  unreached: {
    shows: '`ECONNREFUSED`, `ENOTFOUND`, `EHOSTUNREACH`, a time-out',
    cause: 'Nothing answers at host and port. It is tried again.',
    remedy: 'Check that Postgres runs, and host and port in PG_DSN.',
  },
} satisfies KnownProblems;

/** The texts continue “PG_DSN …”. */
export const dsnProblems = {
  unreadable: {
    shows: 'is not a valid postgres:// URL, has an unknown keyword, …',
    cause: 'A keyword of libpq that cannot be honoured is refused by name, with what to do instead.',
    remedy: 'Example: PG_DSN="host=127.0.0.1 port=5433 dbname=wikigauge user=wikigauge password=secret"',
  },
  directWithoutTls: {
    shows: ({ mode }: Words<'mode'>) => `has sslnegotiation=direct with sslmode=${mode}, which may stay unencrypted`,
    remedy: 'Set sslmode=require or sslmode=verify-full, or remove sslnegotiation.',
  },
  systemUnchecked: {
    shows: ({ mode }: Words<'mode'>) =>
      `has sslrootcert=system with sslmode=${mode}, which anyone with any certificate passes`,
    remedy: 'Set sslmode=verify-full, or name the file of your own authority in sslrootcert.',
  },
  noAuthority: {
    shows: 'has sslmode=verify-ca, but names no authority to check the certificate with',
    remedy:
      'Set sslrootcert to the file of the authority, or sslmode=verify-full to use those that Node trusts.',
  },
  certificateWithoutKey: {
    shows: 'has a client certificate (sslcert) without its key',
    remedy: 'Set sslkey to the file of the key.',
  },
  unreadableFile: {
    shows: ({ keyword, why }: Words<'keyword' | 'why'>) =>
      `names a file in ${keyword} that cannot be read: ${why}`,
    remedy: 'Name a readable file.',
  },
  unreadablePassfile: {
    shows: ({ why }: Words<'why'>) => `names a passfile that cannot be read: ${why}`,
    remedy: 'Name a readable file.',
  },
  openPassfile: {
    shows: ({ path }: Words<'path'>) => `names a passfile that other users can read: ${path}`,
    remedy: ({ path }: Words<'path'>) => `Run: chmod 600 ${path}`,
  },
  noPassword: {
    shows: ({ path, login }: Words<'path' | 'login'>) => `has no password, and ${path} has none for ${login}`,
    remedy: 'Set password in PG_DSN, or add a line to the file.',
  },
} satisfies KnownProblems;

/** The texts continue “Cannot migrate: …”. */
export const migrationProblems = {
  encoding: {
    shows: ({ database, encoding }: Words<'database' | 'encoding'>) =>
      `database ${database} has the encoding ${encoding}, in which not every text can be stored`,
    remedy: `Create one for the counts: create database wikigauge encoding 'UTF8' template template0`,
  },
  mayNot: {
    shows: ({ role, what, database }: Words<'role' | 'what' | 'database'>) =>
      `role ${role} may not ${what} in database ${database}`,
    remedy: ({ grants }: Words<'grants'>) =>
      `Let the owner or a superuser run there: ${grants}; or migrate as the owner: npx wikigauge migrate`,
  },
  foreignTable: {
    shows: ({ table, why }: Words<'table' | 'why'>) =>
      `table ${table} belongs to another tool: ${why}. Nothing was changed`,
    remedy: 'Name another database in PG_DSN, or move that table to another schema.',
  },
  locked: {
    shows: ({ holders, seconds }: Words<'holders' | 'seconds'>) =>
      `${holders} has held the lock of migrations for ${seconds} s`,
    cause: 'Another process migrates, or has died while it did and its session is still open.',
    remedy: ({ ends }: Words<'ends'>) =>
      `Wait until it has migrated. If it has not been migrating, end it: ${ends}`,
  },
} satisfies KnownProblems;

const HYPERTABLE = `select create_hypertable('gold.edits_per_min', 'ts_minute', migrate_data => true)`;
const AND_THEN = `then, as a superuser: create extension timescaledb; ${HYPERTABLE}`;

/** The texts continue “Cannot set policies of gold.edits_per_min: …”. */
export const timescaleProblems = {
  notInstalled: {
    shows: 'the server has no extension timescaledb',
    remedy: `Install TimescaleDB on the server, add timescaledb to its shared_preload_libraries, and restart it; ${AND_THEN}`,
  },
  notLoaded: {
    shows: 'the server has the extension timescaledb, but does not load it',
    remedy: `Add timescaledb to its shared_preload_libraries, and restart it; ${AND_THEN}`,
  },
  notCreated: {
    shows: 'the database has no extension timescaledb',
    remedy: `Let a superuser run there: create extension timescaledb; ${HYPERTABLE}`,
  },
  plainTable: {
    shows: 'the table is not a hypertable of TimescaleDB',
    cause: 'It was created before the extension, or by a role that may not make hypertables.',
    remedy: `Stop the workers, and let its owner run: ${HYPERTABLE}`,
  },
  apache: {
    shows: 'the server has the Apache edition of TimescaleDB, which has neither compression nor retention',
    remedy: `Install the community edition, or set timescaledb.license = 'timescale' in postgresql.conf.`,
  },
  old: {
    shows: ({ version }: Words<'version'>) =>
      `TimescaleDB ${version} cannot change as many compressed rows as a rebuild has to`,
    remedy: 'Update it to 2.12 or later: alter extension timescaledb update',
  },
  notOwner: {
    shows: ({ owner, role }: Words<'owner' | 'role'>) =>
      `it belongs to ${owner}, and role ${role} may not change it`,
    remedy: ({ owner, role }: Words<'owner' | 'role'>) =>
      `Run this with the PG_DSN of ${owner}, or let that role run: grant ${owner} to ${role}`,
  },
  order: {
    shows: ({ retain, compress }: Words<'retain' | 'compress'>) =>
      `rows would be dropped after ${retain} days and compressed after ${compress}`,
    remedy: ({ retain }: Words<'retain'>) =>
      `Keep them longer than they stay uncompressed: --timescale compress=7d,retain=2y; or turn one off: --timescale compress=off,retain=${retain}d`,
  },
} satisfies KnownProblems;
