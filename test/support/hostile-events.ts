/**
 * Hostile events, generated from a seed, which a counter must count exactly like `JSON.parse` on every line. `TRAPS` are
 * known cases by name; `hostileLine` mixes them at random. test/support/hostile-events.test.ts checks that the mix stays
 * hostile.
 */
import { Random } from '../../dev/simulator/random.ts';

/** A line that has fooled a counter, or could. */
export interface Trap {
  readonly name: string;
  readonly line: Buffer;
}

const TIME = 1_763_632_800;
const GOOD: Readonly<Record<string, string>> = {
  $schema: '"/mediawiki/recentchange/1.0.0"',
  meta: '{"id":"m1","dt":"2025-11-20T10:00:01Z","domain":"en.wikipedia.org","stream":"mediawiki.recentchange"}',
  id: '1',
  type: '"edit"',
  namespace: '0',
  title: '"T"',
  comment: '"c"',
  timestamp: String(TIME),
  user: '"U"',
  bot: 'false',
  minor: 'true',
  length: '{"old":10,"new":25}',
  revision: '{"old":1,"new":2}',
  server_name: '"en.wikipedia.org"',
  wiki: '"enwiki"',
  parsedcomment: '"c"',
};

/** A good edit with other values, as JSON texts; an empty text leaves the field out. */
function written(changes: Readonly<Record<string, string>> = {}): string {
  const fields = Object.entries({ ...GOOD, ...changes }).filter(([, value]) => value !== '');
  return `{${fields.map(([name, value]) => `"${name}":${value}`).join(',')}}`;
}

function trap(name: string, text: string): Trap {
  return { name, line: Buffer.from(text, 'utf8') };
}

/** A line with invalid UTF-8 in place of `@`. */
function bytesTrap(name: string, text: string, bytes: readonly number[]): Trap {
  const [before = '', after = ''] = text.split('@');
  return { name, line: Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]) };
}

/** A string that looks like the fields of an event, and whose end is easily misread. */
const LOOKALIKE = String.raw`"x\",\"type\":\"log\",\"wiki\":\"dewiki\",\"timestamp\":1,\"length\":{\"new\":9},\"bot\":true,\\"`;
const NESTED =
  '{"type":"log","wiki":"dewiki","timestamp":1,"bot":true,"length":{"old":0,"new":9},"revision":{"new":9},"meta":{"domain":"canary"}}';

