/** ② A row of the API as the stream would have sent it: field by field, without anything that the API does not have. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWikiName } from '../../../src/core/wiki-name.ts';
import { changeToEvent } from '../../../src/source/action-api/change-to-event.ts';
import type { ChangeEvent, MappedChange } from '../../../src/source/action-api/change-to-event.ts';
import { CAPTURED_FILES, capturedLines } from '../../support/captured.ts';
import { CAPTURED_ANSWERS, capturedAnswer } from '../../support/captured-api.ts';
import { STREAM_WITH_NEW } from '../../support/stream.ts';

const WIKI = { wiki: 'enwiki', serverName: 'en.wikipedia.org' };
const RULES = {
  nowMs: Number.POSITIVE_INFINITY,
  needsId: false,
} as const;

/** An edit in formatversion 2. */
const EDIT = {
  type: 'edit',
  ns: 3,
  title: 'User talk:É',
  pageid: 7,
  revid: 1_200_000_002,
  old_revid: 1_200_000_001,
  rcid: 6_000_000_000,
  user: '~2026-1',
  userid: 0,
  anon: true,
  temp: true,
  bot: false,
  new: false,
  minor: true,
  oldlen: 117,
  newlen: 100,
  timestamp: '2026-11-20T10:00:05Z',
  comment: 'why',
  tags: ['x'],
};
const SECONDS = Date.parse(EDIT.timestamp) / 1000;
const SERVER = {
  server_url: 'https://en.wikipedia.org',
  server_name: 'en.wikipedia.org',
  server_script_path: '/w',
  wiki: 'enwiki',
};
const LOG = {
  ...EDIT,
  type: 'log',
  revid: 1_200_000_009,
  old_revid: 0,
  oldlen: 0,
  newlen: 0,
  logid: 5,
  logtype: 'move',
  logaction: 'move_redir',
  logparams: { target_ns: 0, target_title: 'There' },
};

type Changes = Readonly<Record<string, unknown>>;

/** The event of a row with changed fields; `undefined` removes one. */
function eventOf(row: Changes): ChangeEvent {
  return usable(changeToEvent(JSON.parse(JSON.stringify(row)), WIKI));
}

function usable(mapped: MappedChange): ChangeEvent {
  if (mapped.kind === 'unusable') throw new Error(`unusable: ${mapped.reason}`);
  return mapped.event;
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('not there');
  return value;
}

function reasonOf(changes: Changes): string {
  const mapped = changeToEvent({ ...EDIT, ...changes }, WIKI);
  return mapped.kind === 'unusable' ? mapped.reason : mapped.kind;
}

describe('an edit', () => {
  test('has everything the API knows, and nothing else', () => {
    expect(eventOf(EDIT)).toStrictEqual({
      meta: { domain: 'en.wikipedia.org' },
      id: 6_000_000_000,
      type: 'edit',
      namespace: 3,
      title: 'User talk:É',
      comment: 'why',
      timestamp: SECONDS,
      user: '~2026-1',
      bot: false,
      minor: true,
      length: { old: 117, new: 100 },
      revision: { old: 1_200_000_001, new: 1_200_000_002 },
      ...SERVER,
    });
  });

  test('of an empty page has an old length of 0, and one that blanks it a new length of 0', () => {
    expect(eventOf({ ...EDIT, oldlen: 0 }).length).toEqual({ old: 0, new: 100 });
    expect(eventOf({ ...EDIT, newlen: 0 }).length).toEqual({ old: 117, new: 0 });
  });

  test.each([
    ['neither size', { oldlen: undefined, newlen: undefined }, undefined],
    ['sizes of null', { oldlen: null, newlen: null }, undefined],
    ['the new size alone', { oldlen: undefined }, { new: 100 }],
    ['the old size alone', { newlen: null }, { old: 117 }],
  ])('with %s has as much of a length', (_, changes, length) => {
    const event = eventOf({ ...EDIT, ...changes });
    expect(event.length).toEqual(length);
    expect('length' in event).toBe(length !== undefined);
  });

  test.each([0, null, undefined])('without a parent (%s) has no old revision', parent => {
    expect(eventOf({ ...EDIT, old_revid: parent }).revision).toStrictEqual({ new: EDIT.revid });
  });

  test.each(['rcid', 'ns', 'title', 'user', 'comment'])('without %s is still an edit', name => {
    const event = eventOf({ ...EDIT, [name]: undefined });
    const { [name]: _, ...row } = { ...EDIT } as Changes;
    expect(Object.values(event)).not.toContain(undefined);
    expect(Object.keys(event)).toHaveLength(Object.keys(eventOf(EDIT)).length - 1);
    expect(eventOf(row)).toStrictEqual(event);
  });

  test.each([
    ['rcid', '5'],
    ['ns', 1.5],
    ['title', 5],
    ['user', { name: 'x' }],
    ['comment', null],
  ])('whose %s is %j does not pass it on', (name, value) => {
    expect(eventOf({ ...EDIT, [name]: value })).toStrictEqual(eventOf({ ...EDIT, [name]: undefined }));
  });

  test.each([
    [true, true],
    ['', true],
    [false, false],
    [undefined, false],
    [null, false],
    ['false', false],
    [1, false],
  ])('flagged %j is flagged: %j', (flag, isSet) => {
    expect(eventOf({ ...EDIT, bot: flag }).bot).toBe(isSet);
    expect(eventOf({ ...EDIT, minor: flag }).minor).toBe(isSet);
  });
});

