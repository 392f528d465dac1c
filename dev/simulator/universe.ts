/**
 * The simulated events: which messages arrive in which second, in which topic, at which offset.
 * Guarantee: the messages of a second are a pure function of (seed, rate, switches, second). Nothing is stored, and any
 * range can be read in any order. Time is real time: history exists, and live messages arrive as time passes.
 */

import { Datacentres, TOPICS, type Topic, type TopicIndex, defaultSwitches } from './datacentres.ts';
import type { Canary, Change } from './change.ts';
import { dumpFactOf } from './dump-facts.ts';
import { type Deed, History, MAX_LATENESS_MS } from './history.ts';
import type { Fact, MessageLog, Source } from './message-log.ts';
import { Numbering, type Place } from './numbering.ts';
import { hash, keyOf, uuidOf } from './random.ts';
import { renderCanary, renderChange } from './render.ts';
import { FIRST_SECOND, Rhythm } from './rhythm.ts';
import { Stories } from './stories.ts';
import { logOf } from './universe-log.ts';

/** The parameters of a universe. */
export interface UniverseOptions {
  readonly seed: number;
  /** mean events per second over a day, > 0 */
  readonly rate: number;
  /** epoch ms; nothing earlier exists. Whole seconds */
  readonly fromMs?: number | undefined;
  /** epoch ms; nothing that arrives at or after it exists. Whole seconds */
  readonly untilMs?: number | undefined;
  /** how long messages can be read from the stream, ms; the oracle has no limit */
  readonly retentionMs: number;
  /** epoch ms at which traffic moves to the other datacentre; default: twice a year. Whole seconds */
  readonly switchesMs?: readonly number[] | undefined;
  /** partitions of each topic; default: 1 */
  readonly partitions?: number | undefined;
  /** offsets that a partition of the active topic skips at an instant; default: none */
  readonly holes?: readonly OffsetHole[] | undefined;
  /** epoch ms from which stories happen, whole seconds; default: never */
  readonly storiesFromMs?: number | undefined;
  /** when nothing is sent, though no offset is missing; default: never */
  readonly outages?: readonly ProducerOutage[] | undefined;
}

/** A time without messages, epoch ms, whole seconds. */
export interface ProducerOutage {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A hole in the offsets of one partition: no message is missing, it only looks so. */
export interface OffsetHole {
  /** epoch ms; the next message of the active topic comes after the hole. Whole seconds */
  readonly atMs: number;
  /** number of offsets */
  readonly size: number;
}

/** How many messages try to get a dt before their predecessor's. About 2 % are close enough at 30-50 events/s. */
const OVERTAKES = Math.floor(0.033 * 4_294_967_296);
/** The largest disorder observed in the real stream. ms */
const MAX_DISORDER_MS = 38;
/** 2200-01-01, where the table of switches ends. */
const LAST_SECOND = 7_258_118_400;
/** Number of cached seconds: all live readers need the current one. */
const KEPT_SECONDS = 8;

type Second = readonly [(Change | Canary)[], (Change | Canary)[]];

export class Universe implements Source {
  readonly silentStart = 'end';
  readonly logs: readonly MessageLog[];
  readonly #idKey: number;
  readonly #history: History;
  readonly #stories: Stories | undefined;
  readonly #rhythm: Rhythm;
  readonly #datacentres: Datacentres;
  /** by topic */
  readonly #numberings: readonly [Numbering, Numbering];
  readonly #spreadKey: number;
  readonly #overtakeKey: number;
  readonly #begin: number;
  readonly #end: number;
  readonly #seconds = new Map<number, Second>();

