/**
 * The live feed and views of it under made-up schedules: a stream, attempts that are killed between any two steps, two
 * golds that lag independently, two APIs that read one of them each, start in the middle, hear late and lose their
 * connection, a zombie whose frames still arrive. What is shown is never less than what was shown before, never more than
 * what was sent, and equals gold as if every pending part were applied as soon as the attempt that reads has caught up.
 */
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LiveFeed } from '../../src/live/feed.ts';
import type { GoldReading } from '../../src/live/view.ts';
import type { LiveFrame, LivePart } from '../../src/contracts/live-frame.ts';
import type { LiveCounts } from '../../src/contracts/live-source.ts';
import type { HourContents } from '../../src/gold/gold-store.ts';
import { LiveView } from '../../src/live/view.ts';
import type { CountedEvent } from '../../src/core/line-reader.ts';
import type { MinuteRow } from '../../src/core/minute-counts.ts';
import { flushOfKey, streamPartKey } from '../../src/contracts/storage/object-keys.ts';
import { BufferedRows } from '../../src/ingest/buffered-rows.ts';
import { LiveParts } from '../../src/live/parts.ts';
import { MinuteRows } from '../../src/recentchange/minute-rows.ts';
import { search } from './search.ts';

const HOUR = '2026-11-20T10';
const START = Date.parse('2026-11-20T10:00:00Z') / 1000;
/** By itself the library makes up short lists, in which little happens. */
const LONG = { maxLength: 60, size: 'max' } as const;
const SEARCH = search(2_000);
/** Of a long search. */
const LIMIT_MS = 1_800_000;
/** How often a feed publishes. */
const TICK_MS = 1_000;

// Feeds tick only where a schedule says so.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

/** An edit: its place in the stream is its number. */
interface Edit {
  readonly minute: number;
  readonly isBot: boolean;
}

function rowsOf(edits: readonly Edit[]): MinuteRow[] {
  const rows = new Map<string, MinuteRow>();
  for (const { minute, isBot } of edits) {
    const name = `${minute} ${isBot}`;
    const row = rows.get(name) ?? { minute, wiki: 'enwiki', isBot, edits: 0, bytesChange: 0 };
    rows.set(name, { ...row, edits: row.edits + 1, bytesChange: row.bytesChange + 10 });
  }
  return [...rows.values()];
}

/** One part of the log: which edits it has, by their numbers. */
interface StoredPart {
  readonly key: string;
  readonly numbers: readonly number[];
}

/** Edits that are read and not committed, and their rows as ingest keeps them. */
class Buffer {
  readonly numbers: number[] = [];
  readonly #rows = new BufferedRows(() => new MinuteRows());

  add(number: number, edit: Edit): void {
    this.numbers.push(number);
    this.#rows.add(eventOf(edit));
  }

  parts(sequence: number, attempt: string): LivePart[] {
    return this.#rows.parts({ sequence, attempt });
  }
}

function eventOf({ minute, isBot }: Edit): CountedEvent {
  const edit = { isBot, bytesChange: 10, revision: 1 };
  const sentAtMs = minute * 1000;
  return {
    timestamp: minute,
    sentAtMs,
    origin: undefined,
    wiki: 'enwiki',
    edit,
  };
}

/** Reads the stream as ingest does: buffer, flush, commit. */
class Reader {
  readonly live: LiveParts;
  readonly feed = new LiveFeed();
  buffer = new Buffer();
  flushing: Buffer | undefined;
  next: number;

  readonly name: string;
  readonly fence: number;
  readonly world: World;

  constructor(name: string, fence: number, world: World) {
    this.name = name;
    this.fence = fence;
    this.world = world;
    this.live = new LiveParts(name, fence);
    this.feed.begin(() => this.frame());
    this.next = world.committedTo;
  }

  get isFenced(): boolean {
    return this.world.fence !== this.fence;
  }

  read(count: number): void {
    for (const edit of this.world.edits.slice(this.next, this.next + count))
      this.buffer.add(this.next++, edit);
  }

  beginFlush(): void {
    if (this.flushing !== undefined || this.buffer.numbers.length === 0) return;
    this.flushing = this.buffer;
    this.buffer = new Buffer();
  }