describe('a new page', () => {
  test('has a new side only, even where the API has an old one', () => {
    const event = eventOf({ ...EDIT, type: 'new', old_revid: 0, oldlen: 0, minor: false });
    expect(event).toStrictEqual({
      ...eventOf(EDIT),
      type: 'new',
      minor: false,
      length: { new: 100 },
      revision: { new: EDIT.revid },
    });
    expect(eventOf({ ...EDIT, type: 'new' }).revision).toStrictEqual({ new: EDIT.revid });
    expect(eventOf({ ...EDIT, type: 'new' }).length).toStrictEqual({ new: 100 });
  });
});

describe('other changes', () => {
  test('as a log entry have log fields, and no revision', () => {
    expect(eventOf(LOG)).toStrictEqual({
      meta: { domain: 'en.wikipedia.org' },
      id: 6_000_000_000,
      type: 'log',
      namespace: 3,
      title: 'User talk:É',
      comment: 'why',
      timestamp: SECONDS,
      user: '~2026-1',
      bot: false,
      log_id: 5,
      log_type: 'move',
      log_action: 'move_redir',
      log_params: { target_ns: 0, target_title: 'There' },
      ...SERVER,
    });
  });

  test.each([[[]], [{}], ['text'], [['a', 1]]])('keep log parameters of any shape: %j', logparams => {
    expect(eventOf({ ...LOG, logparams }).log_params).toEqual(logparams);
  });

  test('as a log entry without log columns have no log fields', () => {
    const bare = { ...LOG, logid: undefined, logtype: undefined, logaction: undefined, logparams: undefined };
    expect(Object.keys(eventOf(bare)).filter(name => name.startsWith('log_'))).toEqual([]);
    expect(eventOf({ ...bare, logid: 0 }).log_id).toBe(0);
  });

  test.each(['categorize', 'external', '142'])('as %s have no revision, length or log', type => {
    const event = eventOf({ ...LOG, type, oldlen: 5, newlen: 6 });
    const { minor, length, revision, ...rest } = eventOf(EDIT);
    expect({ minor, revision, length }).not.toContain(undefined);
    expect(event).toStrictEqual({ ...rest, type });
  });

  test('need no valid revision or size', () => {
    expect(eventOf({ ...LOG, revid: 0, newlen: 'x' })).toStrictEqual(eventOf(LOG));
    expect(eventOf({ ...LOG, revid: undefined, old_revid: 'x' })).toStrictEqual(eventOf(LOG));
  });
});