export const TRAPS: readonly Trap[] = [
  trap('a good edit', written()),
  trap('a page creation', written({ type: '"new"', length: '{"new":7}', revision: '{"new":2}' })),
  trap('keys inside strings', written({ comment: LOOKALIKE, title: LOOKALIKE, parsedcomment: LOOKALIKE })),
  trap('a string of backslashes', written({ title: String.raw`"\\\\\\"`, comment: String.raw`"\\\""` })),
  trap('an escaped key', written({ type: '' }).replace('{', String.raw`{"ty\u0070e":"edit",`)),
  trap('an escaped value', written({ type: String.raw`"\u0065dit"`, wiki: String.raw`"en\u0077iki"` })),
  trap('escaped keys within', written({ length: String.raw`{"\u006fld":1,"n\u0065w":4}` })),
  trap('an escaped slash in an id', written({ meta: String.raw`{"id":"a\/b"}` })),
  trap('white space', `\r\t ${written().replaceAll(/([:,{}])/g, '\t $1 \r')} \t`),
  trap('a CRLF line end', `${written()}\r`),
  trap(
    'keys in reverse',
    `{${Object.entries(GOOD)
      .toReversed()
      .map(([name, value]) => `"${name}":${value}`)
      .join(',')}}`,
  ),
  trap('same-named keys below', written({ log_params: NESTED, $schema: NESTED })),
  trap('same-named keys before', `{"log_params":${NESTED},${written().slice(1)}`),
  trap('same-named keys in a list', written({ log_params: `[${NESTED},[${NESTED}]]` })),
  trap('same-named keys in length', written({ length: '{"length":{"new":1},"old":{"new":2},"new":3}' })),
  trap('a duplicate type, last wins', `{"type":"log",${written().slice(1)}`),
  trap('a duplicate type that undoes the edit', `${written().slice(0, -1)},"type":"log"}`),
  trap('a duplicate behind an escape', `${written().slice(0, -1)},"ty\\u0070e":"log"}`),
  trap('a duplicate wiki', `${written().slice(0, -1)},"wiki":"dewiki"}`),
  trap('a duplicate length', `${written().slice(0, -1)},"length":{"new":1}}`),
  trap('a duplicate side', written({ length: '{"new":1,"old":5,"new":2}' })),
  trap('a duplicate meta without an id', `${written().slice(0, -1)},"meta":{}}`),
  trap('a duplicate meta of a canary', `${written().slice(0, -1)},"meta":{"id":"m","domain":"canary"}}`),
  trap('a duplicate timestamp', `${written().slice(0, -1)},"timestamp":${TIME + 600}}`),
  trap('a duplicate bot', `${written().slice(0, -1)},"bot":true}`),
  trap('raw U+2028, U+2029 and U+0085', written({ title: '"\u2028\u2029\u0085"', user: '"\u2028"' })),
  trap('characters of four bytes', written({ title: '"😀𝄞"', comment: '"中文 é"' })),
  trap(
    'half a surrogate pair, escaped',
    written({ title: String.raw`"\ud83d"`, user: String.raw`"\ude00"` }),
  ),
  trap('an escaped NUL', written({ title: String.raw`"\u0000"` })),
  trap('a raw NUL', written({ title: '"\u0000"' })),
  trap('a raw tab', written({ title: '"\t"' })),
  trap('a byte order mark', `\uFEFF${written()}`),
  trap('no length', written({ length: '' })),
  trap('length null', written({ length: 'null' })),
  trap('length empty', written({ length: '{}' })),
  trap('length.old null', written({ length: '{"old":null,"new":5}' })),
  trap('length.new null', written({ length: '{"old":5,"new":null}' })),
  trap('length a list', written({ length: '[1,2]' })),
  trap('length a number', written({ length: '5' })),
  trap('a fraction of a byte', written({ length: '{"old":1.5,"new":2}' })),
  trap('a length in exponents', written({ length: '{"old":1e1,"new":2.5E+1}' })),
  trap('a length of minus zero', written({ length: '{"old":0,"new":-0}' })),
  trap('a negative length', written({ length: '{"old":-5,"new":5}' })),
  trap('the greatest length', written({ length: '{"old":0,"new":2147483647}' })),
  trap('a greater length', written({ length: '{"old":0,"new":2147483648}' })),
  trap('no revision', written({ revision: '' })),
  trap('revision null', written({ revision: 'null' })),
  trap('revision.new null', written({ revision: '{"new":null}' })),
  trap('a revision beyond 2^53', written({ revision: '{"new":9007199254740993}' })),
  trap('no timestamp', written({ timestamp: '' })),
  trap('timestamp null', written({ timestamp: 'null' })),
  trap('a timestamp in quotes', written({ timestamp: `"${TIME}"` })),
  trap('a fraction of a second', written({ timestamp: `${TIME}.5` })),
  trap('a whole timestamp with a point', written({ timestamp: `${TIME}.000` })),
  trap('a timestamp in exponents', written({ timestamp: '17636328e2' })),
  trap('a negative timestamp', written({ timestamp: '-5' })),
  trap('a huge timestamp', written({ timestamp: '99999999999999999999' })),
  trap('a timestamp beyond all numbers', written({ timestamp: '1e400' })),
  trap('a timestamp with a leading zero', written({ timestamp: `0${TIME}` })),
  trap('a timestamp with a plus', written({ timestamp: `+${TIME}` })),
  trap('the first second', written({ timestamp: String(Date.UTC(2001, 0, 15) / 1000) })),
  trap('the second before the first', written({ timestamp: String(Date.UTC(2001, 0, 15) / 1000 - 1) })),
  trap('the last second of the year 9999', written({ timestamp: '253402300799' })),
  trap('the year 10000', written({ timestamp: '253402300800' })),
  trap('a number as type, in quotes', written({ type: '"142"' })),
  trap('a number as type', written({ type: '142' })),
  trap('no type', written({ type: '' })),
  trap('a type in a list', written({ type: '["edit"]' })),
  trap('a type that begins like edit', written({ type: '"edits"' })),
  trap('a type that ends early', written({ type: '"edi"' })),
  trap('an upper case type', written({ type: '"Edit"' })),
  trap('a log entry without revision', written({ type: '"log"', revision: '', length: '' })),
  trap('a categorize row', written({ type: '"categorize"', revision: '', length: '' })),
  trap('bot null', written({ bot: 'null' })),
  trap('bot in quotes', written({ bot: '"true"' })),
  trap('bot true', written({ bot: 'true' })),
  trap('no bot', written({ bot: '' })),
  trap('an upper case wiki', written({ wiki: '"enWiki"' })),
  trap('an empty wiki', written({ wiki: '""' })),
  trap('a wiki of 64', written({ wiki: `"${'a'.repeat(64)}"` })),
  trap('a wiki of 65', written({ wiki: `"${'a'.repeat(65)}"` })),
  trap('a wiki with an escaped line end', written({ wiki: String.raw`"enwiki\n"` })),
  trap('an empty id', written({ meta: '{"id":""}' })),
  trap('an id that is a number', written({ meta: '{"id":5}' })),
  trap('an id one level too deep', written({ meta: '{"meta":{"id":"m1"}}' })),
  trap('no meta', written({ meta: '' })),
  trap('meta a list', written({ meta: '[{"id":"m1"}]' })),
  trap('a canary', '{"$schema":"/mediawiki/recentchange/1.0.1","meta":{"domain":"canary"}}'),
  trap('an escaped canary', written({ meta: String.raw`{"id":"m1","domain":"c\u0061nary"}` })),
  trap('a prototype', `{"__proto__":{"type":"log"},${written().slice(1)}`),
  trap('an unknown field of all kinds', written({ extra: '[null,true,-1.5e-7,"",{},[]]' })),
  trap('an empty key', written({ '': '1', type: '"edit"' })),
  trap('trailing garbage', `${written()}x`),
  trap('two events', written() + written()),
  trap('a torn event', written().slice(0, -20)),
  trap('a torn string', written().slice(0, written().indexOf('"T"') + 2)),
  trap('a trailing comma', written().replace(/\}$/, ',}')),
  trap('a missing comma', written().replace(',"type"', '"type"')),
  trap('a comment', `${written()}//`),
  trap('a list', `[${written()}]`),
  trap('a string', JSON.stringify(written())),
  trap('null', 'null'),
  trap('nothing', ''),
  trap('a blank', ' '),
  trap('deep nesting', written({ log_params: '['.repeat(5_000) + ']'.repeat(5_000) })),
  trap('deep nesting that never closes', written({ log_params: '['.repeat(5_000) })),
  bytesTrap('invalid UTF-8 in a title', written({ title: '"@"' }), [0xff, 0xc0, 0x80]),
  bytesTrap('a character cut short in a title', written({ title: '"@"' }), [0xe2, 0x80]),
  bytesTrap('a surrogate as UTF-8', written({ title: '"@"' }), [0xed, 0xa0, 0x80]),
  bytesTrap('invalid UTF-8 in the wiki', written({ wiki: '"en@wiki"' }), [0xfe]),
  bytesTrap('invalid UTF-8 in a key', written({ type: '', 'ty@pe': '"edit"' }), [0x80]),
  bytesTrap('invalid UTF-8 between tokens', written().replace('"id"', '@"id"'), [0xff]),
  bytesTrap('a character cut short by the end of the line', `${written()}@`, [0xf0, 0x9f]),
];

