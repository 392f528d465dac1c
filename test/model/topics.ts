/**
 * EventStreams as the writers of the model see it: messages of two topics, one with two partitions, stored in Kafka in order of arrival, which
 * differs from the order of their timestamps; read from a timestamp on; with ids as KafkaSSE writes them.
 */
import type { ResumePoint } from '../../src/core/stream-cursor.ts';
import type { StreamMessage } from '../../src/source/stream/message-queue.ts';

/** Topics; a second partition has its number behind the name. */
export const TOPICS = [
  'eqiad.mediawiki.recentchange',
  'codfw.mediawiki.recentchange',
  'eqiad.mediawiki.recentchange/1',
] as const;
export type Topic = (typeof TOPICS)[number];

const DAY_MS = 86_400_000;
const YESTERDAY = new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);
/** Half a minute before an hour ends. Of yesterday, because a real store has the real clock beside it. */
export const START_MS = Date.parse(`${YESTERDAY}T10:59:30Z`);
/** The writers read what is long past, so that no id lies in the future. */
export const NOW_MS = START_MS + DAY_MS;

/** Where a message ends up: in a part of its hour, in a part of an hour long past, in the dead letters, or nowhere. */
export type Kind = 'edit' | 'late' | 'bad wiki' | 'canary';

export interface Message {
  readonly n: number;
  readonly topic: Topic;
  readonly timestampMs: number;
  readonly kind: Kind;
  /** Its id claims to be of another year. */
  readonly hasWrongId?: boolean;
}

/** Message number `n`; `afterMs` since the start. */
export function message(n: number, afterMs: number, kind: Kind = 'edit', topic: Topic = TOPICS[0]): Message {
  return { n, topic, timestampMs: START_MS + afterMs, kind };
}

function dataOf({ n, timestampMs, kind }: Message): Buffer {
  const seconds = Math.floor(timestampMs / 1000);
  const domain = kind === 'canary' ? 'canary' : 'en.wikipedia.org';
  const event = {
    meta: { id: `id${n}`, dt: new Date(timestampMs).toISOString(), domain },
    type: 'edit',
    wiki: kind === 'bad wiki' ? 'NO WIKI' : 'enwiki',
    timestamp: kind === 'late' ? seconds - 7_200 : seconds,
    revision: { new: n },
    length: {},
  };
  return Buffer.from(JSON.stringify(event));
}

/** The data that must be in a part or a dead letter at the end. */
export function storable(messages: readonly Message[]): Buffer[] {
  return messages.filter(({ kind }) => kind !== 'canary').map(dataOf);
}

/** What a connection does next: send the next message of a topic, repeat one, or end and be replaced by a new one. */
export type Delivery = Topic | 'again' | 'reconnect';

/** The stream, and how far it has been read. */
export class Stream {
  readonly #messages: readonly Message[];
  /** Without a start time: a reader without a cursor gets the messages that arrive next. */
  readonly isLive: boolean;
  #came = 0;
  #takenFrom: number;

  constructor(messages: readonly Message[], { isLive = false } = {}) {
    this.#messages = messages;
    this.isLive = isLive;
    this.#takenFrom = isLive ? messages.length : 0;
  }

  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** What must be stored at the end: everything from the first message that a writer took in. */
  get owed(): readonly Message[] {
    return this.#messages.slice(this.#takenFrom);
  }

  /** Messages over all connections of one attempt: by the plan, then everything to the end of the stream. */
  async *read(
    plan: readonly Delivery[],
    resume: () => ResumePoint,
    signal: AbortSignal,
  ): AsyncGenerator<StreamMessage> {
    const connect = (from: ResumePoint): Connection => new Connection(this.#messages, from, this.#came);
    const begin = resume();
    // The overlap of a later connection may reach before the start; messages there need not be stored.
    let isFirst = begin.lastEventId === undefined;
    let connection = connect(begin);
    for (const [at, each] of [...plan, ...this.#messages.map(() => undefined)].entries()) {
      if (signal.aborted) return;
      if (each === 'reconnect') {
        const again = resume();
        connection = connect(again);
        isFirst = again.lastEventId === undefined;
        continue;
      }
      // A live stream starts at one time for both topics, so they are read side by side.
      const next = each === 'again' ? connection.again(at) : connection.next(this.isLive ? undefined : each);
      if (next === undefined) continue;
      this.#came = Math.max(this.#came, next.n + 1);
      yield next;
      // A reader that asks for the next message has taken this one in.
      if (isFirst) this.#takenFrom = Math.min(this.#takenFrom, next.n);
    }
  }
}

const YEAR_MS = 365 * DAY_MS;

function placeOf(name: Topic): { readonly topic: string; readonly partition: number } {
  const [topic = '', partition = '0'] = name.split('/');
  return { topic, partition: Number(partition) };
}

/** A message as the reader gets it, with its number. */
interface Sent extends StreamMessage {
  readonly n: number;
}

class Connection {
  readonly #waiting: Message[];
  readonly #entries: Map<Topic, object>;
  readonly #sent: Message[] = [];

  constructor(messages: readonly Message[], { lastEventId, sinceMs }: ResumePoint, came: number) {
    const asked = JSON.parse(lastEventId ?? '[]') as {
      topic: string;
      partition: number;
      timestamp: number;
    }[];
    // Kafka seeks the first message that is not older, and continues from there in order of arrival.
    const begins = TOPICS.map(topic => {
      const place = placeOf(topic);
      const isSame = (entry: typeof place): boolean =>
        entry.topic === place.topic && entry.partition === place.partition;
      const from = asked.find(isSame)?.timestamp ?? sinceMs;
      if (from === undefined) return [topic, came] as const;
      const at = messages.findIndex(each => each.topic === topic && each.timestampMs >= from);
      return [topic, at < 0 ? messages.length : at] as const;
    });
    this.#entries = new Map(begins.map(([topic, offset]) => [topic, { ...placeOf(topic), offset }]));
    const first = new Map(begins);
    this.#waiting = messages.filter(({ topic }, at) => at >= (first.get(topic) ?? 0));
  }

  /** The next message of a topic, or of either one. */
  next(topic?: Topic): Sent | undefined {
    const at = this.#waiting.findIndex(each => topic === undefined || each.topic === topic);
    const [found] = at < 0 ? [] : this.#waiting.splice(at, 1);
    if (found === undefined) return undefined;
    this.#sent.push(found);
    return this.#send(found);
  }

  /** A message that was sent before. */
  again(which: number): Sent | undefined {
    const found = this.#sent[which % Math.max(1, this.#sent.length)];
    return found === undefined ? undefined : this.#send(found);
  }

  #send(message: Message): Sent {
    const { n, topic, timestampMs, hasWrongId = false } = message;
    const timestamp = timestampMs + 1 - (hasWrongId ? YEAR_MS : 0);
    this.#entries.set(topic, { ...placeOf(topic), timestamp });
    return { n, data: dataOf(message), id: JSON.stringify([...this.#entries.values()]) };
  }
}
