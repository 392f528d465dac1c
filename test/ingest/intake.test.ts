/** ② The fate of each message (stored, dead letter or counted), the bytes that are stored, and the cursor. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { IntakeRules } from '../../src/core/intake-rules.ts';
import type { StreamMessage } from '../../src/source/stream/message-queue.ts';
import { gapsOf } from '../../src/contracts/storage/log-record.ts';
import { EDITS, IntakeRig, visibleIn } from '../support/intake-rig.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';
import { STREAM_WITH_NEW } from '../support/stream.ts';

const EQIAD = 'eqiad.mediawiki.recentchange';
const CODFW = 'codfw.mediawiki.recentchange';
const TIME_MS = Date.parse('2026-11-20T10:00:00Z');
const NOW_MS = TIME_MS + 5_000;

let store: MemoryObjectStore;
let rig: IntakeRig;
beforeEach(async () => {
  store = new MemoryObjectStore();
  rig = await IntakeRig.open(store);
});

async function openWith(rules: Partial<IntakeRules>, sinceMs?: number): Promise<IntakeRig> {
  const options = { rules: { ...EDITS, ...rules }, ...(sinceMs !== undefined && { sinceMs }) };
  return IntakeRig.open(new MemoryObjectStore(), options);
}

/** An id as EventStreams writes it: a number is a timestamp, `idle` an assigned offset. */
function idOf(eqiad: number | 'idle', codfw: number | 'idle' = 'idle'): string {
  const entry = (topic: string, at: number | 'idle'): object =>
    at === 'idle' ? { topic, partition: 0, offset: -1 } : { topic, partition: 0, timestamp: at };
  return JSON.stringify([entry(EQIAD, eqiad), entry(CODFW, codfw)]);
}

function event(
  id: string,
  changes: Readonly<Record<string, unknown>> = {},
  meta: Readonly<Record<string, unknown>> = {},
): string {
  return JSON.stringify({
    meta: {
      id,
      dt: new Date(TIME_MS).toISOString(),
      domain: 'en.wikipedia.org',
      topic: EQIAD,
      offset: 7,
      ...meta,
    },
    type: 'edit',
    wiki: 'enwiki',
    timestamp: TIME_MS / 1000,
    revision: { new: 1 },
    length: { new: 5 },
    ...changes,
  });
}

function message(data: string | Uint8Array, id = idOf(TIME_MS + 1)): StreamMessage {
  return { data: Buffer.from(data), id };
}

async function takeAll(...messages: readonly StreamMessage[]): Promise<void> {
  for (const each of messages) await rig.take(each, NOW_MS);
}

/** Taken in since the last flush. */
function taken(): { lines: number; canaries: number; duplicates: number; filtered: number } {
  const { lines, skipped } = rig.intake.buffer;
  return { lines, ...skipped };
}

describe('a usable event', () => {
  test('is stored byte for byte', async () => {
    const awkward = `{ "title":"\u2028 \\u0000 é😀", "x":1e2,\t${event('a').slice(1)} `;
    await takeAll(message(awkward));
    await rig.flush();
    expect((await visibleIn(store)).lines).toEqual([awkward]);
  });

  test('that arrives in several data lines is stored as one line with the same meaning', async () => {
    const pretty = JSON.stringify(JSON.parse(event('a')), undefined, 2);
    expect(pretty).toContain('\n');
    await takeAll(message(pretty));
    await rig.flush();
    const { lines } = await visibleIn(store);
    expect(lines).toEqual([pretty.replaceAll('\n', ' ')]);
    expect(JSON.parse(lines[0] ?? '')).toEqual(JSON.parse(pretty));
  });

  test('is described by the record', async () => {
    await takeAll(
      message(event('a')),
      message(event('b', { type: 'categorize' })),
      message(event('c', { timestamp: TIME_MS / 1000 - 1 })),
    );
    const record = await rig.flush();
    expect(record.parts).toMatchObject([
      { hour: '2026-11-20T09', events: 1, edits: 1, sent: [[TIME_MS / 1000, TIME_MS / 1000]] },
      { hour: '2026-11-20T10', events: 2, edits: 1, firstAt: TIME_MS / 1000, lastAt: TIME_MS / 1000 },
    ]);
    expect(record.storedToMs).toBe(TIME_MS);
  });

  test('of any type is stored; only counted types are edits', async () => {
    rig = await openWith({ judge: STREAM_WITH_NEW.judge });
    await takeAll(
      ...['edit', 'new', 'log', 'categorize', '142'].map((type, n) => message(event(`${n}`, { type }))),
    );
    expect((await rig.flush()).parts).toMatchObject([{ events: 5, edits: 2 }]);
  });
});