/** Texts for strings of a hostile event; escaped at random. */
const TEXTS = [
  'x',
  '',
  '"type":"edit"',
  '{"meta":{"id":"z","domain":"canary"}}',
  '","wiki":"dewiki","type":"log","x":"',
  '\\',
  '\\"',
  '\\\\',
  '\u2028',
  '\u2029\u0085\u00a0',
  '\uFEFF',
  '😀 中文 é',
  '\u0000\u001f',
  'a\nb\tc',
  '</script>',
  '[[File:A.jpg|thumb]] {{cite|url=https://example.org/?a=1&b=2}}',
];

/** One line without a line end. The same seed gives the same bytes on every machine. */
export function hostileLine(seed: number): Buffer {
  const random = new Random(seed);
  if (random.chance(0.1)) return random.pick(TRAPS).line;
  const text = wounded(hostileEvent(random), random);
  const bytes = Buffer.from(text, 'utf8');
  if (!random.chance(0.08)) return bytes;
  const at = random.below(bytes.length + 1);
  const extra = random.pick([
    [0xff],
    [0xe2, 0x80],
    [0xc0, 0xaf],
    [0xed, 0xa0, 0x80],
    [0xf0, 0x9f, 0x98],
    [0x80],
  ]);
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(extra), bytes.subarray(at)]);
}

