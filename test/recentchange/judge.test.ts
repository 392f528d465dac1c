/** ② What is a canary, a usable event or a dead letter, and why. */
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeadReason, JudgeRules, Reading } from '../../src/core/reading.ts';
import { isWikiName } from '../../src/core/wiki-name.ts';
import { CAPTURED_FILES, capturedLines } from '../support/captured.ts';
import { STREAM, STREAM_WITH_NEW } from '../support/stream.ts';

const NOW_MS = Date.parse('2026-11-20T10:00:00Z');
const NOW = NOW_MS / 1000;
const FIRST_DAY = Date.UTC(2001, 0, 15) / 1000;
const DAY = 86_400;

const META = {
  id: '0f3c9f6e-6d4e-4c5c-9a55-3ef8c2a7a1b2',
  dt: '2026-11-20T09:59:58.123Z',
  domain: 'en.wikipedia.org',
  stream: 'mediawiki.recentchange',
  topic: 'eqiad.mediawiki.recentchange',
  partition: 0,
  offset: 6_496_589_447,
};
const EDIT = {
  $schema: '/mediawiki/recentchange/1.0.0',
  meta: META,
  type: 'edit',
  wiki: 'enwiki',
  timestamp: NOW - 5,
  bot: false,
  length: { old: 100, new: 117 },
  revision: { old: 1_200_000_001, new: 1_200_000_002 },
};
const RULES: JudgeRules = { nowMs: NOW_MS };

/** The text of an edit with other fields; `undefined` leaves one out. */
function edit(changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ ...EDIT, ...changes });
}

function read(text: string, rules: JudgeRules = RULES): Reading {
  return STREAM.judge(text, rules);
}

function reasonOf(text: string): DeadReason | Exclude<Reading['kind'], 'dead'> {
  const reading = read(text);
  return reading.kind === 'dead' ? reading.reason : reading.kind;
}