describe('a filter on wikis', () => {
  beforeEach(async () => {
    rig = await openWith({ wikis: new Set(['enwiki', 'dewiki']) });
  });

  test('keeps the wikis it names and counts events of others', async () => {
    await takeAll(
      message(event('a', { wiki: 'dewiki' })),
      message(event('b', { wiki: 'frwiki' })),
      message(event('c', { wiki: 'enwiktionary' })),
    );
    expect(taken()).toMatchObject({ lines: 1, filtered: 2, duplicates: 0, canaries: 0 });
  });

  test('drops dead letters of other wikis, and keeps those whose wiki is unknown', async () => {
    await takeAll(
      message(event('a', { wiki: 'frwiki', timestamp: 'x' })),
      message(event('b', { wiki: 'enwiki', timestamp: 'x' })),
      message(event('c', { wiki: 'BAD' })),
      message('{'),
    );
    expect(rig.intake.buffer.deadLetters.map(({ reason }) => reason)).toEqual([
      'bad_timestamp',
      'bad_wiki',
      'not_json',
    ]);
    expect(rig.intake.buffer.skipped.filtered).toBe(1);
  });

  test('moves the cursor past events that it drops', async () => {
    await takeAll(message(event('a', { wiki: 'frwiki' }), idOf(TIME_MS + 9)));
    expect(rig.cursor.topics[EQIAD]).toEqual({ partition: 0, timestampMs: TIME_MS + 9, offset: 7 });
  });
});

describe('a canary', () => {
  test.each([
    ['with an id', event('a', {}, { domain: 'canary' })],
    ['without one', JSON.stringify({ $schema: '/mediawiki/recentchange/1.0.1', meta: { domain: 'canary' } })],
  ])('%s is counted, moves the cursor, and is not stored', async (_, data) => {
    await takeAll(message(data, idOf(TIME_MS + 9)), message(data, idOf(TIME_MS + 9)));
    expect(rig.cursor.topics[EQIAD]?.timestampMs).toBe(TIME_MS + 9);
    const record = await rig.flush();
    expect(record).toMatchObject({
      parts: [],
      deadLetters: [],
      skipped: { canaries: 2, duplicates: 0, filtered: 0 },
    });
    expect(store.keys.every(key => key.startsWith('bronze/_log/'))).toBe(true);
  });
});