describe('a hidden field', () => {
  /** Fields of the event that the flag removes. */
  function takenBy(flag: string, row: Changes): string[] {
    const whole = Object.keys(eventOf(row));
    for (const off of [false, undefined])
      expect(eventOf({ ...row, [flag]: off })).toStrictEqual(eventOf(row));
    const inFirstFormat = Object.keys(eventOf({ ...row, [flag]: '' }));
    const left = Object.keys(eventOf({ ...row, [flag]: true }));
    expect(left).toEqual(inFirstFormat);
    return whole.filter(name => !left.includes(name));
  }
  const action = ['namespace', 'title', 'log_id', 'log_type', 'log_action', 'log_params'];

  test.each<[flag: string, row: string, taken: string[]]>([
    ['userhidden', 'edit', ['user']],
    ['commenthidden', 'edit', ['comment']],
    ['suppressed', 'edit', ['comment', 'user']],
    ['actionhidden', 'edit', []],
    ['userhidden', 'log', ['user']],
    ['commenthidden', 'log', ['comment']],
    ['actionhidden', 'log', action],
    ['suppressed', 'log', ['namespace', 'title', 'comment', 'user', ...action.slice(2)]],
  ])('by %s of a row of type %s is left out even when it is there', (flag, type, taken) => {
    expect(takenBy(flag, type === 'log' ? LOG : EDIT)).toEqual(taken);
  });

  test('that is missing from the row leaves a usable edit', () => {
    const { user, comment, ...rest } = EDIT;
    expect([user, comment]).not.toContain(undefined);
    const event = eventOf({ ...rest, userhidden: true, commenthidden: true, suppressed: true });
    expect(STREAM_WITH_NEW.judge(JSON.stringify(event), RULES)).toMatchObject({
      kind: 'event',
      edit: { revision: EDIT.revid, bytesChange: -17 },
    });
  });
});

describe('an unusable row', () => {
  test.each([[null], [5], ['row'], [[EDIT]], [undefined]])('is returned when it is %j', raw => {
    expect(changeToEvent(raw, WIKI)).toEqual({ kind: 'unusable', reason: 'not_object', raw });
  });

  test('is returned unchanged', () => {
    const raw = { ...EDIT, revid: '5', more: [1] };
    expect(changeToEvent(raw, WIKI)).toEqual({ kind: 'unusable', reason: 'bad_revision', raw });
  });

  test.each<[reason: string, field: string, values: unknown[]]>([
    ['bad_type', 'type', [undefined, null, '', 5, ['edit']]],
    [
      'bad_timestamp',
      'timestamp',
      [
        undefined,
        null,
        '',
        'soon',
        SECONDS,
        '2026',
        '2026-11-20',
        '2026-02-30T00:00:00Z',
        '2026-11-20T10:00:05.Z',
        '2026-11-20T10:00:05+01:00',
        '20261120100005',
      ],
    ],
    ['bad_revision', 'revid', [undefined, null, 0, -1, 1.5, '5', 2 ** 53, true]],
    ['bad_revision', 'old_revid', [-1, 1.5, '5', 2 ** 53, true, {}]],
    ['bad_length', 'newlen', [-1, 1.5, '5', true, {}]],
    ['bad_length', 'oldlen', [-1, 1.5, '5', true, {}]],
  ])('has %s for its %s', (reason, field, values) => {
    for (const value of values) expect([value, reasonOf({ [field]: value })]).toEqual([value, reason]);
  });

  test('of a page creation has a bad revision or new length, but never a bad old side', () => {
    expect(reasonOf({ type: 'new', revid: 0 })).toBe('bad_revision');
    expect(reasonOf({ type: 'new', newlen: -1 })).toBe('bad_length');
    expect(reasonOf({ type: 'new', old_revid: -1, oldlen: -1 })).toBe('event');
  });
});

