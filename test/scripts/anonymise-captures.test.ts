/** Anonymised captures keep their shape, and none of the values that lead to a person or a page. */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { anonymise } from '../../scripts/anonymise/anonymise.mjs';

const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));
const SEED = 'a seed';

/** An edit in which names are written in every way that the stream has. */
const EVENT = {
  $schema: '/mediawiki/recentchange/1.0.0',
  meta: {
    uri: 'https://fr.wikipedia.org/wiki/Discussion:L%27%C3%A9cole_verte_(film)',
    request_id: '3f1b6c2e-8a1d-4b7e-9c55-0d2e4f6a8b10',
    id: '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
    domain: 'fr.wikipedia.org',
    stream: 'mediawiki.recentchange',
    dt: '2025-12-15T12:02:50.911Z',
    topic: 'codfw.mediawiki.recentchange',
    partition: 0,
    offset: 1_808_609_898,
  },
  id: 4_972_051,
  type: 'edit',
  namespace: 1,
  title: "Discussion:L'école verte (film)",
  title_url: 'https://fr.wikipedia.org/wiki/Discussion:L%27%C3%A9cole_verte_(film)',
  comment: "/* Sources */ voir [[Discussion:L'école verte (film)]], merci à 198.51.100.27 et ~2025-31415-92",
  timestamp: 1_765_800_170,
  user: 'Ågot Strømberg',
  bot: false,
  notify_url: 'https://fr.wikipedia.org/w/index.php?diff=4607488&oldid=4607487',
  minor: true,
  length: { old: 2083, new: 2068 },
  revision: { old: 4_607_487, new: 4_607_488 },
  server_url: 'https://fr.wikipedia.org',
  server_name: 'fr.wikipedia.org',
  server_script_path: '/w',
  wiki: 'frwiki',
  parsedcomment:
    '<span dir="auto"><span class="autocomment">Sources</span></span> voir <a href="/wiki/Discussion:L%27%C3%A9cole_verte_(film)" title="Discussion:L&#039;école verte (film)">Discussion:L&#039;école verte (film)</a>, merci à 198.51.100.27 et ~2025-31415-92',
};
const LOG = {
  ...EVENT,
  meta: { ...EVENT.meta, id: '7c6b5a49-3827-4165-9a4b-3c2d1e0f9a8b', offset: 1_808_609_899 },
  id: 4_972_052,
  type: 'log',
  log_id: 316_776,
  log_type: 'move',
  log_action: 'move',
  log_params: { target: 'Discussion:Nouvelle école', noredir: '0', auto: 0, curid: '4607488' },
  log_action_comment: 'Ågot Strømberg moved &quot;[[Discussion:L&#039;école verte (film)]]&quot;',
};
/** What must be gone: the words of the values above. */
const ORIGINALS = [
  'école',
  'Ågot',
  'Strømberg',
  'verte',
  'film',
  'Sources',
  'voir',
  'merci',
  'Nouvelle',
  'moved',
  '198.51.100.27',
  '31415',
  '4607488',
  '4607487',
  '4972051',
  '4972052',
  '316776',
  '3f1b6c2e',
  '0a1b2c3d',
];

type Event = typeof EVENT & Partial<typeof LOG>;

function only(name: string, text: string, seed = SEED): string {
  return anonymise([{ name, text }], seed)[0]?.text ?? '';
}

function events(...list: readonly object[]): Event[] {
  const text = list.map(event => JSON.stringify(event)).join('\n');
  return only('events.ndjson', text)
    .split('\n')
    .map(line => JSON.parse(line) as Event);
}

/** All but letters and digits, which are replaced by one of their kind and as many bytes. */
function shapeOf(text: string): string {
  return unescaped(text).replaceAll(/[\p{L}\p{N}]/gu, char => {
    const kind = /\p{N}/u.test(char) ? '9' : char.toLowerCase() === char ? 'a' : 'A';
    return kind.repeat(Buffer.byteLength(char));
  });
}