describe('a usable event', () => {
  test('yields everything that the pipeline needs', () => {
    expect(read(edit())).toEqual({
      kind: 'event',
      id: META.id,
      wiki: 'enwiki',
      timestamp: NOW - 5,
      sentAtMs: Date.parse(META.dt),
      origin: { topic: META.topic, offset: 6_496_589_447 },
      edit: { revision: 1_200_000_002, isBot: false, bytesChange: 17 },
    });
  });

  test.each([
    ['both sides', { old: 10, new: 3 }, -7],
    ['no old side, as on page creations', { new: 42 }, 42],
    ['no new side', { old: 42 }, -42],
    ['an old side of null', { old: null, new: 42 }, 42],
    ['a new side of null', { old: 42, new: null }, -42],
    ['no sides', {}, 0],
    ['null', null, 0],
    ['nothing', undefined, 0],
    ['the greatest size', { old: 0, new: 2 ** 31 - 1 }, 2 ** 31 - 1],
    ['other keys too', { old: 1, new: 2, newer: 'x' }, 1],
  ])('counts the bytes of a length with %s', (_, length, bytesChange) => {
    expect(read(edit({ length }))).toMatchObject({ kind: 'event', edit: { bytesChange } });
  });

  test.each([
    [true, true],
    [false, false],
    [undefined, false],
    [null, false],
    [1, false],
    ['true', false],
    [{}, false],
  ])('with bot %j has isBot %j', (bot, isBot) => {
    expect(read(edit({ bot }))).toMatchObject({ edit: { isBot } });
  });

  test.each([
    ['Wikipedia’s first second', FIRST_DAY],
    ['now', NOW],
    ['a day ahead to the second', NOW + DAY],
  ])('may have the timestamp %s', (_, timestamp) => {
    expect(read(edit({ timestamp }))).toMatchObject({ kind: 'event', timestamp });
  });

  test.each(['1763632800.0', '17636328e2', '1763632800000e-3', '1763632800E+0'])(
    'may write its timestamp as %s: JSON has no integers',
    written => {
      const text = edit({ timestamp: 0 }).replace('"timestamp":0', `"timestamp":${written}`);
      expect(read(text)).toMatchObject({ kind: 'event', timestamp: 1_763_632_800 });
    },
  );

  test.each(['a', 'enwiki', 'zh_min_nanwiki', 'be_x_oldwiki', '0', '_', 'x'.repeat(64)])(
    'may be of wiki %s',
    wiki => {
      expect(read(edit({ wiki }))).toMatchObject({ kind: 'event', wiki });
      expect(isWikiName(wiki)).toBe(true);
    },
  );

  test.each([
    'log',
    'categorize',
    'external',
    '142',
    'EDIT',
    'edit ',
    '',
    undefined,
    null,
    142,
    ['edit'],
    {},
  ])('of type %j is not an edit, so neither revision nor length matters', type => {
    const reading = read(edit({ type, revision: 'x', length: 'x' }));
    expect(reading).toMatchObject({ kind: 'event', edit: undefined });
  });

  test('of type new counts only when page creations are counted', () => {
    const created = edit({ type: 'new', length: { new: 9 }, revision: { new: 3 } });
    expect(read(created)).toMatchObject({ kind: 'event', edit: undefined });
    expect(STREAM_WITH_NEW.judge(created, RULES)).toMatchObject({ edit: { revision: 3, bytesChange: 9 } });
  });

  test.each([
    ['missing', undefined],
    ['null', null],
    ['not a time', 'yesterday'],
    ['a number', 1_763_632_800_000],
  ])('whose meta.dt is %s has its event time as the time of sending', (_, dt) => {
    expect(read(edit({ meta: { ...META, dt } }))).toMatchObject({ sentAtMs: (NOW - 5) * 1000 });
  });

  test('may end meta.dt with +00:00, as in 2019', () => {
    const meta = { ...META, dt: '2026-11-20T10:00:02+00:00' };
    expect(read(edit({ meta }))).toMatchObject({ sentAtMs: NOW_MS + 2_000 });
  });

  const month = 30 * DAY * 1_000;
  test.each([
    ['exactly a month after it is accepted', month, month],
    ['exactly a month before it is accepted', -month, -month],
    ['more than a month after it is ignored', month + 1, 0],
    ['more than a month before it is ignored', -month - 1, 0],
    ['a thousand years after it is ignored', 12_000 * month, 0],
  ])('whose meta.dt lies %s', (_, offMs, sentOffMs) => {
    const happenedMs = (NOW - 5) * 1000;
    const meta = { ...META, dt: new Date(happenedMs + offMs).toISOString() };
    expect(read(edit({ meta }))).toMatchObject({ sentAtMs: happenedMs + sentOffMs });
  });

  test.each([
    ['no topic', { topic: undefined }, undefined],
    ['a topic that is not a string', { topic: 5 }, undefined],
    ['no offset', { offset: undefined }, { topic: META.topic, offset: undefined }],
    ['an offset that is not an integer', { offset: '6' }, { topic: META.topic, offset: undefined }],
  ])('with %s yields as much of its origin as there is', (_, changes, origin) => {
    expect(read(edit({ meta: { ...META, ...changes } }))).toMatchObject({ kind: 'event', origin });
  });

  test('is recognised however its JSON is written', () => {
    const disguised = ` \r\t{"length":{"new":0},"wiki":"x","wiki":"enwiki","ty\\u0070e":"\\u0065dit","revision":{"new":7},
      "meta":{"id":"i\\/d","log":{"wiki":"BAD"}},"timestamp":${NOW},"comment":"\u2028 \\"type\\":\\"log\\"","length":{"new":5}} `;
    expect(read(disguised)).toMatchObject({
      id: 'i/d',
      wiki: 'enwiki',
      edit: { revision: 7, bytesChange: 5 },
    });
  });
});