  constructor(options: UniverseOptions) {
    const { seed, rate, switchesMs, storiesFromMs, outages = [] } = options;
    this.#history = new History(seed);
    this.#stories =
      storiesFromMs === undefined ? undefined : new Stories(seed, rate, Math.floor(storiesFromMs / 1000));
    this.#rhythm = new Rhythm(
      seed,
      rate,
      outages.map(({ fromMs, toMs }) => ({ from: Math.floor(fromMs / 1000), to: Math.floor(toMs / 1000) })),
    );
    const switches = switchesMs?.map(ms => Math.floor(ms / 1000)) ?? defaultSwitches();
    this.#datacentres = new Datacentres(seed, rate, this.#rhythm, switches);
    this.#idKey = keyOf(seed, 'id');
    this.#spreadKey = keyOf(seed, 'spread');
    this.#overtakeKey = keyOf(seed, 'overtake');
    this.#begin = Math.max(FIRST_SECOND, Math.floor((options.fromMs ?? 0) / 1000));
    this.#end = Math.min(LAST_SECOND, Math.floor((options.untilMs ?? Infinity) / 1000));
    const { partitions = 1, holes = [] } = options;
    const numberingOf = (index: TopicIndex): Numbering =>
      new Numbering(
        partitions,
        holes.flatMap(({ atMs, size }) => {
          const second = Math.floor(atMs / 1000);
          const isHere = this.#datacentres.activeAt(second) === index;
          return isHere ? [{ position: this.#datacentres.offsetAt(index, second), size }] : [];
        }),
      );
    this.#numberings = [numberingOf(0), numberingOf(1)];
    const all = ([0, 1] as const).flatMap(index =>
      Array.from({ length: partitions }, (_, partition) => ({ index, partition })),
    );
    this.logs = all.map(({ index, partition }) =>
      logOf({
        topic: TOPICS[index],
        partition,
        numbering: this.#numberings[index],
        begin: this.#begin,
        end: this.#end,
        retentionMs: options.retentionMs,
        offsetAt: second => this.#datacentres.offsetAt(index, second),
        messagesOf: second => this.#second(second)[index],
        render: message => this.render(message),
      }),
    );
  }

  /** Messages that arrive in a second, by topic, in offset order. @param second epoch seconds */
  messagesOf(second: number): readonly (readonly (Change | Canary)[])[] {
    return this.#second(second);
  }

  /** Events that arrive in a second, without canaries, in no particular order. @param second epoch seconds */
  changesOf(second: number): readonly Change[] {
    const isChange = (message: Change | Canary): message is Change => message.kind === 'change';
    return this.#second(second).flatMap(messages => messages.filter(isChange));
  }

  /** Like `changesOf` without the cache, for callers that read whole hours. */
  changesIn(second: number): readonly Change[] {
    const isChange = (message: Change | Canary): message is Change => message.kind === 'change';
    return this.#make(second).flatMap(messages => messages.filter(isChange));
  }

  /** The topic that gets the traffic at a time, epoch ms. */
  activeTopic(nowMs: number): Topic {
    return TOPICS[this.#datacentres.activeAt(Math.floor(nowMs / 1000))];
  }

  /** The message as JSON text; always the same bytes. */
  render(message: Change | Canary): string {
    const place = this.#placeOf(message);
    return message.kind === 'change'
      ? renderChange(message, place, this.#idKey)
      : renderCanary(message, place, this.#idKey);
  }

  #placeOf({ topic, offset }: Pick<Change | Canary, 'topic' | 'offset'>): Place {
    return this.#numberings[topic === TOPICS[0] ? 0 : 1].placeOf(offset);
  }

  *facts(from: number, to: number, nowMs: number): Generator<readonly Fact[]> {
    for (const changes of this.#changesBetween(from, to, nowMs))
      yield changes.map(change => this.#factOf(change));
  }

  /** Like `facts`, as the history dumps see them: bots by account, and revisions left by moves. */
  *dumpFacts(from: number, to: number, nowMs: number): Generator<readonly Fact[]> {
    for (const changes of this.#changesBetween(from, to, nowMs))
      yield changes.flatMap(change => dumpFactOf(this.#factOf(change), change) ?? []);
  }

  *#changesBetween(from: number, to: number, nowMs: number): Generator<readonly Change[]> {
    const last = Math.min(to + MAX_LATENESS_MS / 1000, Math.floor(nowMs / 1000) + 1, this.#end);
    for (let second = Math.max(from, this.#begin); second < last; second++) {
      const changes: Change[] = [];
      for (const messages of this.#make(second)) {
        for (const message of messages) {
          if (message.kind === 'canary' || message.arrivedMs > nowMs) continue;
          if (message.timestamp >= from && message.timestamp < to) changes.push(message);
        }
      }
      yield changes;
    }
  }

  finished(nowMs: number): boolean {
    return nowMs >= this.#end * 1000;
  }

  #factOf({ seq, topic, offset, dtMs, timestamp, deed }: Change): Fact {
    return {
      wiki: deed.wiki.db,
      type: deed.type,
      bot: deed.bot,
      timestamp,
      bytesChange: deed.newLength - deed.oldLength,
      topic,
      ...this.#placeOf({ topic, offset }),
      dtMs,
      id: () => uuidOf(this.#idKey, seq),
    };
  }

  #second(second: number): Second {
    const kept = this.#seconds.get(second);
    if (kept !== undefined) return kept;
    const made = this.#make(second);
    this.#seconds.set(second, made);
    const oldest = this.#seconds.keys().next();
    if (this.#seconds.size > KEPT_SECONDS && !oldest.done) this.#seconds.delete(oldest.value);
    return made;
  }

  #make(second: number): Second {
    const made: Second = [[], []];
    if (second < this.#begin || second >= this.#end) return made;
    const offsets: [number, number] = [
      this.#datacentres.offsetAt(0, second),
      this.#datacentres.offsetAt(1, second),
    ];
    const add = (index: TopicIndex, message: (topic: Topic, offset: number) => Change | Canary): void => {
      made[index].push(message(TOPICS[index], offsets[index]++));
    };
    // Canaries come first in their second, so that they do not split a request.
    for (const index of [0, 1] as const) {
      if (this.#datacentres.nextCanary(index, second) !== second) continue;
      const ms = second * 1000;
      add(index, (topic, offset) => ({ kind: 'canary', topic, offset, arrivedMs: ms, dtMs: ms }));
    }
    const active = this.#datacentres.activeAt(second);
    const first = this.#rhythm.sentBefore(second);
    const count = this.#rhythm.sentBefore(second + 1) - first;
    let before = second * 1000;
    const deedOf = this.#deedsOf(second);
    for (let k = 0; k < count; k++) {
      const seq = first + k;
      const word = hash(this.#spreadKey, seq);
      const arrivedMs = second * 1000 + Math.floor(((k + word / 4_294_967_296) * 1000) / count);
      const dtMs = this.#dtOf(seq, k, before, arrivedMs);
      before = arrivedMs;
      const deed = deedOf(seq);
      const timestamp = Math.floor((dtMs - deed.latenessMs) / 1000);
      const index = this.#datacentres.isStray(seq) ? (active === 0 ? 1 : 0) : active;
      add(index, (topic, offset) => ({
        kind: 'change',
        seq,
        topic,
        offset,
        arrivedMs,
        dtMs,
        timestamp,
        deed,
      }));
    }
    return made;
  }

  /** The deeds of a second, in the order of their positions. A story takes the place of the first that stand alone. */
  #deedsOf(second: number): (seq: number) => Deed {
    const story = this.#stories?.at(second);
    if (this.#stories === undefined || story === undefined) return seq => this.#history.at(seq);
    const stories = this.#stories;
    let wanted = stories.wanted(story, second);
    return seq => {
      const deed = this.#history.at(seq);
      // The rows of a request name the change that caused them.
      const isAlone = deed.leader === seq && this.#history.at(seq + 1).leader === seq + 1;
      if (wanted === 0 || !isAlone) return deed;
      wanted -= 1;
      return stories.deedOf(story, second, seq);
    };
  }

  /** Mostly the arrival; sometimes just before the previous message, but never in an earlier second. */
  #dtOf(seq: number, k: number, before: number, arrivedMs: number): number {
    const word = hash(this.#overtakeKey, seq);
    const room = MAX_DISORDER_MS - (arrivedMs - before);
    if (k === 0 || word >= OVERTAKES || room <= 0) return arrivedMs;
    return Math.max(Math.floor(arrivedMs / 1000) * 1000, before - 1 - (word % room));
  }
}