/** Lines of these seeds as one part. */
export function hostilePart(seeds: readonly number[], { finalNewline = true } = {}): Buffer {
  const newline = Buffer.from('\n');
  const whole = Buffer.concat(seeds.flatMap(seed => [hostileLine(seed), newline]));
  return finalNewline ? whole : whole.subarray(0, -1);
}

/** The bytes in pieces, cut at the given places (taken modulo the length). */
export function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const cuts = places.map(place => place % (bytes.length + 1)).sort((a, b) => a - b);
  return [0, ...cuts].map((from, i) => bytes.subarray(from, cuts[i] ?? bytes.length));
}

/** Pieces as a stream of bytes. */
export async function* streamed(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    await Promise.resolve();
    yield piece;
  }
}

type Field = readonly [name: string, value: string];

/** Picks from `others` once in `rarity` times, else `usual`. */
function mostly(random: Random, usual: string, others: readonly string[], rarity = 8): string {
  return random.below(rarity) === 0 ? random.pick(others) : usual;
}

const NO_OBJECTS = ['', 'null', '[]', '5', '"x"', 'true', '[{"new":1,"old":1,"id":"x"}]'];
const NO_STRINGS = ['', 'null', '5', '["edit"]', '{}', 'false'];

function hostileEvent(random: Random): string {
  const minute = TIME + 60 * random.below(3) + random.below(60);
  const fields: Field[] = [
    ['meta', mostly(random, hostileMeta(random), NO_OBJECTS)],
    [
      'type',
      mostly(random, string(random.pick(['edit', 'edit', 'edit', 'new', 'log', '142']), random), NO_STRINGS),
    ],
    [
      'wiki',
      mostly(random, string(random.pick(['enwiki', 'dewiki', 'a']), random), [
        ...NO_STRINGS,
        '"A"',
        '"en-wiki"',
      ]),
    ],
    ['timestamp', hostileInteger(minute, random)],
    ['bot', random.pick(['true', 'false', 'false', 'null', '"true"', '1', ''])],
    ['length', mostly(random, hostilePair(random), NO_OBJECTS)],
    ['revision', mostly(random, hostilePair(random), NO_OBJECTS)],
    ['title', string(random.pick(TEXTS), random)],
    [
      'comment',
      random.chance(0.05)
        ? string('x'.repeat(random.below(70_000)), random)
        : string(random.pick(TEXTS), random),
    ],
    ['log_params', random.pick(['', '[]', NESTED, `[${NESTED}]`, hostilePair(random)])],
    ['minor', random.pick(['true', ''])],
  ];
  return object(fields, random);
}

function hostileMeta(random: Random): string {
  const fields: Field[] = [
    ['id', mostly(random, string(`id${random.below(1000)}`, random), [...NO_STRINGS, '""'])],
    ['dt', random.pick(['"2025-11-20T10:00:01Z"', '"2025-11-20T10:00:01.250Z"', '""', 'null', '5', ''])],
    [
      'domain',
      mostly(
        random,
        '"en.wikipedia.org"',
        ['"canary"', String.raw`"\u0063anary"`, '"Canary"', 'null', ''],
        12,
      ),
    ],
    ['topic', random.pick(['"eqiad.mediawiki.recentchange"', ''])],
    ['offset', random.pick(['6496589447', '"5"', ''])],
    ['wiki', random.pick(['"otherwiki"', ''])],
  ];
  return object(fields, random);
}