describe('a dead letter', () => {
  const cases: [DeadReason, string, string][] = [
    ['not_json', 'nothing', ''],
    ['not_json', 'white space', ' \n'],
    ['not_json', 'a torn event', edit().slice(0, -1)],
    ['not_json', 'two events', edit() + edit()],
    ['not_json', 'a byte order mark in front', `\uFEFF${edit()}`],
    ['not_json', 'a raw line end inside a string', edit({ title: '@' }).replace('@', '\n')],
    ['not_json', 'single quotes', edit().replaceAll('"', "'")],
    ['not_json', 'a trailing comma', edit().replace(/\}$/, ',}')],
    ['not_json', 'a number with a leading zero', edit({ id: 7 }).replace('"id":7', '"id":07')],
    ['not_json', 'NaN', edit({ id: 7 }).replace('"id":7', '"id":NaN')],
    ['not_object', 'null', 'null'],
    ['not_object', 'true', 'true'],
    ['not_object', 'a number', '5'],
    ['not_object', 'a string', JSON.stringify(edit())],
    ['not_object', 'a list of events', `[${edit()}]`],
    ['missing_meta_id', 'an empty object', '{}'],
    ['missing_meta_id', 'no meta', edit({ meta: undefined })],
    ['missing_meta_id', 'meta null', edit({ meta: null })],
    ['missing_meta_id', 'meta a string', edit({ meta: META.id })],
    ['missing_meta_id', 'meta a list', edit({ meta: [META] })],
    ['missing_meta_id', 'no meta.id', edit({ meta: { ...META, id: undefined } })],
    ['missing_meta_id', 'meta.id null', edit({ meta: { ...META, id: null } })],
    ['missing_meta_id', 'meta.id a number', edit({ meta: { ...META, id: 5 } })],
    [
      'missing_meta_id',
      'meta.id empty, which would make all such events one',
      edit({ meta: { ...META, id: '' } }),
    ],
    ['missing_meta_id', 'an id, but at the top', edit({ meta: {}, id: 'x' })],
    ['bad_wiki', 'no wiki', edit({ wiki: undefined })],
    ['bad_wiki', 'wiki null', edit({ wiki: null })],
    ['bad_wiki', 'wiki a number', edit({ wiki: 5 })],
    ['bad_wiki', 'wiki a list of one', edit({ wiki: ['enwiki'] })],
    ['bad_wiki', 'an empty wiki', edit({ wiki: '' })],
    ['bad_wiki', 'a wiki of 65 characters', edit({ wiki: 'x'.repeat(65) })],
    ['bad_wiki', 'an upper case wiki', edit({ wiki: 'enWiki' })],
    ['bad_wiki', 'a wiki with a hyphen', edit({ wiki: 'en-wiki' })],
    ['bad_wiki', 'a wiki with a slash', edit({ wiki: 'en/wiki' })],
    ['bad_wiki', 'a wiki with a line end after it', edit({ wiki: 'enwiki\n' })],
    ['bad_wiki', 'a wiki with a letter beyond ASCII', edit({ wiki: 'énwiki' })],
    ['bad_timestamp', 'no timestamp', edit({ timestamp: undefined })],
    ['bad_timestamp', 'timestamp null', edit({ timestamp: null })],
    ['bad_timestamp', 'a timestamp in quotes', edit({ timestamp: String(NOW) })],
    ['bad_timestamp', 'an ISO timestamp', edit({ timestamp: '2026-11-20T10:00:00Z' })],
    ['bad_timestamp', 'a fraction', edit({ timestamp: NOW - 0.5 })],
    ['bad_timestamp', 'milliseconds', edit({ timestamp: NOW_MS })],
    ['bad_timestamp', 'a negative timestamp', edit({ timestamp: -NOW })],
    ['bad_timestamp', 'zero', edit({ timestamp: 0 })],
    ['bad_timestamp', 'the second before Wikipedia', edit({ timestamp: FIRST_DAY - 1 })],
    ['bad_timestamp', 'a second past a day ahead', edit({ timestamp: NOW + DAY + 1 })],
    [
      'bad_timestamp',
      'a timestamp beyond all numbers',
      edit({ timestamp: 1 }).replace('"timestamp":1', '"timestamp":1e999'),
    ],
    ['bad_timestamp', 'a list of one', edit({ timestamp: [NOW] })],
    ['bad_revision', 'no revision', edit({ revision: undefined })],
    ['bad_revision', 'revision null', edit({ revision: null })],
    ['bad_revision', 'revision a number', edit({ revision: 5 })],
    ['bad_revision', 'revision a list', edit({ revision: [5] })],
    ['bad_revision', 'no revision.new', edit({ revision: { old: 5 } })],
    ['bad_revision', 'revision.new null', edit({ revision: { new: null } })],
    ['bad_revision', 'revision.new in quotes', edit({ revision: { new: '5' } })],
    ['bad_revision', 'revision.new a fraction', edit({ revision: { new: 5.5 } })],
    [
      'bad_revision',
      'revision.new that a number cannot represent exactly',
      edit({ revision: { new: 2 ** 53 } }),
    ],
    ['bad_length', 'length a number', edit({ length: 5 })],
    ['bad_length', 'length a string', edit({ length: '5' })],
    ['bad_length', 'length false', edit({ length: false })],
    ['bad_length', 'length a list', edit({ length: [1, 2] })],
    ['bad_length', 'a fraction on the old side', edit({ length: { old: 1.5, new: 2 } })],
    ['bad_length', 'a fraction on the new side', edit({ length: { old: 1, new: 2.5 } })],
    ['bad_length', 'a side in quotes', edit({ length: { old: 1, new: '2' } })],
    ['bad_length', 'a side of false', edit({ length: { old: false, new: 2 } })],
    ['bad_length', 'a side that is an object', edit({ length: { old: 1, new: {} } })],
    ['bad_length', 'a size that a 32-bit column cannot hold', edit({ length: { new: 2 ** 31 } })],
  ];

  test.each(cases)('%s: %s', (reason, _, text) => {
    expect(reasonOf(text)).toBe(reason);
  });

  test('has the first reason in the order id, wiki, timestamp, revision, length', () => {
    const broken = { meta: {}, wiki: 'X', timestamp: 1.5, revision: {}, length: 5 };
    const fixes = [
      { meta: META },
      { wiki: 'enwiki' },
      { timestamp: NOW },
      { revision: { new: 1 } },
      { length: {} },
    ];
    const reasons = fixes.map((_, at) => reasonOf(edit(Object.assign({ ...broken }, ...fixes.slice(0, at)))));
    expect(reasons).toEqual(['missing_meta_id', 'bad_wiki', 'bad_timestamp', 'bad_revision', 'bad_length']);
  });

  test('keeps the fields that are valid', () => {
    const origin = { topic: META.topic, offset: META.offset };
    const sentAtMs = Date.parse(META.dt);
    expect(read(edit({ timestamp: 'x' }))).toEqual({
      kind: 'dead',
      reason: 'bad_timestamp',
      id: META.id,
      sentAtMs,
      origin,
      wiki: 'enwiki',
    });
    expect(read(edit({ wiki: 'X' }))).toMatchObject({ id: META.id, sentAtMs, origin, wiki: undefined });
    expect(read(edit({ meta: { ...META, id: 5 } }))).toMatchObject({ id: undefined, sentAtMs, origin });
    expect(read('{}')).toMatchObject({ id: undefined, sentAtMs: undefined, origin: undefined });
  });

  test('from the future becomes usable a day before its time', () => {
    const text = edit({ timestamp: NOW + DAY + 1 });
    expect(read(text).kind).toBe('dead');
    expect(read(text, { ...RULES, nowMs: NOW_MS + 1000 }).kind).toBe('event');
  });

  test('is an event after the year 9999 even without a clock, because stores cannot write it', () => {
    const rules = { ...RULES, nowMs: Number.POSITIVE_INFINITY };
    const last = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000;
    expect(read(edit({ timestamp: last }), rules).kind).toBe('event');
    expect(read(edit({ timestamp: last + 1 }), rules).kind).toBe('dead');
  });
});