describe('a dead letter', () => {
  test('keeps the bytes received, the reason, the position and the time', async () => {
    const id = idOf(TIME_MS + 1);
    await takeAll(message(event('a', { wiki: 'BAD' }), id));
    await rig.flush();
    expect((await visibleIn(store)).deadLetters).toEqual([
      {
        reason: 'bad_wiki',
        raw: event('a', { wiki: 'BAD' }),
        eventId: id,
        receivedAt: new Date(NOW_MS).toISOString(),
        identity: 'a',
        sentAt: new Date(TIME_MS).toISOString(),
      },
    ]);
  });

  test('is stored under the day it was received', async () => {
    await takeAll(message('{'));
    const record = await rig.flush();
    const today = new Date().toISOString();
    const day = `yyyy=${today.slice(0, 4)}/mm=${today.slice(5, 7)}/dd=${today.slice(8, 10)}`;
    expect(record.deadLetters.map(({ key }) => key.startsWith(`deadletter/${day}/part-0`))).toEqual([true]);
  });

  test('that is not valid UTF-8 keeps its exact bytes', async () => {
    const bytes = Buffer.concat([Buffer.from(event('a').slice(0, -1)), Buffer.from([0xff, 0xfe])]);
    await takeAll(message(bytes));
    await rig.flush();
    const [letter] = (await visibleIn(store)).deadLetters;
    expect(letter).toMatchObject({ reason: 'invalid_utf8', raw: bytes.toString('utf8') });
    expect(Buffer.from(letter?.rawBase64 ?? '', 'base64')).toEqual(bytes);
  });

  test('that arrives in several data lines keeps its line ends', async () => {
    await takeAll(message('{\n"a":'));
    await rig.flush();
    expect((await visibleIn(store)).deadLetters).toMatchObject([{ raw: '{\n"a":' }]);
  });

  test('takes its send time from its position when it does not state one', async () => {
    await takeAll(
      message('{', idOf(TIME_MS + 1)),
      message('}', ''),
      message(event('x', { wiki: 5 }, { dt: 'soon' }), idOf(TIME_MS + 7)),
    );
    expect(rig.intake.buffer.deadLetters.map(({ sentAt }) => Date.parse(sentAt))).toEqual([
      TIME_MS + 1,
      TIME_MS + 1,
      TIME_MS + 7,
    ]);
  });

  test('without a position takes its arrival as send time', async () => {
    await takeAll(message('{', 'no id'));
    expect(rig.intake.buffer.deadLetters).toMatchObject([
      { sentAt: new Date(NOW_MS).toISOString(), eventId: 'no id' },
    ]);
  });

  test.each([
    ['an instant that no Date can hold', '8640000000000001'],
    ['an infinite number', '1e999'],
    ['a negative instant', '-1'],
  ])('at %s does not stop reading', async (_, timestamp) => {
    const id = `[{"topic":"${EQIAD}","partition":0,"timestamp":${timestamp}}]`;
    await rig.take(message('{', id), NOW_MS);
    expect(rig.intake.buffer.deadLetters).toHaveLength(1);
  });
});

describe('an event that arrives twice', () => {
  test('is stored once, within a buffer and across a flush', async () => {
    await takeAll(message(event('a')), message(event('b')), message(event('a')));
    expect(taken()).toMatchObject({ lines: 2, duplicates: 1 });
    await rig.flush();
    await takeAll(message(event('a')), message(event('b')));
    expect(taken()).toMatchObject({ lines: 0, duplicates: 2 });
  });

  test('is stored once after a restart', async () => {
    await takeAll(message(event('a')), message(event('b', { wiki: 'BAD' })), message('{'));
    await rig.flush();
    rig = await IntakeRig.open(store);
    await takeAll(
      message(event('b', { wiki: 'BAD' })),
      message('{'),
      message(event('a')),
      message(event('c')),
    );
    expect(taken()).toMatchObject({ lines: 1, duplicates: 3 });
  });

  test('is stored again when the first copy was never committed', async () => {
    await takeAll(message(event('a')));
    await rig.crash();
    rig = await IntakeRig.open(store);
    await takeAll(message(event('a')));
    expect(taken()).toMatchObject({ lines: 1, duplicates: 0 });
  });

  test('is recognised by meta.id alone: different bytes do not make it another event', async () => {
    await takeAll(
      message(event('a')),
      message(event('a', { title: 'other' })),
      message(event('a', { wiki: 'BAD' })),
    );
    expect(taken()).toMatchObject({ lines: 1, duplicates: 2 });
  });

  test('is a different event when its id differs in letter case only', async () => {
    await takeAll(message(event('a')), message(event('A')));
    expect(rig.intake.buffer.lines).toBe(2);
  });

  test('is stored once as a dead letter, although the first id beside it is of another year', async () => {
    rig = await IntakeRig.open(store, { limit: 0 });
    const bad = event('b', { wiki: 'BAD' });
    await takeAll(message(bad, idOf(TIME_MS - 365 * 86_400_000)));
    await rig.flush();
    await takeAll(message(event('c')), message(bad, idOf(TIME_MS + 1)));
    expect(taken()).toMatchObject({ lines: 1, duplicates: 1 });
  });

  test('is recognised even if it was a dead letter first and would be valid by now', async () => {
    const tomorrow = event('a', { timestamp: TIME_MS / 1000 + 90_000 });
    await rig.take(message(tomorrow), NOW_MS);
    await rig.flush();
    await rig.take(message(tomorrow), NOW_MS + 86_400_000);
    expect(taken()).toMatchObject({ lines: 0, duplicates: 1 });
  });
});