/** `{"old":…,"new":…}`: of length or of revision. */
function hostilePair(random: Random): string {
  const sides = (['old', 'new'] as const).map((name): Field => [
    name,
    mostly(random, hostileInteger(random.below(100_000), random), ['', 'null', '{}', '-3', '2147483648']),
  ]);
  return object(sides, random);
}

function hostileInteger(value: number, random: Random): string {
  return mostly(
    random,
    mostly(random, String(value), [`${value}.0`, `${value}e0`, `${value}0e-1`, `${value}.00E+0`]),
    [
      '',
      'null',
      'true',
      '[]',
      `"${value}"`,
      `-${value}`,
      `0${value}`,
      `+${value}`,
      `${value}.`,
      `${value}.5`,
      `${value}e`,
      '-',
      'NaN',
      'Infinity',
      '0x10',
      '1e400',
      '-0',
      '9007199254740993',
      '978307200',
    ],
    12,
  );
}

/** An object with its fields in any order, with white space, escaped names and repeated names. An empty value leaves its field out. */
function object(fields: readonly Field[], random: Random): string {
  const present = fields.filter(([, value]) => value !== '');
  const repeated = present.flatMap(([name]): Field[] =>
    random.chance(0.03) ? [[name, random.pick(['null', '1', '"log"', '"edit"', '{}', '{"new":4}'])]] : [],
  );
  const all = [...present, ...repeated];
  for (let i = all.length - 1; i > 0; i -= 1) {
    const j = random.below(i + 1);
    const [a, b] = [all[i], all[j]];
    if (a !== undefined && b !== undefined) [all[i], all[j]] = [b, a];
  }
  const isSpaced = random.chance(0.2);
  const space = (): string => (isSpaced ? random.pick(['', ' ', '\t', '\r', '  ']) : '');
  const members = all.map(
    ([name, value]) => `${space()}${string(name, random)}${space()}:${space()}${value}${space()}`,
  );
  return `{${members.join(',')}${space()}}`;
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '/': '\\/',
  '\n': '\\n',
  '\t': '\\t',
};

/** A JSON string; sometimes with needless escapes, rarely without a required one. */
function string(value: string, random: Random): string {
  const escapeChance = random.chance(0.1) ? 0.3 : 0;
  const forgets = random.chance(0.005);
  if (escapeChance === 0 && !forgets) return JSON.stringify(value);
  const written = Array.from(value, character => {
    const needs = character < ' ' || character === '"' || character === '\\';
    if ((!needs || forgets) && !random.chance(escapeChance)) return character === '\n' ? '\\n' : character;
    const short = SHORT_ESCAPES[character];
    if (short !== undefined && random.chance(0.8)) return short;
    return Array.from({ length: character.length }, (_, i) => {
      const hex = character.charCodeAt(i).toString(16).padStart(4, '0');
      return `\\u${random.chance(0.5) ? hex : hex.toUpperCase()}`;
    }).join('');
  });
  return `"${written.join('')}"`;
}

/** Mostly the text itself; rarely truncated, with extra text around it, or not an object at all. */
function wounded(text: string, random: Random): string {
  if (!random.chance(0.12)) return text;
  const at = random.below(text.length + 1);
  return random.pick([
    text.slice(0, at),
    text.slice(at),
    `${text.slice(0, at)}${text.slice(at + 1)}`,
    `${text.slice(0, at)}"${text.slice(at)}`,
    `${text.slice(0, at)}\\${text.slice(at)}`,
    `${text}}`,
    `${text},`,
    `${text} ${text}`,
    `\uFEFF${text}`,
    `[${text}]`,
    JSON.stringify(text),
    '',
    '\r',
    '0',
  ]);
}