  endFlush(): void {
    const { world, flushing } = this;
    if (flushing === undefined || this.isFenced) return;
    const { numbers } = flushing;
    const key = streamPartKey(HOUR, world.sequence + 1, this.name);
    world.sequence += 1;
    world.log.push({ key, numbers });
    world.committedTo = Math.max(...numbers) + 1;
    this.flushing = undefined;
    // A crash between commit and this is a kill after it: the frame of the next attempt lists the part.
    this.live.stored([{ key, rows: world.rows(numbers) }]);
  }

  list(): void {
    const { world } = this;
    const earlier = world.log.filter(({ key }) => flushOfKey(key)?.attempt !== this.name);
    const lacking = earlier.filter(({ key }) => world.isWaiting(key));
    this.live.listed(lacking.map(({ key, numbers }) => ({ key, rows: world.rows(numbers) })));
  }

  askGold(uptimeMs: number): void {
    const asked = this.live.waiting;
    const lacking = asked.filter(key => this.world.isWaiting(key));
    this.live.answered(asked, lacking, uptimeMs);
  }

  frame(): LiveFrame {
    const flushing = this.flushing?.parts(this.ownSequence + 1, this.name) ?? [];
    const next = this.ownSequence + (this.flushing === undefined ? 1 : 2);
    const open = [...flushing, ...this.buffer.parts(next, this.name)];
    return this.live.frame(open, { positions: { topic: this.next } });
  }

  /** The tail of the log as this attempt knows it. */
  get ownSequence(): number {
    const own = this.world.log.filter(({ key }) => flushOfKey(key)?.attempt === this.name);
    return Math.max(this.fence, ...own.map(({ key }) => flushOfKey(key)?.sequence ?? 0));
  }
}

class World {
  readonly edits: Edit[] = [];
  sequence = 0;
  fence = 0;
  committedTo = 0;
  readonly log: StoredPart[] = [];
  /** Which parts each gold has. */
  readonly golds: readonly [Set<string>, Set<string>] = [new Set(), new Set()];
  reader: Reader;
  zombie: Reader | undefined;
  attempts = 0;

  constructor() {
    this.reader = this.start();
  }

  get sent(): number {
    return this.edits.length;
  }

  start(): Reader {
    this.sequence += 1;
    this.fence = this.sequence;
    this.attempts += 1;
    return new Reader(`a${this.attempts}`, this.fence, this);
  }

  rows(numbers: readonly number[]): MinuteRow[] {
    return rowsOf(numbers.flatMap(number => this.edits[number] ?? []));
  }

  /** Whether any gold lacks a part, as the writer of both answers. */
  isWaiting(key: string): boolean {
    return this.golds.some(ledger => !ledger.has(key));
  }

  /** A gold at this instant. */
  contents(ledger: ReadonlySet<string>): HourContents {
    const applied = this.log.filter(({ key }) => ledger.has(key)).flatMap(({ numbers }) => numbers);
    return { rows: this.rows(applied), keys: [...ledger] };
  }

  /** Gold as if every committed part were applied, and what the reader has not committed. */
  expected(): MinuteRow[] {
    const { buffer, flushing } = this.reader;
    const committed = this.log.flatMap(({ numbers }) => numbers);
    return this.rows([...committed, ...(flushing?.numbers ?? []), ...buffer.numbers]);
  }
}

/** An API that reads one of the golds, with a connection of its own to the feed of a reader. */
class Api {
  readonly view = new LiveView();
  nowMs = 0;
  readonly #world: World;
  readonly #ledger: ReadonlySet<string>;
  /** Frames that are on their way. */
  #coming: LiveFrame[] = [];
  #endFeed: (() => void) | undefined;
  #reading: { readonly begun: GoldReading; readonly contents: HourContents } | undefined;

  constructor(world: World, ledger: ReadonlySet<string>) {
    this.#world = world;
    this.#ledger = ledger;
  }

  connect(reader: Reader): void {
    this.disconnect();
    this.#endFeed = reader.feed.subscribe(frame => void this.#coming.push(frame));
  }

  disconnect(): void {
    this.cutOff();
    this.#coming = [];
  }