describe('dead letters without meta.id', () => {
  test('are distinct when bytes or positions differ, and equal when both match', async () => {
    const at = (ms: number): string => idOf(TIME_MS + ms);
    await takeAll(
      message('{', at(1)),
      message('[', at(1)),
      message('{', at(2)),
      message('{', at(1)),
      message('[', at(1)),
    );
    expect(taken()).toMatchObject({ lines: 3, duplicates: 2 });
  });

  test('are distinct when their topics differ', async () => {
    await takeAll(message('{', idOf(TIME_MS, 'idle')), message('{', idOf(TIME_MS, TIME_MS)));
    expect(rig.intake.buffer.lines).toBe(2);
  });

  test('are equal when the idle topic echoes the requested position instead of an offset', async () => {
    await takeAll(
      message(event('a'), idOf(TIME_MS + 1, 'idle')),
      message('{', idOf(TIME_MS + 1, TIME_MS + 5)),
    );
    await rig.flush();
    rig = await IntakeRig.open(store);
    const { lastEventId = '' } = rig.intake.connect(60_000);
    const [eqiad] = JSON.parse(lastEventId) as { timestamp: number }[];
    await takeAll(message('{', idOf(eqiad?.timestamp ?? 0, TIME_MS + 5)));
    expect(taken()).toMatchObject({ lines: 0, duplicates: 1 });
  });

  test('are equal across a restart, whatever the idle topic’s entry says by then', async () => {
    await takeAll(
      message(event('a'), idOf(TIME_MS + 1, 'idle')),
      message('{', idOf(TIME_MS + 1, TIME_MS + 5)),
    );
    await rig.flush();
    rig = await IntakeRig.open(store);
    await takeAll(message('{', idOf('idle', TIME_MS + 5)));
    expect(taken()).toMatchObject({ lines: 0, duplicates: 1 });
  });

  test('are equal when a new connection starts with the last message of the quiet topic', async () => {
    await takeAll(
      message('{', idOf('idle', TIME_MS + 5)),
      message(event('a'), idOf(TIME_MS + 9, TIME_MS + 5)),
    );
    // After a reconnect, the server happens to start with the quiet topic.
    rig.intake.connect(60_000);
    rig.intake.connect(60_000);
    await takeAll(message('{', idOf('idle', TIME_MS + 5)));
    expect(taken()).toMatchObject({ lines: 2, duplicates: 1 });
  });
});