describe('a change of the API or a dump', () => {
  const BACKFILL = { ...RULES, needsId: false } as const;
  const readBackfill = (text: string): Reading<string | undefined> => STREAM.judge(text, BACKFILL);
  const META_OF_API = { domain: META.domain };

  test('is usable without meta.id and otherwise the same', () => {
    expect(readBackfill(edit({ meta: META_OF_API }))).toEqual({
      kind: 'event',
      id: undefined,
      wiki: 'enwiki',
      timestamp: NOW - 5,
      sentAtMs: (NOW - 5) * 1000,
      origin: undefined,
      edit: { revision: 1_200_000_002, isBot: false, bytesChange: 17 },
    });
  });

  test('is usable without any meta', () => {
    expect(readBackfill(edit({ meta: undefined }))).toMatchObject({ kind: 'event', id: undefined });
  });

  test('keeps its id if it has one', () => {
    expect(readBackfill(edit())).toEqual(read(edit()));
  });

  test.each([[null], [5], [''], [{}], [true]])('is a dead letter when its meta.id is %j', id => {
    expect(readBackfill(edit({ meta: { ...META, id } }))).toMatchObject({ reason: 'missing_meta_id' });
  });

  test.each([
    ['bad_wiki', { wiki: 'X' }],
    ['bad_timestamp', { timestamp: '2026-11-20T10:00:00Z' }],
    ['bad_revision', { revision: undefined }],
    ['bad_length', { length: 5 }],
  ])('is still a dead letter for %s', (reason, changes) => {
    const reading = readBackfill(edit({ meta: META_OF_API, ...changes }));
    expect(reading).toMatchObject({ kind: 'dead', reason, id: undefined });
  });

  test('can be a canary', () => {
    expect(readBackfill(edit({ meta: { domain: 'canary' } })).kind).toBe('canary');
  });

  test('without meta.id is a dead letter where ids are needed, which is the default', () => {
    const text = edit({ meta: META_OF_API });
    expect(reasonOf(text)).toBe('missing_meta_id');
    expect(read(text, { ...RULES, needsId: true })).toMatchObject({ reason: 'missing_meta_id' });
  });
});