  /** The worker is gone. What it has sent still comes. */
  cutOff(): void {
    this.#endFeed?.();
    this.#endFeed = undefined;
  }

  hear(most = Infinity): void {
    for (const frame of this.#coming.splice(0, most)) this.view.take(frame, this.nowMs);
  }

  /** Gold answers at this instant, and the answer is on its way. */
  askGold(): void {
    this.#reading ??= {
      begun: this.view.readingGold(this.nowMs),
      contents: this.#world.contents(this.#ledger),
    };
  }

  /** Takes in the answer that is on its way, or one of this instant. */
  readGold(): void {
    this.askGold();
    if (this.#reading !== undefined) this.view.takeGold(HOUR, this.#reading.contents, this.#reading.begun);
    this.#reading = undefined;
  }

  shown(): ReadonlyMap<number, LiveCounts | undefined> {
    return new Map([0, 1, 2].map(n => [START + n * 60, this.view.counts('enwiki', START + n * 60, HOUR)]));
  }
}

function apisOf(world: World): readonly [Api, Api] {
  return [new Api(world, world.golds[0]), new Api(world, world.golds[1])];
}

function tick(): void {
  vi.advanceTimersByTime(TICK_MS);
}

function countsOf(rows: readonly MinuteRow[], minute: number): LiveCounts {
  const of = (isBot: boolean): MinuteRow | undefined =>
    rows.find(row => row.minute === minute && row.isBot === isBot);
  const [human, bot] = [of(false), of(true)];
  return {
    human: human?.edits ?? 0,
    bot: bot?.edits ?? 0,
    bytes: (human?.bytesChange ?? 0) + (bot?.bytesChange ?? 0),
  };
}

const STEPS = [
  'send',
  'read',
  'beginFlush',
  'endFlush',
  'apply',
  'applyAll',
  'askGold',
  'list',
  'tick',
  'hear',
  'hearLate',
  'askForGold',
  'readGold',
  'kill',
  'freeze',
  'zombieReads',
  'connectToZombie',
  'connect',
  'disconnect',
  'wait',
] as const;
type Step = (typeof STEPS)[number];

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom<Step>('send', 'read', 'hear', 'readGold', 'beginFlush', 'endFlush'),
  },
  { weight: 3, arbitrary: fc.constantFrom<Step>('apply', 'list', 'askGold', 'connect') },
  { weight: 2, arbitrary: fc.constantFrom<Step>('tick', 'hearLate', 'askForGold') },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Step>(
      'kill',
      'freeze',
      'zombieReads',
      'connectToZombie',
      'disconnect',
      'applyAll',
      'wait',
    ),
  },
);

function perform(world: World, apis: readonly [Api, Api], what: Step, random: number): void {
  const { reader } = world;
  const api = (random >> 3) % 2 === 0 ? apis[0] : apis[1];
  const ledger = (random >> 4) % 2 === 0 ? world.golds[0] : world.golds[1];
  const unapplied = world.log.filter(({ key }) => !ledger.has(key));
  switch (what) {
    case 'send':
      world.edits.push({ minute: START + (random % 3) * 60, isBot: random % 2 === 0 });
      return;
    case 'read':
      return reader.read(1 + (random % 4));
    case 'beginFlush':
      return reader.beginFlush();
    case 'endFlush':
      return reader.endFlush();
    case 'apply':
      if (unapplied.length > 0) ledger.add(unapplied[random % unapplied.length]?.key ?? '');
      return;
    case 'applyAll':
      for (const { key } of unapplied) ledger.add(key);
      return;
    case 'askGold':
      return reader.askGold(random * 1_000);
    case 'list':
      return reader.list();
    case 'tick':
      return tick();
    case 'hear':
      tick();
      return api.hear();
    case 'hearLate':
      return api.hear(1 + (random % 2));
    case 'askForGold':
      return api.askGold();
    case 'readGold':
      return api.readGold();
    case 'kill':
      world.reader = world.start();
      for (const each of apis) each.cutOff();
      return;
    case 'freeze':
      world.zombie = reader;
      world.reader = world.start();
      return;
    case 'zombieReads':
      return world.zombie?.read(2);
    case 'connectToZombie':
      if (world.zombie !== undefined) api.connect(world.zombie);
      return;
    case 'connect':
      return api.connect(world.reader);
    case 'disconnect':
      return api.disconnect();
    case 'wait':
      api.nowMs += 20_000;
      return;
  }
}