describe('the cursor', () => {
  test('moves with every message, stored or not', async () => {
    await takeAll(
      message(event('a'), idOf(TIME_MS + 1)),
      message(event('a'), idOf(TIME_MS + 2)),
      message('{', idOf(TIME_MS + 3)),
      message(event('b', {}, { topic: CODFW, offset: 9 }), idOf(TIME_MS + 3, TIME_MS + 4)),
    );
    expect(rig.cursor.topics).toEqual({
      [EQIAD]: { partition: 0, timestampMs: TIME_MS + 3, offset: 7 },
      [CODFW]: { partition: 0, timestampMs: TIME_MS + 4, offset: 9 },
    });
  });

  test('starts at the first position, from which idle topics are then requested', async () => {
    await takeAll(message(event('a'), idOf(TIME_MS + 1)), message(event('b'), idOf(TIME_MS + 500)));
    expect(rig.cursor.startMs).toBe(TIME_MS + 1);
    expect(rig.cursor.topics[CODFW]).toEqual({ partition: 0, timestampMs: TIME_MS + 1 });
  });

  test('starts at the requested instant', async () => {
    rig = await openWith({}, TIME_MS - 60_000);
    await takeAll(message(event('a'), idOf(TIME_MS + 1)));
    expect(rig.cursor.startMs).toBe(TIME_MS - 60_000);
    expect(rig.cursor.topics[CODFW]).toEqual({ partition: 0, timestampMs: TIME_MS - 60_000 });
  });

  test('resumes from the log, which overrides the requested instant', async () => {
    await takeAll(message(event('a'), idOf(TIME_MS + 1)));
    await rig.flush();
    const before = rig.cursor;
    rig = await IntakeRig.open(store, { sinceMs: 5 });
    expect(rig.cursor).toEqual(before);
  });

  test('does not move for messages without a position', async () => {
    await takeAll(message(event('a'), ''), message(event('b'), 'no id'));
    expect(rig.cursor).toEqual({ topics: {} });
    expect(rig.intake.buffer.lines).toBe(2);
  });

  test('is where a new connection resumes, less the overlap', async () => {
    expect(rig.intake.connect(60_000)).toEqual({});
    await takeAll(message(event('a'), idOf(TIME_MS + 1)));
    const { lastEventId = '' } = rig.intake.connect(60_000);
    expect(JSON.parse(lastEventId)).toEqual(
      [EQIAD, CODFW].map(topic => ({ topic, partition: 0, timestamp: TIME_MS + 1 - 60_000 })),
    );
    rig = await openWith({}, TIME_MS);
    expect(rig.intake.connect(60_000)).toEqual({ sinceMs: TIME_MS });
  });

  test('is never in the future, whatever an id claims, nor is the start of a gap', async () => {
    rig = await openWith({}, TIME_MS - 3_600_000);
    await takeAll(message(event('a'), idOf(TIME_MS + 365 * 86_400_000)));
    expect(rig.cursor.topics[EQIAD]).toEqual({ partition: 0, timestampMs: NOW_MS, offset: 7 });
    expect((await rig.flush()).gaps).toMatchObject([{ toMs: NOW_MS }]);
    rig = await IntakeRig.open(new MemoryObjectStore());
    rig.intake.follow(message(event('a'), idOf(TIME_MS + 365 * 86_400_000)), NOW_MS);
    expect(rig.cursor).toMatchObject({ startMs: NOW_MS, topics: { [EQIAD]: { timestampMs: NOW_MS } } });
  });

  test('stays with the messages while old ones are read, although one id claims to be of today', async () => {
    const today = NOW_MS + 5 * 3_600_000;
    const at = (id: string, offset: number, seconds: number, claimMs = TIME_MS + seconds * 1000) =>
      rig.take(message(event(id, {}, { offset }), idOf(claimMs)), today);
    await at('a', 7, 0);
    await at('b', 8, 1, today - 1);
    await at('c', 9, 2);
    expect(rig.cursor.topics[EQIAD]).toEqual({ partition: 0, timestampMs: TIME_MS + 2000, offset: 9 });
    const { lastEventId = '' } = rig.intake.connect(1_000);
    expect(JSON.parse(lastEventId)).toMatchObject([{ timestamp: TIME_MS + 1000 }, {}]);
  });

  test('can follow a message without storing it', () => {
    rig.intake.follow(message(event('a'), idOf(TIME_MS + 1)));
    expect(rig.cursor.topics[EQIAD]).toEqual({ partition: 0, timestampMs: TIME_MS + 1 });
    expect(rig.intake.buffer.isEmpty).toBe(true);
  });
});