describe('captured answers', () => {
  describe.each(CAPTURED_ANSWERS)('$name', captured => {
    const { recentchanges } = capturedAnswer(captured.name).query;
    const mapped = (): MappedChange[] => recentchanges.map(row => changeToEvent(row, captured));
    const events = (): ChangeEvent[] =>
      mapped().flatMap(change => (change.kind === 'event' ? [change.event] : []));

    test('becomes one event per row, of the same type', () => {
      expect(events()).toHaveLength(recentchanges.length);
      const types: Record<string, number> = {};
      for (const { type } of events()) types[type] = (types[type] ?? 0) + 1;
      expect(types).toEqual(captured.types);
    });

    test('has the revisions and lengths of the rows, of edits and page creations only', () => {
      for (const [n, event] of events().entries()) {
        const { type, revid, old_revid: parent, oldlen, newlen } = present(recentchanges[n]);
        const expected = {
          edit: { revision: { old: parent, new: revid }, length: { old: oldlen, new: newlen } },
          new: { revision: { new: revid }, length: { new: newlen } },
        }[type];
        expect({ revision: event.revision, length: event.length }).toEqual({
          revision: expected?.revision,
          length: expected?.length,
        });
        expect('revision' in event).toBe(expected !== undefined);
      }
    });

    test('is read with the values of the rows: revisions once each, bytes, times, wiki', () => {
      const readings = events().map(event => STREAM_WITH_NEW.judge(JSON.stringify(event), RULES));
      const edits = readings.flatMap(reading =>
        reading.kind === 'event' && reading.edit !== undefined ? [reading.edit] : [],
      );
      const counted = recentchanges.filter(({ type }) => type === 'edit' || type === 'new');
      expect(readings.filter(({ kind }) => kind === 'event')).toHaveLength(recentchanges.length);
      expect(edits.map(({ revision }) => revision)).toEqual(counted.map(({ revid }) => revid));
      expect(edits.map(({ bytesChange }) => bytesChange)).toEqual(
        counted.map(({ oldlen, newlen }) => newlen - oldlen),
      );
      expect(edits.some(({ isBot }) => isBot)).toBe(false);
      expect(new Set(edits.map(({ revision }) => revision)).size).toBe(edits.length);
      const times = events().map(({ timestamp }) => timestamp);
      expect([Math.min(...times), Math.max(...times)]).toEqual(
        captured.span.map(iso => Date.parse(iso) / 1000),
      );
      expect(new Set(events().map(({ wiki }) => wiki))).toEqual(new Set([captured.wiki]));
    });
  });

  /** The event of a captured row. */
  function known(at: 0 | 1, rcid: number): unknown {
    const captured = CAPTURED_ANSWERS[at];
    const row = capturedAnswer(captured.name).query.recentchanges.find(each => each.rcid === rcid);
    return changeToEvent(row, captured);
  }

  test('a row of formatversion 1: the categorize row beside a page creation', () => {
    expect(known(0, 4_240_984_960)).toStrictEqual({
      kind: 'event',
      event: {
        meta: { domain: 'en.wikipedia.org' },
        id: 4_240_984_960,
        type: 'categorize',
        namespace: 14,
        title: 'Category:Capavoxeidf xke vesu fasiufaq e Joozuoto evgobofoev bwdaepy EyQ',
        comment: '[[:User talk:Femnaotbfpnonuyy]] etkik ci keyowavf',
        timestamp: 1_772_120_320,
        user: 'RwcbgYopfub',
        bot: false,
        ...SERVER,
      },
    });
    expect(known(0, 3_856_611_109)).toMatchObject({
      event: {
        type: 'new',
        namespace: 3,
        minor: false,
        length: { new: 4_131 },
        revision: { new: 2_486_587_636 },
      },
    });
    expect(known(0, 2_799_844_289)).not.toHaveProperty('event.revision');
  });

  test('a row of formatversion 2: an edit by an address', () => {
    expect(known(1, 9_882_683)).toStrictEqual({
      kind: 'event',
      event: {
        meta: { domain: 'lv.wikipedia.org' },
        id: 9_882_683,
        type: 'edit',
        namespace: 0,
        title: 'Qemaxudhavo',
        comment: '/* uikuzd */',
        timestamp: 1_586_700_111,
        user: '192.161.36.76',
        bot: false,
        minor: false,
        length: { old: 18_695, new: 18_702 },
        revision: { old: 2_920_812, new: 6_808_247 },
        server_url: 'https://lv.wikipedia.org',
        server_name: 'lv.wikipedia.org',
        server_script_path: '/w',
        wiki: 'lvwiki',
      },
    });
  });

  test('formatversion 1 has both set and unset flags', () => {
    const captured = CAPTURED_ANSWERS[0];
    const minor = capturedAnswer(captured.name)
      .query.recentchanges.map(row => changeToEvent(row, captured))
      .map(change => (change.kind === 'event' ? change.event.minor : undefined));
    expect(minor.filter(flag => flag === true)).toHaveLength(5);
    expect(minor.filter(flag => flag === false)).toHaveLength(24);
  });
});

