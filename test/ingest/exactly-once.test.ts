/**
 * Invariants 1 and 2 of the intake: every event that the source delivers ends up in exactly one part or dead letter, in
 * spite of connections that end, repeat messages or go back, concurrent flushes, crashes and evicted identities.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OVERLAP_MS } from '../../src/core/stream-cursor.ts';
import type { ResumePoint } from '../../src/core/stream-cursor.ts';
import type { StreamMessage } from '../../src/source/stream/message-queue.ts';
import { IntakeRig, visibleIn } from '../support/intake-rig.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';

/** Partition 1 of a topic has its number behind the name. */
const TOPICS = [
  'eqiad.mediawiki.recentchange',
  'codfw.mediawiki.recentchange',
  'eqiad.mediawiki.recentchange/1',
] as const;
type Topic = (typeof TOPICS)[number];
const START_MS = Date.parse('2026-11-20T10:59:30Z');
/** How far a wrong id is from its event. */
const YEAR_MS = 365 * 86_400_000;

/** Kinds of messages that are recognised by their id; the nameless ones by position and bytes. */
const NAMED = [
  'edit',
  'late',
  'no dt',
  'dt that is not a time',
  'dt that is a number',
  'bad wiki',
  'bad timestamp',
] as const;
const NAMELESS = ['no id', 'not json', 'not utf8'] as const;
type Kind = (typeof NAMED)[number] | (typeof NAMELESS)[number] | 'canary';

/** A message in Kafka. */
interface Stored {
  readonly topic: Topic;
  readonly timestampMs: number;
  readonly kind: Kind;
  readonly data: Buffer;
  /** Added to the timestamp in its id, which is then wrong. */
  readonly wrongByMs?: number;
}

function dataOf(kind: Kind, n: number, timestampMs: number): Buffer {
  const meta: Record<string, unknown> = {
    id: `id${n}`,
    dt: new Date(timestampMs).toISOString(),
    domain: 'en.wikipedia.org',
  };
  const event: Record<string, unknown> = {
    meta,
    type: 'edit',
    wiki: 'enwiki',
    timestamp: Math.floor(timestampMs / 1000),
    revision: { new: n },
    length: {},
  };
  if (kind === 'late') event['timestamp'] = Math.floor(timestampMs / 1000) - 7_200;
  if (kind === 'no dt') delete meta['dt'];
  if (kind === 'dt that is not a time') meta['dt'] = 'soon';
  if (kind === 'dt that is a number') meta['dt'] = n;
  if (kind === 'bad wiki') event['wiki'] = `BAD ${n}`;
  if (kind === 'bad timestamp') event['timestamp'] = null;
  if (kind === 'canary') meta['domain'] = 'canary';
  if (kind === 'no id') meta['id'] = n;
  const text = Buffer.from(JSON.stringify(event));
  if (kind === 'not json') return Buffer.from(`{ ${n}`);
  return kind === 'not utf8' ? Buffer.concat([text, Buffer.from([0xff])]) : text;
}

function placeOf(name: Topic): { readonly topic: string; readonly partition: number } {
  const [topic = '', partition = '0'] = name.split('/');
  return { topic, partition: Number(partition) };
}

/** EventStreams with these messages; positions, ids and resuming work as in KafkaSSE. */
class Source {
  readonly #logs: ReadonlyMap<Topic, readonly Stored[]>;
  #next = new Map<Topic, number>();
  #entries = new Map<Topic, object>();
  #delivered: Stored[] = [];
  /** When the latest message arrives: the stream is read as it happens. */
  nowMs = START_MS;

  constructor(messages: readonly Stored[]) {
    const log = (topic: Topic): Stored[] =>
      messages.filter(message => message.topic === topic).sort((a, b) => a.timestampMs - b.timestampMs);
    this.#logs = new Map(TOPICS.map(topic => [topic, log(topic)]));
  }

  /** Opens a new connection at the requested position. */
  connect({ lastEventId, sinceMs }: ResumePoint): void {
    const asked = JSON.parse(lastEventId ?? '[]') as {
      topic: string;
      partition: number;
      timestamp: number;
    }[];
    this.#delivered = [];
    for (const [topic, log] of this.#logs) {
      const place = placeOf(topic);
      const isSame = (entry: typeof place): boolean =>
        entry.topic === place.topic && entry.partition === place.partition;
      const from = asked.find(isSame)?.timestamp ?? sinceMs ?? Infinity;
      const found = log.findIndex(({ timestampMs }) => timestampMs >= from);
      const offset = found < 0 ? log.length : found;
      this.#next.set(topic, offset);
      this.#entries.set(topic, { ...place, offset });
    }
  }