describe('a canary', () => {
  const domain = 'canary';
  test.each([
    [
      '$schema and meta only, with an id',
      { $schema: '/mediawiki/recentchange/1.0.1', meta: { id: META.id, domain } },
    ],
    ['$schema and meta only, without an id', { $schema: '/mediawiki/recentchange/1.0.1', meta: { domain } }],
    ['an invalid id', { meta: { id: 5, domain } }],
    ['a whole edit', { ...EDIT, meta: { ...META, domain } }],
    ['an edit that would be a dead letter', { ...EDIT, meta: { ...META, domain }, timestamp: 'x' }],
  ])('is known by its domain alone: %s', (_, event) => {
    expect(read(JSON.stringify(event)).kind).toBe('canary');
  });

  test('yields its origin, so that it can advance the cursor, and when it was sent', () => {
    const origin = { topic: META.topic, offset: META.offset };
    const sent = { ...META, domain };
    expect(read(JSON.stringify({ meta: sent }))).toEqual({
      kind: 'canary',
      origin,
      sentAtMs: Date.parse(META.dt),
    });
    expect(read(JSON.stringify({ meta: { ...sent, dt: 5 } }))).toEqual({ kind: 'canary', origin });
  });

  test.each(['Canary', 'canary ', 'canary.wikipedia.org', ['canary'], true])(
    'is not one with domain %j',
    other => {
      expect(read(edit({ meta: { ...META, domain: other } })).kind).toBe('event');
    },
  );

  test('is not recognised by the word in other places', () => {
    const text = edit({
      domain,
      title: 'canary',
      comment: '"domain":"canary"',
      log_params: { meta: { domain } },
    });
    expect(read(text).kind).toBe('event');
  });
});