/** As a reader sees it: without the escapes of JSON, URLs and HTML. */
function unescaped(text: string): string {
  return text
    .replaceAll(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replaceAll(/(?:%[0-9A-F]{2})+/gi, escapes => {
      try {
        return decodeURIComponent(escapes);
      } catch {
        return escapes;
      }
    })
    .replaceAll('&#039;', "'");
}

describe('an event', () => {
  const [edit, log] = events(EVENT, LOG) as [Event, Event];

  test('has no word, number or address left of what is replaced', () => {
    const text = unescaped(JSON.stringify([edit, log])).toLowerCase();
    expect(ORIGINALS.filter(original => text.includes(original.toLowerCase()))).toEqual([]);
  });

  test('has the same shape, field by field', () => {
    expect(shapeOf(JSON.stringify(edit))).toBe(shapeOf(JSON.stringify(EVENT)));
    expect(shapeOf(JSON.stringify(log))).toBe(shapeOf(JSON.stringify(LOG)));
  });

  test('keeps its times, position, wiki, namespace, sizes and flags', () => {
    const { $schema, type, namespace, timestamp, bot, minor, length, wiki } = EVENT;
    expect(edit).toMatchObject({ $schema, type, namespace, timestamp, bot, minor, length, wiki });
    const { domain, stream, dt, topic, partition, offset } = EVENT.meta;
    expect(edit.meta).toMatchObject({ domain, stream, dt, topic, partition, offset });
    const { server_url, server_name, server_script_path } = EVENT;
    expect(edit).toMatchObject({ server_url, server_name, server_script_path });
    const { log_type, log_action } = LOG;
    expect(log).toMatchObject({ log_type, log_action, log_params: { noredir: '0', auto: 0 } });
  });

  test('has one name for a page in all its fields', () => {
    expect(edit.title).toMatch(/^Discussion:/);
    expect(unescaped(edit.meta.uri)).toBe(`https://fr.wikipedia.org/wiki/${edit.title.replaceAll(' ', '_')}`);
    expect(edit.title_url).toBe(edit.meta.uri);
    expect(edit.comment).toContain(`[[${edit.title}]]`);
    expect(unescaped(edit.parsedcomment)).toContain(`title="${edit.title}">${edit.title}</a>`);
    expect(unescaped(log.log_action_comment ?? '')).toContain(`${edit.user} `);
    expect(unescaped(log.log_action_comment ?? '')).toContain(`[[${edit.title}]]`);
  });

  test('has ids in the same order, and the same ones in its URLs and parameters', () => {
    expect(edit.revision.old).toBeLessThan(edit.revision.new);
    expect(edit.id).toBeLessThan(log.id);
    expect(edit.notify_url).toBe(
      `https://fr.wikipedia.org/w/index.php?diff=${edit.revision.new}&oldid=${edit.revision.old}`,
    );
    expect(log.log_params?.curid).toBe(String(edit.revision.new));
    expect(edit.meta.id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
  });

  test('that is repeated is the same again, and another one is not', () => {
    const [first, other, again] = events(EVENT, LOG, EVENT);
    expect(again).toEqual(first);
    expect(other?.meta.id).not.toBe(first?.meta.id);
  });

  test('with a field that has no rule is refused', () => {
    expect(() => events({ ...EVENT, email: 'a@example.org' })).toThrow('No rule for the field email');
    expect(() => events({ ...EVENT, meta: { ...EVENT.meta, ip: '::1' } })).toThrow(
      'No rule for the field meta.ip',
    );
  });
});

describe('bytes', () => {
  test('of JSON stay: white space, escapes, formats of numbers', () => {
    const text = String.raw`{"user" : "\u00c5got \"X\"\t\uD83D\uDE00",  "length":{"new":1.50E+3}}`;
    const fresh = only('event.ndjson', text);
    expect(fresh).toMatch(
      /^\{"user" : "\\u00[cd][0-9a-f][a-z]{3} \\"[A-Z]\\"\\t\\uD83D\\uDE00", {2}"length":\{"new":1\.50E\+3\}\}$/,
    );
    expect(fresh).not.toContain('got');
  });

  test('of an event stream stay, but for its data', () => {
    const text = `:ok\n\nevent: message\nid: [{"topic":"x","partition":0}]\ndata: ${JSON.stringify(EVENT)}\n\nid: [`;
    const lines = only('stream.sse', text).split('\n');
    expect(lines.map(line => line.slice(0, 6))).toEqual(text.split('\n').map(line => line.slice(0, 6)));
    expect(lines[4]?.slice(6)).toBe(only('events.ndjson', JSON.stringify(EVENT)));
    expect(lines.filter((_, at) => at !== 4)).toEqual(text.split('\n').filter((_, at) => at !== 4));
  });

  test('of rows of a dump stay, but for names, texts and ids', () => {
    const cells = Array.from({ length: 70 }, (_, at) => `cell${at}`);
    const fresh = only('rows.tsv', `${cells.join('\t')}\n`)
      .trimEnd()
      .split('\t');
    const changed = cells.flatMap((cell, at) => (cell === fresh[at] ? [] : [at]));
    expect(changed).toEqual([4, 6, 7, 21, 24, 25, 34, 37, 38, 59]);
    cells[4] = String.raw`a\tb\nc`;
    expect(only('rows.tsv', cells.join('\t')).split('\t')[4]).toMatch(/^[eiou]\\t[^b]\\n[^c]$/);
    expect(() => only('rows.tsv', 'enwiki\trevision')).toThrow('No rules for rows of 2 columns');
  });
});

test('the seed decides on the replacements', () => {
  const text = JSON.stringify(EVENT);
  expect(only('events.ndjson', text)).toBe(only('events.ndjson', text));
  expect(only('events.ndjson', text, 'another')).not.toBe(only('events.ndjson', text));
});

test('captures that are given together share their replacements', () => {
  const change = { title: EVENT.title, ns: 1, revid: EVENT.revision.new, user: EVENT.user };
  const response = { continue: { rccontinue: '20251215120250|4972052' }, query: { recentchanges: [change] } };
  const [stream, answer] = anonymise(
    [
      { name: 'events.ndjson', text: JSON.stringify(LOG) },
      { name: 'answer.json', text: JSON.stringify(response) },
    ],
    SEED,
  ).map(({ text }) => JSON.parse(text) as unknown) as [Event, typeof response];
  expect(answer.query.recentchanges).toEqual([
    { title: stream.title, ns: 1, revid: stream.revision.new, user: stream.user },
  ]);
  expect(answer.continue.rccontinue).toBe(`20251215120250|${stream.id}`);
});

describe('fixtures', () => {
  const folders = ['recentchange', 'action-api', 'history-dump'];
  const files = folders.flatMap(folder =>
    readdirSync(`${FIXTURES}${folder}`).map(name => `${folder}/${name}`),
  );

  test.each(files)('%s could be anonymised again: same shape, other values', path => {
    const whole = readFileSync(`${FIXTURES}${path}`, 'utf8');
    const text = path.endsWith('.ndjson') ? whole.split('\n').slice(0, 50).join('\n') : whole;
    const fresh = only(path, text);
    expect(Buffer.byteLength(fresh)).toBe(Buffer.byteLength(text));
    expect(shapeOf(fresh) === shapeOf(text)).toBe(true);
    // A short one may be part of another word by chance.
    const originals = text.match(/(?<="(?:title|user|comment)": ?")(?!Category:)[\p{L} ]{8,}(?=")/gu) ?? [];
    expect(originals.filter(original => fresh.includes(original))).toEqual([]);
  });

  test('are each described in SOURCES.md', () => {
    const sources = readFileSync(`${FIXTURES}SOURCES.md`, 'utf8');
    const names = files.map(path => path.replace(/^.*\//, ''));
    expect(names.filter(name => !sources.includes(name))).toEqual([]);
  });
});