describe('a batch', () => {
  test('holds everything so far; the next message starts another', async () => {
    await takeAll(message(event('a')));
    const batch = rig.intake.takeBatch();
    expect(batch.buffer.lines).toBe(1);
    expect(batch.cursor).toBe(rig.cursor);
    expect(rig.intake.buffer.isEmpty).toBe(true);
    await takeAll(message(event('b')));
    expect(batch.buffer.lines).toBe(1);
  });

  test('reports the newest meta.dt of its busiest topic, because a replayed quiet topic runs ahead', async () => {
    const sent = (ms: number, topic: string) => ({ dt: new Date(ms).toISOString(), topic });
    await takeAll(
      message(event('a', {}, sent(TIME_MS, EQIAD))),
      message(event('b', {}, sent(TIME_MS - 5, EQIAD))),
      message(event('c', {}, sent(TIME_MS + 86_400_000, CODFW))),
    );
    expect(rig.intake.takeBatch().newestMs).toBe(TIME_MS);
    expect(rig.intake.takeBatch().newestMs).toBe(0);
  });

  test('derives it from duplicates and filtered events too, but not from dead letters and canaries', async () => {
    rig = await openWith({ wikis: new Set(['enwiki']) });
    const later = { dt: new Date(TIME_MS + 60_000).toISOString() };
    await takeAll(
      message(event('a')),
      message(event('b', { wiki: 'dewiki' }, { dt: new Date(TIME_MS + 7).toISOString() })),
    );
    await takeAll(
      message(event('c', { wiki: 'X' }, later)),
      message(event('d', {}, { ...later, domain: 'canary' })),
    );
    expect(rig.intake.takeBatch().newestMs).toBe(TIME_MS + 7);
  });

  test('limits a meta.dt from the future, which would seal every hour until then', async () => {
    await takeAll(message(event('a')), message(event('b', {}, { dt: '2999-01-01T00:00:00Z' })));
    expect(rig.intake.takeBatch().newestMs).toBeLessThanOrEqual(NOW_MS + 86_400_000);
  });
});

