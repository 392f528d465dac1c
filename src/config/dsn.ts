/**
 * PG_DSN in both forms of libpq, keyword string and URL: the same keywords with the same meaning.
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
 */
import { urlPairs } from './dsn-url.ts';
import type { Pair } from './dsn-url.ts';

/** What is wrong with a value; undefined when it is good. */
type Check = (value: string) => string | undefined;

const anything: Check = () => undefined;
const oneOf =
  (...words: readonly string[]): Check =>
  value =>
    words.includes(value) ? undefined : `expected ${words.join(', ')}`;
const whole =
  (min: number, max: number): Check =>
  value =>
    /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max
      ? undefined
      : `expected a whole number from ${min} to ${max}`;

const KEYWORDS = {
  host: anything,
  hostaddr: anything,
  port: whole(1, 65_535),
  dbname: anything,
  user: anything,
  password: anything,
  application_name: anything,
  connect_timeout: whole(0, 86_400),
  options: anything,
  client_encoding: anything,
  keepalives: anything,
  sslmode: oneOf('disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'),
  sslrootcert: anything,
  sslcert: anything,
  sslkey: anything,
  sslpassword: anything,
} satisfies Record<string, Check>;

type Keyword = keyof typeof KEYWORDS;

/** The keywords of a DSN, each with a valid value. A keyword that is given twice has its last value. */
export type Dsn = Readonly<Partial<Record<Keyword, string>>>;

/** How libpq's `sslmode` protects a connection, from not at all to a certificate that names the host. */
export type SslMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

/**
 * One `keyword = value` pair. A value with blanks must be in single quotes. In both forms a backslash escapes the next
 * character.
 */
const PAIR = /\s*([a-z_]+)\s*=\s*('(?:[^'\\]|\\[^])*'|(?!')(?:[^\s\\]|\\[^])*)(?=\s|$)/y;

/** The keywords of a DSN, or what is wrong with it. That text may show values of harmless keywords only. */
export function parseDsn(dsn: string): Dsn | string {
  const pairs = /^postgres(ql)?:\/\//.test(dsn) ? urlPairs(dsn) : keywordPairs(dsn.trim());
  if (typeof pairs === 'string') return pairs;
  for (const [keyword, value] of pairs) {
    if (!isKeyword(keyword)) return `has the unknown keyword ${keyword}`;
    const problem = KEYWORDS[keyword](value);
    if (problem !== undefined) return `has the ${keyword} ${JSON.stringify(value)}, ${problem}`;
  }
  return pairs.length > 0 ? Object.fromEntries(pairs) : 'is empty';
}

function keywordPairs(dsn: string): Pair[] | string {
  const pairs: Pair[] = [];
  for (let at = 0; at < dsn.length; at = PAIR.lastIndex) {
    PAIR.lastIndex = at;
    const [, keyword, quoted = ''] = PAIR.exec(dsn) ?? [];
    // Say where, not what: the text may be the password.
    if (keyword === undefined) return `cannot be read as keyword=value pairs from character ${at + 1} on`;
    const value = (quoted.startsWith("'") ? quoted.slice(1, -1) : quoted).replaceAll(/\\([^])/g, '$1');
    pairs.push([keyword, value]);
  }
  return pairs;
}

function isKeyword(keyword: string): keyword is Keyword {
  return Object.hasOwn(KEYWORDS, keyword);
}
