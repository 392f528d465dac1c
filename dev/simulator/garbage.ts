/**
 * Unusable messages between the real ones.
 * Guarantee: whether garbage follows an offset, and which kind, is a pure function of (seed, topic, offset, share). A
 * replay sends the same bytes, and a larger share includes all garbage of a smaller one. Garbage has no offset, so the
 * numbering of real events, and the oracle, are the same with and without it.
 */

import { hash, keyOf, Random, uuidOf } from './random.ts';

/** What is wrong with a garbage message. */
export const GARBAGE_KINDS = [
  'not-json',
  'truncated-json',
  'not-an-object',
  'empty-object',
  'no-id',
  'no-wiki',
  'bad-wiki',
  'timestamp-string',
  'timestamp-float',
  'timestamp-1990',
  'timestamp-far-future',
  'edit-without-revision',
  'length-strings',
  'invalid-utf8',
  'huge',
] as const;

export type GarbageKind = (typeof GARBAGE_KINDS)[number];

/** One in this many garbage messages is a line of a megabyte. */
const HUGE_ONE_IN = 60;
const HUGE_BYTES = 1_000_000;

/** Generates the garbage of one seed. */
export class GarbageGenerator {
  readonly #key: number;

  constructor(seed: number) {
    this.#key = keyOf(seed, 'garbage');
  }

  /**
   * The kind of garbage that follows a message, or undefined.
   * @param share 0 .. 1, garbage messages per message
   */
  kindAfter(topic: string, offset: number, share: number): GarbageKind | undefined {
    if (share <= 0) return undefined;
    const key = this.#keyOf(topic);
    if (hash(key, offset) >= share * 4_294_967_296) return undefined;
    const draw = hash(key ^ 0x1f83d9ab, offset);
    if (draw % HUGE_ONE_IN === 0) return 'huge';
    return GARBAGE_KINDS[draw % (GARBAGE_KINDS.length - 1)];
  }

  /**
   * The bytes of a garbage message. All kinds but `empty-object` contain the topic and offset they follow, so no two are
   * the same.
   * @param timestampMs Kafka timestamp of the message it follows
   */
  bodyOf(kind: GarbageKind, topic: string, offset: number, timestampMs: number): string | Uint8Array {
    const key = this.#keyOf(topic);
    const random = new Random(hash(key ^ 0x5be0cd19, offset));
    const mark = `garbage after ${topic} ${offset}`;
    const event = usableEvent(uuidOf(key, offset), mark, timestampMs, random);
    const json = JSON.stringify(event);
    const editWith = (change: object): string => JSON.stringify({ ...event, ...change });
    switch (kind) {
      case 'not-json':
        return random.pick([
          `<html><body>502 Bad Gateway ${mark}</body></html>`,
          `undefined ${mark}`,
          `{'single': '${mark}'}`,
        ]);
      case 'truncated-json':
        return json.slice(0, json.indexOf(mark) + mark.length + random.below(80));
      case 'not-an-object':
        return random.pick([JSON.stringify(mark), JSON.stringify([mark, null]), `${offset}.5`]);
      case 'empty-object':
        return '{}';
      case 'no-id':
        return editWith({ meta: { ...event.meta, id: undefined } });
      case 'no-wiki':
        return editWith({ wiki: undefined });
      case 'bad-wiki':
        return editWith({ wiki: random.pick(['EN WIKI', 'en-wiki', '', 'x'.repeat(65), '../enwiki']) });
      case 'timestamp-string':
        return editWith({ timestamp: String(event.timestamp) });
      case 'timestamp-float':
        return editWith({ timestamp: event.timestamp + 0.5 });
      case 'timestamp-1990':
        return editWith({ timestamp: 631_152_000 });
      case 'timestamp-far-future':
        return editWith({ timestamp: event.timestamp + 315_360_000 });
      case 'edit-without-revision':
        return editWith({ revision: random.chance(0.5) ? undefined : { old: 1 } });
      case 'length-strings':
        return editWith({ length: { old: '100', new: '120' } });
      case 'invalid-utf8': {
        // The invalid bytes are in the wiki's name, so that a reader that replaces them still has no valid wiki.
        const [before = '', after = ''] = editWith({ wiki: '\u0000' }).split('\\u0000');
        return Buffer.concat([
          Buffer.from(before),
          Buffer.from([0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80]),
          Buffer.from(after),
        ]);
      }
      case 'huge':
        return editWith({ wiki: undefined, parsedcomment: `${mark} `.padEnd(HUGE_BYTES, 'lorem ipsum ') });
      default:
        return kind satisfies never;
    }
  }

  #keyOf(topic: string): number {
    return this.#key ^ (topic.charCodeAt(0) << 8);
  }
}

/** A valid edit to be broken. It would change the counts of enwiki if a consumer accepted it. */
function usableEvent(id: string, mark: string, timestampMs: number, random: Random) {
  const revision = 1 + random.word();
  return {
    $schema: '/mediawiki/recentchange/1.0.0',
    meta: {
      id,
      domain: 'en.wikipedia.org',
      stream: 'mediawiki.recentchange',
      dt: new Date(timestampMs).toISOString(),
    },
    id: 1 + random.word(),
    type: 'edit',
    namespace: 0,
    title: 'Garbage',
    comment: mark,
    timestamp: Math.floor(timestampMs / 1000),
    user: 'Garbage',
    bot: false,
    minor: false,
    length: { old: 100, new: 1_000_100 },
    revision: { old: revision - 1, new: revision },
    server_name: 'en.wikipedia.org',
    wiki: 'enwiki',
    parsedcomment: mark,
  };
}
