/**
 * PG_DSN in both forms: a URL, which the driver reads itself, and libpq's keyword string, which it does not.
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
 */
import type { ClientConfig } from 'pg';

const KEYWORDS: Readonly<Record<string, (value: string) => ClientConfig>> = {
  host: value => ({ host: value }),
  hostaddr: value => ({ host: value }),
  port: value => ({ port: Number(value) }),
  dbname: value => ({ database: value }),
  user: value => ({ user: value }),
  password: value => ({ password: value }),
  application_name: value => ({ application_name: value }),
  connect_timeout: value => ({ connectionTimeoutMillis: Number(value) * 1000 }),
  options: value => ({ options: value }),
  sslmode: value => (value in SSL_MODES ? { ssl: SSL_MODES[value] } : {}),
  client_encoding: () => ({}),
  keepalives: value => ({ keepAlive: value !== '0' }),
};

/** libpq's `require` encrypts without checking the certificate; the `verify` modes check it. */
const SSL_MODES: Readonly<Record<string, ClientConfig['ssl']>> = {
  disable: false,
  allow: false,
  prefer: false,
  require: { rejectUnauthorized: false },
  'verify-ca': { rejectUnauthorized: true, checkServerIdentity: () => undefined },
  'verify-full': { rejectUnauthorized: true },
};

/** One `keyword = value` pair; a value with spaces stands in single quotes, with \' and \\ inside. */
const PAIR = /\s*([a-z_]+)\s*=\s*('(?:[^'\\]|\\.)*'|(?:[^\s'\\]|\\.)*)(?=\s|$)/y;

/** The driver's settings for a DSN, or a sentence that says what is wrong with it. */
export function parseDsn(dsn: string): ClientConfig | string {
  if (/^postgres(ql)?:\/\//.test(dsn)) {
    return URL.canParse(dsn) ? { connectionString: dsn } : 'is not a valid postgres:// URL';
  }
  let config: ClientConfig = {};
  const rest = dsn.trim();
  for (let at = 0; at < rest.length; at = PAIR.lastIndex) {
    PAIR.lastIndex = at;
    const [, keyword = '', quoted = ''] = PAIR.exec(rest) ?? [];
    const apply = KEYWORDS[keyword];
    if (keyword === '') return `cannot be read from ${JSON.stringify(rest.slice(at, at + 20))} on`;
    if (apply === undefined) return `has the unknown keyword ${keyword}`;
    const value = (quoted.startsWith("'") ? quoted.slice(1, -1) : quoted).replace(/\\(.)/g, '$1');
    if (keyword === 'port' && !/^\d{1,5}$/.test(value)) return `has the port ${JSON.stringify(value)}`;
    config = { ...config, ...apply(value) };
  }
  return Object.keys(config).length > 0 ? config : 'is empty';
}
