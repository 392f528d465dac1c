/**
 * `sslmode` and its files as libpq understands them: which kinds of connection to try, in which order, and how a
 * certificate is checked.
 * @see https://www.postgresql.org/docs/current/libpq-ssl.html
 */
import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { checkServerIdentity } from 'node:tls';
import type { ConnectionOptions, SecureVersion } from 'node:tls';
import type { Dsn, SslMode } from '../../config/dsn.ts';
import { badDsn } from './bad-dsn.ts';
import { messageOf } from '../../contracts/errors.ts';
import { dsnProblems } from './known-problems.ts';

/** Options of TLS; false for a connection in clear text. */
type Tls = ConnectionOptions | false;

type Environment = Readonly<Record<string, string | undefined>>;

/** `sslmode=prefer`, libpq's default, encrypts where the server can, and checks nothing. */
const DEFAULT_MODE = 'prefer';
const MODES = new Map<string, SslMode>(
  (['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const).map(mode => [mode, mode]),
);

/** The mode of a DSN, which PGSSLMODE may name for all of them. */
function sslModeOf({ sslmode, sslrootcert }: Dsn, env: Environment): SslMode {
  return (
    MODES.get(sslmode ?? env['PGSSLMODE'] ?? '') ??
    (rootOf(sslrootcert, env) === 'system' ? 'verify-full' : DEFAULT_MODE)
  );
}

/**
 * The kinds of connection to try, in this order.
 * @throws PipelineError `bad_configuration` for a file that cannot be read
 */
export function tlsWays(dsn: Dsn, env: Environment = process.env): readonly [Tls, ...Tls[]] {
  // Nobody can listen on a socket file, so libpq ignores the mode there.
  if ((dsn.hostaddr ?? dsn.host ?? '').startsWith('/')) return [false];
  const mode = sslModeOf(dsn, env);
  if (dsn.sslnegotiation === 'direct' && ['disable', 'allow', 'prefer'].includes(mode)) {
    throw badDsn(dsnProblems.directWithoutTls.shows({ mode }), dsnProblems.directWithoutTls.remedy);
  }
  if (mode === 'disable') return [false];
  const tls = encrypted(mode, dsn, env);
  if (mode === 'allow') return [false, tls];
  return mode === 'prefer' ? [tls, false] : [tls];
}

function encrypted(mode: SslMode, dsn: Dsn, env: Environment): ConnectionOptions {
  const root = rootOf(dsn.sslrootcert, env);
  if (root === 'system' && mode !== 'verify-full') {
    throw badDsn(dsnProblems.systemUnchecked.shows({ mode }), dsnProblems.systemUnchecked.remedy);
  }
  if (mode === 'verify-ca' && root === undefined) {
    throw badDsn(dsnProblems.noAuthority.shows, dsnProblems.noAuthority.remedy);
  }
  return {
    ...clientCertificate(dsn, env),
    ...(dsn.sslcrl !== undefined && { crl: fileOf('sslcrl', dsn.sslcrl) }),
    ...(isVersion(dsn.ssl_min_protocol_version) && { minVersion: dsn.ssl_min_protocol_version }),
    ...(isVersion(dsn.ssl_max_protocol_version) && { maxVersion: dsn.ssl_max_protocol_version }),
    ...(root !== undefined && root !== 'system' && { ca: fileOf('sslrootcert', root) }),
    // As in libpq, a known authority is checked in every mode.
    rejectUnauthorized: mode === 'verify-full' || root !== undefined,
    ...identity(mode, dsn),
    // Servers that serve many databases at one address tell them apart by this name.
    ...(dsn.hostaddr !== undefined && isIP(dsn.host ?? '') === 0 && { servername: dsn.host }),
  };
}

function isVersion(text: string | undefined): text is SecureVersion {
  return text !== undefined && /^TLSv1(\.[123])?$/.test(text);
}

/** Only `verify-full` compares the name in the certificate, with the host even where `hostaddr` says where it is. */
function identity(mode: SslMode, { host }: Dsn): ConnectionOptions {
  if (mode !== 'verify-full') return { checkServerIdentity: () => undefined };
  if (host === undefined) return {};
  return { checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate) };
}

function clientCertificate(dsn: Dsn, env: Environment): ConnectionOptions {
  const cert = dsn.sslcert ?? env['PGSSLCERT'] ?? inHome('postgresql.crt', env);
  if (cert === undefined) return {};
  const key = dsn.sslkey ?? env['PGSSLKEY'] ?? inHome('postgresql.key', env);
  if (key === undefined) {
    throw badDsn(dsnProblems.certificateWithoutKey.shows, dsnProblems.certificateWithoutKey.remedy);
  }
  return {
    cert: fileOf('sslcert', cert),
    key: fileOf('sslkey', key),
    ...(dsn.sslpassword !== undefined && { passphrase: dsn.sslpassword }),
  };
}

/** A file, the word `system`, or undefined when no authority is named. */
function rootOf(given: string | undefined, env: Environment): string | undefined {
  return given ?? env['PGSSLROOTCERT'] ?? inHome('root.crt', env);
}

/** libpq's default place of a file, if it is there. */
function inHome(name: string, env: Environment): string | undefined {
  const home = env['HOME'];
  const path = home === undefined ? undefined : join(home, '.postgresql', name);
  return path !== undefined && existsSync(path) ? path : undefined;
}

function fileOf(keyword: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw badDsn(
      dsnProblems.unreadableFile.shows({ keyword, why: messageOf(error) }),
      dsnProblems.unreadableFile.remedy,
    );
  }
}