describe('any text', () => {
  /** An edit in which any field may be anything. */
  const disturbed = fc
    .tuple(
      fc.record({ domain: fc.constantFrom('canary', 'en.wikipedia.org') }),
      fc.dictionary(fc.constantFrom('id', 'dt', 'domain', 'topic', 'offset'), fc.jsonValue(), { maxKeys: 2 }),
      fc.dictionary(
        fc.constantFrom('meta', 'wiki', 'timestamp', 'type', 'revision', 'length', 'bot', '__proto__'),
        fc.jsonValue(),
        { maxKeys: 2 },
      ),
    )
    .map(([domain, meta, event]) =>
      JSON.stringify({ ...EDIT, meta: { ...META, ...domain, ...meta }, ...event }),
    );
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json({ maxDepth: 6 }),
    fc.jsonValue().map(value => JSON.stringify(value)),
    disturbed,
    fc.tuple(disturbed, fc.nat(), fc.string()).map(([text, at, extra]) => {
      const cut = at % (text.length + 1);
      return text.slice(0, cut) + extra + text.slice(cut + extra.length);
    }),
  );

  test('is judged by the documented rules and never throws', () => {
    fc.assert(
      fc.property(anything, text => {
        const reading = read(text);
        expect(reading.kind).toBe(verdict(text));
      }),
      { numRuns: 5_000 },
    );
  });

  test('is judged the same with and without needsId, except for a missing id', () => {
    fc.assert(
      fc.property(anything, text => {
        const strict = read(text);
        const lenient = STREAM.judge(text, { ...RULES, needsId: false });
        const lacksId = strict.kind === 'dead' && strict.reason === 'missing_meta_id';
        expect(lacksId || isDeepStrictEqual(lenient, strict)).toBe(true);
        expect(lenient.kind !== 'event' || lenient.id !== '').toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('may be deeply nested or very long', () => {
    expect(reasonOf('['.repeat(1_000_000))).toBe('not_json');
    expect(reasonOf('['.repeat(100_000) + ']'.repeat(100_000))).toBe('not_object');
    const nested = edit({ log_params: '@' }).replace(
      '"@"',
      '{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000),
    );
    expect(reasonOf(nested)).toBe('event');
    expect(reasonOf(edit({ comment: 'x'.repeat(20_000_000) }))).toBe('event');
  });

  /** The documented rules, implemented independently. */
  function verdict(text: string): Reading['kind'] {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return 'dead';
    }
    const { meta, wiki, timestamp, type, revision, length } = fields(value);
    if (fields(meta)['domain'] === 'canary') return 'canary';
    const isInteger = (n: unknown): n is number => typeof n === 'number' && Number.isSafeInteger(n);
    const isSide = (n: unknown): boolean =>
      n === undefined || n === null || (isInteger(n) && Math.abs(n) < 2 ** 31);
    const isCounted = type === 'edit';
    const { old, new: after } = fields(length);
    const lengthIsObject = length === undefined || length === null || isObject(length);
    const usable =
      isObject(value) &&
      typeof fields(meta)['id'] === 'string' &&
      fields(meta)['id'] !== '' &&
      typeof wiki === 'string' &&
      /^[a-z0-9_]{1,64}$/.test(wiki) &&
      isInteger(timestamp) &&
      timestamp >= FIRST_DAY &&
      timestamp <= NOW + DAY &&
      (!isCounted || (isInteger(fields(revision)['new']) && lengthIsObject && isSide(old) && isSide(after)));
    return usable ? 'event' : 'dead';
  }

  function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  }

  function fields(value: unknown): Record<string, unknown> {
    return isObject(value) ? value : {};
  }
});

describe('captured events', () => {
  test.each(CAPTURED_FILES)('$name: all are usable and match the numbers in SOURCES.md', file => {
    const readings = capturedLines(file.name).map(line => STREAM_WITH_NEW.judge(line, RULES));
    const events = readings.filter(reading => reading.kind === 'event');
    expect(events).toHaveLength(file.rows);
    expect(readings).toHaveLength(file.rows);
    expect(new Set(events.map(({ id }) => id)).size).toBe(file.distinctIds);
    expect(new Set(events.map(({ wiki }) => wiki)).size).toBe(file.wikis);
    expect(events.filter(event => event.edit !== undefined)).toHaveLength(file.edits + file.pageCreations);
    const edits = capturedLines(file.name).map(line => read(line));
    expect(edits.filter(reading => reading.kind === 'event' && reading.edit !== undefined)).toHaveLength(
      file.edits,
    );
    const sent = events.map(({ sentAtMs }) => sentAtMs);
    expect([Math.min(...sent), Math.max(...sent)]).toEqual(file.sent.map(iso => Date.parse(iso)));
  });
});