describe('beside captured events of the stream', () => {
  test('names, types and order of fields are those of the stream', () => {
    const streamed = CAPTURED_FILES.filter(({ name }) => /^(?:eqiad-)?202[45]/.test(name))
      .flatMap(({ name }) => capturedLines(name))
      .map(line => JSON.parse(line) as Record<string, unknown>);
    for (const row of [EDIT, { ...EDIT, type: 'new' }, LOG, { ...EDIT, type: 'categorize' }]) {
      const event = eventOf(row) as unknown as Record<string, unknown>;
      const like = present(
        streamed.find(({ type, log_params: parameters }) => type === row.type && !Array.isArray(parameters)),
      );
      const shared = Object.keys(like).filter(key => key in event);
      expect(Object.keys(event)).toEqual(shared);
      for (const key of shared) expect([key, typeof event[key]]).toEqual([key, typeof like[key]]);
    }
  });
});

describe('any row', () => {
  const size = fc.nat(2_000_000);
  const revision = fc.integer({ min: 1, max: 2 ** 45 });
  const seconds = fc.integer({ min: Date.UTC(2001, 0, 15) / 1000, max: Date.UTC(2100, 0, 1) / 1000 });
  const changes = fc.record({
    type: fc.constantFrom('edit', 'new', 'log', 'categorize'),
    seconds,
    revision,
    parent: fc.option(revision, { nil: 0 }),
    oldlen: size,
    newlen: size,
    isBot: fc.boolean(),
    isMinor: fc.boolean(),
    title: fc.string({ unit: 'binary' }),
    comment: fc.string({ unit: 'binary' }),
    wiki: fc.stringMatching(/^[a-z0-9_]{1,64}$/),
    version: fc.constantFrom(1, 2),
  });

  test('is mapped with its own values, in either formatversion', () => {
    fc.assert(
      fc.property(changes, change => {
        const flag = (isSet: boolean): unknown => (change.version === 2 ? isSet : isSet ? '' : undefined);
        const row = {
          ...EDIT,
          type: change.type,
          timestamp: new Date(change.seconds * 1000).toISOString().replace('.000', ''),
          revid: change.revision,
          old_revid: change.type === 'new' ? 0 : change.parent,
          oldlen: change.type === 'new' ? 0 : change.oldlen,
          newlen: change.newlen,
          bot: flag(change.isBot),
          minor: flag(change.isMinor),
          title: change.title,
          comment: change.comment,
        };
        expect(isWikiName(change.wiki)).toBe(true);
        const event = usable(changeToEvent(JSON.parse(JSON.stringify(row)), { ...WIKI, wiki: change.wiki }));
        const isEdit = change.type === 'edit' || change.type === 'new';
        expect(STREAM_WITH_NEW.judge(JSON.stringify(event), RULES)).toEqual({
          kind: 'event',
          id: undefined,
          wiki: change.wiki,
          timestamp: change.seconds,
          sentAtMs: change.seconds * 1000,
          origin: undefined,
          edit: isEdit
            ? { revision: change.revision, isBot: change.isBot, bytesChange: row.newlen - row.oldlen }
            : undefined,
        });
      }),
      { numRuns: 1_000 },
    );
  });

  function verdictOn(mapped: MappedChange): string {
    if (mapped.kind === 'unusable') return 'unusable';
    const reading = STREAM_WITH_NEW.judge(JSON.stringify(mapped.event), RULES);
    const isBounded = reading.kind === 'dead' && ['bad_timestamp', 'bad_length'].includes(reading.reason);
    return reading.kind === 'event' || isBounded ? 'fine' : `no event, but ${reading.kind}`;
  }

  test('never throws; a mapped row can be read unless its time or size is out of bounds', () => {
    const field = fc.constantFrom(...Object.keys(LOG), 'suppressed', 'userhidden', '__proto__');
    const disturbed = fc
      .dictionary(field, fc.jsonValue(), { maxKeys: 3 })
      .map(more => ({ ...EDIT, ...more }));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), disturbed), row => {
        const mapped = changeToEvent(row, WIKI);
        expect(verdictOn(mapped)).toBe(
          mapped.kind === 'unusable' && mapped.raw === row ? 'unusable' : 'fine',
        );
      }),
      { numRuns: 3_000 },
    );
  });
});