  /** The next message of a topic; undefined when there is none. */
  deliver(topic: Topic): StreamMessage | undefined {
    const at = this.#next.get(topic) ?? 0;
    const stored = this.#logs.get(topic)?.[at];
    if (stored === undefined) return undefined;
    this.#next.set(topic, at + 1);
    this.#delivered.push(stored);
    return this.#send(stored);
  }

  /** Delivers a message of this connection a second time, as a consumer does that goes back. */
  again(which: number): StreamMessage | undefined {
    const stored = this.#delivered[which % Math.max(1, this.#delivered.length)];
    return stored === undefined ? undefined : this.#send(stored);
  }

  #send(stored: Stored): StreamMessage {
    const { topic, timestampMs, data, wrongByMs = 0 } = stored;
    this.nowMs = timestampMs + 1;
    this.#entries.set(topic, { ...placeOf(topic), timestamp: timestampMs + 1 + wrongByMs });
    return { data, id: JSON.stringify([...this.#entries.values()]) };
  }
}

type Step =
  | { readonly kind: 'deliver'; readonly topic: Topic; readonly count: number }
  | { readonly kind: 'again'; readonly which: number }
  | { readonly kind: 'flush' | 'flush beside' }
  | { readonly kind: 'reconnect' | 'crash'; readonly extraMs: number };

const topic = fc.constantFrom(...TOPICS);
/** How far a replay goes back beyond the overlap. */
const extraMs = fc.constantFrom(0, 0, 60_000, 100_000_000);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('deliver' as const),
      topic,
      count: fc.integer({ min: 1, max: 8 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('again' as const), which: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('flush' as const, 'flush beside' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('reconnect' as const, 'crash' as const), extraMs }),
  },
);

/** Messages `leastGapMs` to two minutes apart; with 0, several can share a millisecond. */
function messagesOf(kind: fc.Arbitrary<Kind>, leastGapMs = 0): fc.Arbitrary<Stored[]> {
  const gapMs = fc.oneof(fc.constantFrom(leastGapMs, 1, 999), fc.integer({ min: leastGapMs, max: 120_000 }));
  return fc.array(fc.record({ topic, gapMs, kind }), { minLength: 1, maxLength: 40 }).map(drafts => {
    let timestampMs = START_MS;
    return drafts.map(({ topic, gapMs, kind }, n) => {
      timestampMs += gapMs;
      return { topic, timestampMs, kind, data: dataOf(kind, n, timestampMs) };
    });
  });
}

/** Runs a schedule, then delivers and commits the rest. */
async function run(
  messages: readonly Stored[],
  steps: readonly Step[],
  limit: number,
): Promise<MemoryObjectStore> {
  const store = new MemoryObjectStore({ pageSize: 3 });
  const source = new Source(messages);
  const options = { limit, sinceMs: START_MS };
  let rig = await IntakeRig.open(store, options);
  source.connect(rig.intake.connect(OVERLAP_MS));
  const take = async (message: StreamMessage | undefined): Promise<void> => {
    if (message !== undefined) await rig.take(message, source.nowMs);
  };
  for (const each of steps) {
    switch (each.kind) {
      case 'deliver':
        for (let n = 0; n < each.count; n += 1) await take(source.deliver(each.topic));
        break;
      case 'again':
        await take(source.again(each.which));
        break;
      case 'flush':
        await rig.flush();
        break;
      case 'flush beside':
        await rig.beginFlush();
        break;
      case 'crash':
        await rig.crash();
        rig = await IntakeRig.open(store, options);
        source.connect(rig.intake.connect(OVERLAP_MS + each.extraMs));
        break;
      case 'reconnect':
        source.connect(rig.intake.connect(OVERLAP_MS + each.extraMs));
        break;
      default:
        each satisfies never;
    }
  }
  for (const name of TOPICS) {
    for (let message = source.deliver(name); message !== undefined; message = source.deliver(name))
      await take(message);
  }
  await rig.flush();
  return store;
}

async function expectExactlyOnce(
  messages: readonly Stored[],
  steps: readonly Step[],
  limit: number,
): Promise<void> {
  const { lines, deadLetters, records } = await visibleIn(await run(messages, steps, limit));
  const isDead = (kind: Kind): boolean =>
    kind.startsWith('bad') || NAMELESS.some(nameless => nameless === kind);
  const texts = (wanted: (kind: Kind) => boolean): string[] =>
    messages
      .filter(({ kind }) => wanted(kind))
      .map(({ data }) => data.toString('latin1'))
      .sort();
  expect(lines.toSorted()).toEqual(texts(kind => !isDead(kind) && kind !== 'canary'));
  const raw = deadLetters.map(letter =>
    Buffer.from(letter.rawBase64 ?? letter.raw, letter.rawBase64 === undefined ? 'utf8' : 'base64'),
  );
  expect(raw.map(bytes => bytes.toString('latin1')).sort()).toEqual(texts(isDead));
  // The records agree with the objects they name.
  const events = records.flatMap(({ parts }) => parts).reduce((sum, part) => sum + part.events, 0);
  const letters = records
    .flatMap(record => record.deadLetters)
    .reduce((sum, object) => sum + object.events, 0);
  expect({ events, letters }).toEqual({ events: lines.length, letters: deadLetters.length });
}

const limit = fc.constantFrom(0, 1, 3, 10, 300_000);
const steps = fc.array(step, { maxLength: 40 });

describe('every event is stored exactly once', () => {
  test('edits, late edits, canaries, and dead letters with an id', async () => {
    const kind = fc.oneof(
      { weight: 5, arbitrary: fc.constant('edit' as const) },
      fc.constantFrom(...NAMED.filter(name => name !== 'dt that is a number'), 'canary' as const),
    );
    await fc.assert(fc.asyncProperty(messagesOf(kind), steps, limit, expectExactlyOnce), { numRuns: 600 });
  });

  test('although some ids claim to be of another year', async () => {
    const messages = messagesOf(fc.constantFrom('edit', 'late', 'canary'), 1);
    const wrong = fc.array(fc.constantFrom(0, 0, 0, YEAR_MS, -YEAR_MS), { minLength: 40, maxLength: 40 });
    const someWrong = fc
      .tuple(messages, wrong)
      .map(([all, by]) => all.map((each, n): Stored => ({ ...each, wrongByMs: by[n] ?? 0 })));
    await fc.assert(fc.asyncProperty(someWrong, steps, limit, expectExactlyOnce), { numRuns: 600 });
  });

  test('events whose meta.dt is not text', async () => {
    const kind = fc.constantFrom('edit' as const, 'dt that is a number' as const);
    await fc.assert(fc.asyncProperty(messagesOf(kind), steps, limit, expectExactlyOnce), { numRuns: 300 });
  });

  test('dead letters without an id, recognised by position and bytes', async () => {
    const kind = fc.constantFrom('edit' as const, ...NAMELESS);
    // The position is the id entry that changed, so messages must be a millisecond apart and never repeat at once.
    const unambiguous = steps.map(all => all.filter(each => each.kind !== 'again'));
    await fc.assert(fc.asyncProperty(messagesOf(kind, 1), unambiguous, limit, expectExactlyOnce), {
      numRuns: 600,
    });
  });
});

describe('the source of these tests', () => {
  test('delivers everything to a reader that never fails, with ids that move the cursor to the end', async () => {
    const messages = TOPICS.flatMap((name, t) =>
      Array.from({ length: 5 }, (_, n): Stored => {
        const timestampMs = START_MS + n * 1_000;
        return { topic: name, timestampMs, kind: 'edit', data: dataOf('edit', t * 5 + n, timestampMs) };
      }),
    );
    const { lines, records } = await visibleIn(await run(messages, [], 300_000));
    expect(lines).toHaveLength(15);
    const [eqiad, codfw, second] = TOPICS;
    const timestampMs = START_MS + 4_001;
    expect(records.at(-1)?.cursor).toEqual({
      startMs: START_MS,
      topics: Object.fromEntries([eqiad, codfw].map(name => [name, { partition: 0, timestampMs }])),
      partitions: { [second]: { partition: 1, timestampMs } },
    });
  });
});
