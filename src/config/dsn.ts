/**
 * PG_DSN in both forms of libpq, keyword string and URL: the same keywords with the same meaning.
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
 */
import { KEYWORDS, REFUSED } from './dsn-keywords.ts';
import type { Keyword } from './dsn-keywords.ts';
import { urlPairs } from './dsn-url.ts';
import type { Pair } from './dsn-url.ts';

/** The keywords of a DSN, each with a valid value. A keyword that is given twice has its last value. */
export type Dsn = Readonly<Partial<Record<Keyword, string>>>;

/** How libpq's `sslmode` protects a connection, from not at all to a certificate that names the host. */
export type SslMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

/**
 * One `keyword = value` pair. A value with blanks must be in single quotes. In both forms a backslash escapes the next
 * character.
 */
const PAIR = /\s*([a-z_]+)\s*=\s*('(?:[^'\\]|\\[^])*'|(?!')(?:[^\s\\]|\\[^])*)(?=\s|$)/y;

/** The keywords of a DSN, or what is wrong with it, after “It”. That text may show values of harmless keywords only. */
export function parseDsn(text: string): Dsn | string {
  const pairs = /^postgres(ql)?:\/\//.test(text) ? urlPairs(text) : keywordPairs(text.trim());
  if (typeof pairs === 'string') return pairs;
  for (const [keyword, value] of pairs) {
    const instead = REFUSED.get(keyword);
    if (instead !== undefined) return `has the keyword ${keyword}, which is not supported: ${instead}`;
    if (!isKeyword(keyword)) return `has the unknown keyword ${keyword}`;
    const problem = KEYWORDS[keyword](value);
    if (problem !== undefined) return `has the ${keyword} ${JSON.stringify(value)}${problem}`;
  }
  if (pairs.length === 0) return 'is empty';
  const dsn: Dsn = Object.fromEntries(pairs);
  return hostProblem(dsn) ?? dsn;
}

/** A server that a DSN names. */
export interface Host {
  readonly host?: string;
  /** The address of `host`, where it is not to be looked up. */
  readonly hostaddr?: string;
  readonly port?: string;
}

/** The servers of a DSN, in its order. */
export function hostsOf(dsn: Dsn): Host[] {
  const [hosts, addresses, ports] = lists(dsn);
  const count = Math.max(1, hosts.length, addresses.length);
  const named = (name: keyof Host, value: string | undefined): Host => (value ? { [name]: value } : {});
  return Array.from({ length: count }, (_, i) => ({
    ...named('host', hosts[i]),
    ...named('hostaddr', addresses[i]),
    ...named('port', ports.length === 1 ? ports[0] : ports[i]),
  }));
}

function hostProblem(dsn: Dsn): string | undefined {
  const [hosts, addresses, ports] = lists(dsn);
  const count = Math.max(1, hosts.length, addresses.length);
  if (hosts.length > 0 && addresses.length > 0 && hosts.length !== addresses.length)
    return `has ${plural(hosts.length, 'name')} in host and ${plural(addresses.length, 'address', 'addresses')} in hostaddr; expected as many of both`;
  if (ports.length > 1 && ports.length !== count)
    return `has ${ports.length} ports for ${plural(count, 'host')}; expected one, or one for each host`;
  return undefined;
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function lists({ host, hostaddr, port }: Dsn): readonly [string[], string[], string[]] {
  const list = (text: string | undefined): string[] => text?.split(',') ?? [];
  return [list(host), list(hostaddr), list(port)];
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
