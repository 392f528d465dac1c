/** The URL form of PG_DSN as the keywords that it stands for. A URL parser of the web reads some of libpq's URLs wrongly. */

/** `postgresql://user:password@host:port/database?keyword=value`; everything after the scheme is optional, and there can be several hosts. */
const PARTS =
  /^postgres(?:ql)?:\/\/(?:(?<user>[^:/@]*)(?::(?<password>[^/]*))?@)?(?<place>[^/?]*)(?:\/(?<dbname>[^?]*))?(?:\?(?<query>.*))?$/s;
/** An IPv6 address stands in brackets. */
const PLACE = /^(?<host>\[[^\]]*\]|[^:]*)(?::(?<port>\d*))?$/s;

export type Pair = readonly [keyword: string, value: string];

/** The pairs of a URL; values of the query come last, so they win. */
export function urlPairs(url: string): Pair[] | string {
  const parts = PARTS.exec(url)?.groups;
  const places = (parts?.['place'] ?? '').split(',').map(place => PLACE.exec(place)?.groups);
  if (parts === undefined || places.includes(undefined)) return 'is not a valid postgres:// URL';
  const each = (name: string): string => joined(places.map(place => place?.[name] ?? ''));
  const named: [string, string | undefined][] = [
    ['user', parts['user']],
    ['password', parts['password']],
    ['host', each('host').replaceAll(/[[\]]/g, '')],
    ['port', each('port')],
    ['dbname', parts['dbname']],
  ];
  const pairs: Pair[] = named.flatMap(([keyword, text = '']) =>
    text === '' ? [] : [[keyword, decoded(text)] as const],
  );
  for (const setting of (parts['query'] ?? '').split('&').filter(text => text !== '')) {
    const equals = setting.indexOf('=');
    // Say which kind of mistake, not the text: it may be part of the password.
    if (equals < 1) return 'has a query that is not keyword=value&keyword=value';
    pairs.push(translated(decoded(setting.slice(0, equals)), decoded(setting.slice(equals + 1))));
  }
  return pairs;
}

/** Several servers are separated by commas; the port of any of them may be left out. */
function joined(values: readonly string[]): string {
  return values.every(value => value === '') ? '' : values.join(',');
}

/** Spellings of other drivers for what libpq calls `sslmode`. */
function translated(keyword: string, value: string): Pair {
  if (keyword === 'ssl' && /^(true|1)$/.test(value)) return ['sslmode', 'require'];
  if (keyword === 'ssl' && /^(false|0)$/.test(value)) return ['sslmode', 'disable'];
  if (keyword === 'sslmode' && value === 'no-verify') return ['sslmode', 'require'];
  return [keyword, value];
}

/** Decodes `%20`; a percent sign that starts no such code stays, because passwords are often pasted unencoded. */
function decoded(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, codes =>
    Buffer.from(codes.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}