/** Everything that was published has come. */
function hearAll(apis: readonly [Api, Api]): void {
  tick();
  for (const api of apis) api.hear();
}

function expectShown(world: World, apis: readonly [Api, Api]): void {
  for (const api of apis)
    for (const [minute, counts] of api.shown()) expect(counts).toEqual(countsOf(world.expected(), minute));
}

describe('what two APIs show, each from its own gold', () => {
  test('equals gold as if every pending part were applied, after any schedule', { timeout: LIMIT_MS }, () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.nat(1_000)), LONG), schedule => {
        const world = new World();
        const apis = apisOf(world);
        for (const [what, random] of schedule) {
          perform(world, apis, what, random);
          // Never more than was sent.
          for (const [minute, counts] of apis.flatMap(api => [...api.shown()])) {
            const most = countsOf(rowsOf(world.edits), minute);
            expect(counts?.human ?? 0).toBeLessThanOrEqual(most.human);
            expect(counts?.bot ?? 0).toBeLessThanOrEqual(most.bot);
          }
        }
        // The reader catches up, and the APIs hear of it, whatever has happened before.
        world.reader.list();
        world.reader.read(1_000);
        for (const api of apis) api.connect(world.reader);
        hearAll(apis);
        // The answer that was on its way, and the one that is asked for because of the frame.
        for (const api of apis) for (const _ of ['late', 'new']) api.readGold();
        expectShown(world, apis);
        // What is read from now on comes as changes.
        for (const isBot of [false, true, false]) world.edits.push({ minute: START, isBot });
        world.reader.read(1_000);
        hearAll(apis);
        expectShown(world, apis);
        world.reader.endFlush();
        world.reader.beginFlush();
        hearAll(apis);
        world.reader.endFlush();
        expect(world.reader.buffer.numbers).toEqual([]);
        // One gold has everything, the other lags.
        const [first, second] = world.golds;
        for (const { key } of world.log) first.add(key);
        world.reader.askGold(2_000_000);
        for (const api of apis) api.readGold();
        hearAll(apis);
        expectShown(world, apis);
        for (const { key } of world.log) second.add(key);
        world.reader.askGold(2_000_000);
        hearAll(apis);
        for (const api of apis) api.readGold();
        world.reader.askGold(3_000_000);
        hearAll(apis);
        expectShown(world, apis);
        expect(world.reader.frame().parts).toEqual([]);
        for (const api of apis) api.disconnect();
      }),
      SEARCH,
    );
  });

  test(
    'never falls while an attempt follows another, whatever is killed in between',
    { timeout: LIMIT_MS },
    () => {
      // The APIs stay with whoever reads; only attempts are killed.
      const calm = fc.constantFrom<Step>(
        ...(['send', 'read', 'beginFlush', 'endFlush', 'apply', 'askGold', 'list', 'kill'] as const),
        ...(['send', 'read', 'hear', 'hear', 'hear', 'readGold', 'readGold'] as const),
        ...(['tick', 'hearLate', 'askForGold'] as const),
      );
      fc.assert(
        fc.property(fc.array(fc.tuple(calm, fc.nat(1_000)), LONG), schedule => {
          const world = new World();
          const apis = apisOf(world);
          for (const api of apis) api.connect(world.reader);
          let before = apis.map(api => api.shown());
          for (const [what, random] of schedule) {
            perform(world, apis, what, random);
            // A worker that is killed between a step and its next frame has said nothing of that step.
            if (what === 'kill') for (const api of apis) api.connect(world.reader);
            const now = apis.map(api => api.shown());
            for (const [at, shown] of before.entries())
              for (const [minute, counts] of shown) {
                const later = now[at]?.get(minute);
                expect(later?.human ?? 0).toBeGreaterThanOrEqual(counts?.human ?? 0);
                expect(later?.bot ?? 0).toBeGreaterThanOrEqual(counts?.bot ?? 0);
              }
            before = now;
          }
          for (const api of apis) api.disconnect();
        }),
        SEARCH,
      );
    },
  );
});