describe('a record says', () => {
  /**
   * A message that was sent so many minutes after the start, at a position that its id tells. One that comes more than half
   * a minute after all others is not believed until another one confirms it.
   */
  const sent = (minutes: number, changes: object = {}, meta: object = {}, idMinutes = minutes) => {
    const dt = new Date(TIME_MS + minutes * 60_000).toISOString();
    const data = event(`${minutes}`, { ...changes }, { dt, offset: 7 + 2 * minutes, ...meta });
    return message(data, idOf(TIME_MS + idMinutes * 60_000 + 1));
  };
  const LATER_MS = TIME_MS + 600 * 60_000;
  const takeLater = async (...messages: readonly StreamMessage[]): Promise<void> => {
    for (const each of messages) await rig.take(each, LATER_MS);
  };

  test('how far the stream was read: a minute before the newest event', async () => {
    await takeLater(sent(5), sent(4));
    expect((await rig.flush()).readTo).toBe('2026-11-20T10:04:00.000Z');
  });

  test('that it is read further although nothing was stored: filtered events and canaries show it', async () => {
    rig = await openWith({ wikis: new Set(['frwiki']) });
    await takeLater(sent(5));
    expect(await rig.flush()).toMatchObject({ parts: [], readTo: '2026-11-20T10:04:00.000Z' });
    await takeLater(sent(5.5, {}, { domain: 'canary' }));
    const limits = { minLines: 20_000, maxBytes: Infinity, maxAgeMs: 300_000 };
    expect(rig.intake.buffer.due(limits, LATER_MS + 299_999)).toBeUndefined();
    expect(rig.intake.buffer.due(limits, LATER_MS + 300_000)).toBe('age');
    expect(await rig.flush()).toMatchObject({ parts: [], readTo: '2026-11-20T10:04:30.000Z' });
  });

  test('the same as the record before when nothing newer came, and never less', async () => {
    await takeLater(sent(5));
    await rig.flush();
    await takeLater(sent(2));
    expect((await rig.flush()).readTo).toBe('2026-11-20T10:04:00.000Z');
    expect((await rig.flush()).readTo).toBe('2026-11-20T10:04:00.000Z');
  });

  test('nothing of it before anything was delivered', async () => {
    expect(await rig.flush()).not.toHaveProperty('readTo');
  });

  test('in a new epoch what the last one said, until more is read', async () => {
    await takeLater(sent(5));
    await rig.flush();
    rig = await IntakeRig.open(store);
    expect(rig.log.tail.readTo).toBe('2026-11-20T10:04:00.000Z');
    expect((await rig.flush()).readTo).toBe('2026-11-20T10:04:00.000Z');
    await takeLater(sent(4));
    expect((await rig.flush()).readTo).toBe('2026-11-20T10:04:00.000Z');
    await takeLater(sent(5.5));
    expect((await rig.flush()).readTo).toBe('2026-11-20T10:04:30.000Z');
  });

  test('nothing of wikis that an earlier epoch left out until it is past where that one stopped', async () => {
    const rules = (wiki: string) => ({ rules: { ...EDITS, wikis: new Set([wiki]) } });
    rig = await IntakeRig.open(store, rules('enwiki'));
    await takeLater(sent(5));
    await rig.flush();
    rig = await IntakeRig.open(store, rules('dewiki'));
    expect(rig.log.tail).toMatchObject({ wikis: ['enwiki'], readTo: '2026-11-20T10:04:00.000Z' });
    await takeLater(sent(5));
    expect(await rig.flush()).not.toHaveProperty('readTo');
    await takeLater(sent(5.5));
    expect(await rig.flush()).not.toHaveProperty('readTo');
    await takeLater(sent(6), sent(6.5));
    expect((await rig.flush()).readTo).toBe('2026-11-20T10:05:30.000Z');
  });

  test.each([
    ['a meta.dt', sent(300, { timestamp: TIME_MS / 1000 }, {}, 6)],
    ['an id', sent(6, {}, {}, 300)],
    ['a meta.dt of next year', sent(500_000, { timestamp: TIME_MS / 1000 }, {}, 6)],
    ['an id of next year', sent(6, {}, {}, 500_000)],
  ])('no more because of %s in the future, while the stream catches up', async (_, lying) => {
    await takeLater(sent(5), lying);
    const readToMs = Date.parse((await rig.flush()).readTo ?? '');
    expect(readToMs).toBeGreaterThanOrEqual(TIME_MS + 4 * 60_000);
    expect(readToMs).toBeLessThanOrEqual(TIME_MS + 5 * 60_000 + 1);
  });

  test('which wikis were kept', async () => {
    await takeAll(message(event('a')));
    expect(await rig.flush()).not.toHaveProperty('wikis');
    rig = await openWith({ wikis: new Set(['frwiki', 'dewiki']) });
    expect((await rig.flush()).wikis).toEqual(['dewiki', 'frwiki']);
  });
});

describe('a stored event that cannot be read back', () => {
  test('stops the intake rather than risk storing an event twice', async () => {
    await takeAll(message(event('a')));
    const { parts } = await rig.flush();
    await store.remove(parts[0]?.key ?? '');
    rig = await IntakeRig.open(store);
    await expect(rig.take(message(event('b')), NOW_MS)).rejects.toMatchObject({ code: 'object_missing' });
  });
});

