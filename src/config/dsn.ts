/**
 * PG_DSN in both forms: a URL, which the driver can read, and libpq's keyword string, which it cannot.
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
 */
import type { ClientConfig } from 'pg';

/** The driver's settings for the value of a keyword; undefined when the value is invalid. */
type Apply = (value: string) => ClientConfig | undefined;

/** libpq's `require` encrypts without checking the certificate; the `verify` modes check it. */
const SSL_MODES = new Map<string, ClientConfig['ssl']>([
  ['disable', false],
  ['allow', false],
  ['prefer', false],
  ['require', { rejectUnauthorized: false }],
  ['verify-ca', { rejectUnauthorized: true, checkServerIdentity: () => undefined }],
  ['verify-full', { rejectUnauthorized: true }],
]);

const KEYWORDS = new Map<string, Apply>([
  ['host', value => ({ host: value })],
  ['hostaddr', value => ({ host: value })],
  ['port', value => (isWhole(value, 1, 65_535) ? { port: Number(value) } : undefined)],
  ['dbname', value => ({ database: value })],
  ['user', value => ({ user: value })],
  ['password', value => ({ password: value })],
  ['application_name', value => ({ application_name: value })],
  [
    'connect_timeout',
    value => (isWhole(value, 0, 86_400) ? { connectionTimeoutMillis: Number(value) * 1000 } : undefined),
  ],
  ['options', value => ({ options: value })],
  ['sslmode', value => (SSL_MODES.has(value) ? { ssl: SSL_MODES.get(value) } : undefined)],
  ['client_encoding', () => ({})],
  ['keepalives', value => ({ keepAlive: value !== '0' })],
]);

/**
 * One `keyword = value` pair. A value with blanks must be in single quotes. In both forms a backslash escapes the next
 * character.
 */
const PAIR = /\s*([a-z_]+)\s*=\s*('(?:[^'\\]|\\[^])*'|(?!')(?:[^\s\\]|\\[^])*)(?=\s|$)/y;

/** The driver's settings for a DSN, or what is wrong with it. That text may show values of harmless keywords only. */
export function parseDsn(dsn: string): ClientConfig | string {
  if (/^postgres(ql)?:\/\//.test(dsn)) {
    return URL.canParse(dsn) ? { connectionString: dsn } : 'is not a valid postgres:// URL';
  }
  let config: ClientConfig = {};
  const rest = dsn.trim();
  for (let at = 0; at < rest.length; at = PAIR.lastIndex) {
    PAIR.lastIndex = at;
    const [, keyword, quoted = ''] = PAIR.exec(rest) ?? [];
    // Say where, not what: the text may be the password.
    if (keyword === undefined) return `cannot be read as keyword=value pairs from character ${at + 1} on`;
    const apply = KEYWORDS.get(keyword);
    if (apply === undefined) return `has the unknown keyword ${keyword}`;
    const value = (quoted.startsWith("'") ? quoted.slice(1, -1) : quoted).replaceAll(/\\([^])/g, '$1');
    const applied = apply(value);
    if (applied === undefined) return `has the ${keyword} ${JSON.stringify(value)}`;
    config = { ...config, ...applied };
  }
  return Object.keys(config).length > 0 ? config : 'is empty';
}

function isWhole(value: string, min: number, max: number): boolean {
  return /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max;
}