describe('gaps', () => {
  const numbered = (id: string, offset: number, seconds: number) =>
    message(event(id, {}, { offset }), idOf(TIME_MS + seconds * 1000));

  test('a hole in the offsets is recorded once, even if the overlap passes it again', async () => {
    await takeAll(numbered('a', 7, 0), numbered('b', 8, 1), numbered('c', 11, 2));
    const gap = { cause: 'offsets', topic: EQIAD, fromMs: TIME_MS + 1000, toMs: TIME_MS + 2000, missing: 2 };
    expect((await rig.flush()).gaps).toEqual([gap]);
    rig.intake.connect(60_000);
    await takeAll(numbered('b', 8, 1), numbered('c', 11, 2), numbered('d', 12, 3));
    expect(await rig.flush()).not.toHaveProperty('gaps');
    const after = await IntakeRig.open(store);
    after.intake.connect(60_000);
    for (const each of [numbered('c', 11, 2), numbered('e', 13, 4)]) await after.take(each, NOW_MS);
    expect(await after.flush()).not.toHaveProperty('gaps');
  });

  test('thousands of holes in one flush are few gaps, with all that is missing', async () => {
    await takeAll(...Array.from({ length: 5_000 }, (_, n) => numbered(`${n}`, 2 * n, n / 1000)));
    const range = { topic: EQIAD, fromMs: TIME_MS, toMs: TIME_MS + 4_999 };
    expect((await rig.flush()).gaps).toEqual([{ cause: 'offsets', ...range, missing: 4_999 }]);
  });

  test('the partitions of a topic have offsets of their own', async () => {
    const at = (id: string, partition: number, offset: number, seconds: number) => {
      const entries = [0, 1].map(each => ({
        topic: EQIAD,
        partition: each,
        timestamp: TIME_MS + (each === partition ? seconds * 1000 : 0),
      }));
      return message(event(id, {}, { offset, partition }), JSON.stringify(entries));
    };
    await takeAll(at('a', 0, 7, 0), at('b', 1, 900_000, 1), at('c', 0, 8, 2), at('d', 1, 900_001, 3));
    expect(rig.cursor.topics[EQIAD]).toEqual({ partition: 0, timestampMs: TIME_MS + 2000, offset: 8 });
    expect(rig.cursor.partitions).toEqual({
      [`${EQIAD}/1`]: { partition: 1, timestampMs: TIME_MS + 3000, offset: 900_001 },
    });
    await takeAll(at('e', 1, 900_004, 4), at('f', 0, 11, 4));
    const record = await rig.flush();
    const hole = { cause: 'offsets', topic: EQIAD, missing: 2, toMs: TIME_MS + 4000 };
    expect(record.gaps).toEqual([
      { ...hole, partition: 1, fromMs: TIME_MS + 3000 },
      { ...hole, fromMs: TIME_MS + 2000 },
    ]);
    expect(gapsOf(record).map(({ id, topic }) => [id.split(' ')[1], topic])).toEqual([
      [`${EQIAD}/1`, EQIAD],
      [EQIAD, EQIAD],
    ]);
    const { lastEventId = '' } = (await IntakeRig.open(store)).intake.connect(1_000);
    expect(JSON.parse(lastEventId)).toEqual(
      [0, 1].map(partition => ({ topic: EQIAD, partition, timestamp: TIME_MS + 3000 })),
    );
  });

  test('offsets of another cluster are not a gap, and count from then on', async () => {
    await takeAll(numbered('a', 7, 0), numbered('b', 8, 1));
    rig.intake.connect(60_000);
    await takeAll(numbered('b', 900_000, 1), numbered('c', 900_001, 2), numbered('d', 900_003, 3));
    expect((await rig.flush()).gaps).toMatchObject([{ cause: 'offsets', missing: 1 }]);
  });

  test('an unreadable message is not a hole', async () => {
    await takeAll(numbered('a', 7, 0), message('{"broken', idOf(TIME_MS + 500)), numbered('b', 9, 1));
    expect(await rig.flush()).not.toHaveProperty('gaps');
  });

  test('a stream that starts long after the requested instant has a gap before it', async () => {
    rig = await openWith({}, TIME_MS - 3_600_000);
    await takeAll(numbered('a', 7, 0));
    expect((await rig.flush()).gaps).toEqual([
      { cause: 'retention', fromMs: TIME_MS - 3_600_000, toMs: TIME_MS },
    ]);
    await takeAll(numbered('b', 8, 1));
    expect(await rig.flush()).not.toHaveProperty('gaps');
  });
});
