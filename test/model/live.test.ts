/**
 * The live feed and the view of it under made-up schedules: a stream, attempts that are killed between any two steps, a
 * gold that lags, is replaced and sealed, an API that starts in the middle and loses its connection, a zombie whose frames
 * still arrive. What is shown is never less than what was shown before, never more than what was sent, and equals gold as
 * if every pending part were applied as soon as the attempt that reads has caught up.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameChanges } from '../../src/live/frame-changes.ts';
import type { LiveFrame, LivePart } from '../../src/contracts/live-frame.ts';
import { LiveView } from '../../src/live/view.ts';
import type { CountedEvent, MinuteRow } from '../../src/core/minute-counts.ts';
import { flushOfKey, streamPartKey } from '../../src/contracts/storage/object-keys.ts';
import { BufferedRows } from '../../src/ingest/buffered-rows.ts';
import { LiveParts } from '../../src/live/parts.ts';
import { MinuteRows } from '../../src/recentchange/minute-rows.ts';

const HOUR = '2026-11-20T10';
const START = Date.parse('2026-11-20T10:00:00Z') / 1000;
/** By itself the library makes up short lists, in which little happens. */
const LONG = { maxLength: 60, size: 'max' } as const;
const RUNS = Number(process.env['MODEL_RUNS'] ?? 2_000);

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
    kind: 'event',
    id: undefined,
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
  readonly changes = new FrameChanges();
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
    const lacking = earlier.filter(({ key }) => !world.ledger.has(key));
    this.live.listed(lacking.map(({ key, numbers }) => ({ key, rows: world.rows(numbers) })));
  }

  askGold(uptimeMs: number): void {
    const asked = this.live.waiting;
    const lacking = asked.filter(key => !this.world.ledger.has(key));
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
  readonly ledger = new Set<string>();
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

  /** Gold at this instant. */
  gold(): { rows: MinuteRow[]; keys: string[] } {
    const applied = this.log.filter(({ key }) => this.ledger.has(key)).flatMap(({ numbers }) => numbers);
    return { rows: this.rows(applied), keys: [...this.ledger] };
  }

  /** Gold as if every committed part were applied, and what the reader has not committed. */
  expected(): MinuteRow[] {
    const { buffer, flushing } = this.reader;
    const committed = this.log.flatMap(({ numbers }) => numbers);
    return this.rows([...committed, ...(flushing?.numbers ?? []), ...buffer.numbers]);
  }
}

/** An API with a connection to the feed of one reader. */
class Api {
  readonly view = new LiveView();
  nowMs = 0;
  #connected: { reader: Reader; isFresh: boolean } | undefined;

  connect(reader: Reader): void {
    this.#connected = { reader, isFresh: true };
  }

  disconnect(): void {
    this.#connected = undefined;
  }

  /** Frames of a connection: first a whole one, then changes. All of a reader's subscribers share its ticks. */
  hear(): void {
    const { reader, isFresh } = this.#connected ?? {};
    if (reader === undefined || this.#connected === undefined) return;
    const whole = reader.frame();
    const changed = reader.changes.to(whole);
    this.view.take(isFresh === true ? whole : changed, this.nowMs);
    this.#connected.isFresh = false;
  }

  readGold(world: World): void {
    this.view.takeGold(HOUR, world.gold(), this.view.readingGold(this.nowMs));
  }

  shown(): ReadonlyMap<number, { human: number; bot: number; bytes: number } | undefined> {
    return new Map([0, 1, 2].map(n => [START + n * 60, this.view.counts('enwiki', START + n * 60, HOUR)]));
  }
}

function countsOf(rows: readonly MinuteRow[], minute: number): { human: number; bot: number; bytes: number } {
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
  'hear',
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

function perform(world: World, api: Api, what: Step, random: number): void {
  const { reader } = world;
  const unapplied = world.log.filter(({ key }) => !world.ledger.has(key));
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
      if (unapplied.length > 0) world.ledger.add(unapplied[random % unapplied.length]?.key ?? '');
      return;
    case 'applyAll':
      for (const { key } of unapplied) world.ledger.add(key);
      return;
    case 'askGold':
      return reader.askGold(random * 1_000);
    case 'list':
      return reader.list();
    case 'hear':
      return api.hear();
    case 'readGold':
      return api.readGold(world);
    case 'kill':
      world.reader = world.start();
      api.disconnect();
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

describe('what an API shows', () => {
  test('equals gold as if every pending part were applied, after any schedule', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.nat(1_000)), LONG), schedule => {
        const world = new World();
        const api = new Api();
        for (const [what, random] of schedule) {
          perform(world, api, what, random);
          // Never more than was sent.
          for (const [minute, counts] of api.shown()) {
            const most = countsOf(rowsOf(world.edits), minute);
            expect(counts?.human ?? 0).toBeLessThanOrEqual(most.human);
            expect(counts?.bot ?? 0).toBeLessThanOrEqual(most.bot);
          }
        }
        // The reader catches up, and the API hears of it, whatever has happened before.
        world.reader.list();
        world.reader.read(1_000);
        api.connect(world.reader);
        api.hear();
        api.readGold(world);
        for (const [minute, counts] of api.shown())
          expect(counts).toEqual(countsOf(world.expected(), minute));
        // What is read from now on comes as changes.
        for (const isBot of [false, true, false]) world.edits.push({ minute: START, isBot });
        world.reader.read(1_000);
        api.hear();
        for (const [minute, counts] of api.shown())
          expect(counts).toEqual(countsOf(world.expected(), minute));
        world.reader.endFlush();
        world.reader.beginFlush();
        api.hear();
        world.reader.endFlush();
        expect(world.reader.buffer.numbers).toEqual([]);
        for (const { key } of world.log) world.ledger.add(key);
        api.readGold(world);
        api.hear();
        for (const [minute, counts] of api.shown())
          expect(counts).toEqual(countsOf(world.expected(), minute));
      }),
      { numRuns: RUNS },
    );
  });

  test('never falls while an attempt follows another, whatever is killed in between', () => {
    // The API stays with whoever reads; only attempts are killed.
    const calm = fc.constantFrom<Step>(
      ...(['send', 'read', 'beginFlush', 'endFlush', 'apply', 'askGold', 'list', 'kill'] as const),
      ...(['send', 'read', 'hear', 'hear', 'hear', 'readGold', 'readGold'] as const),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(calm, fc.nat(1_000)), LONG), schedule => {
        const world = new World();
        const api = new Api();
        api.connect(world.reader);
        let before = api.shown();
        for (const [what, random] of schedule) {
          perform(world, api, what, random);
          // A worker that is killed between a step and its next frame has said nothing of that step.
          if (what === 'kill') api.connect(world.reader);
          const now = api.shown();
          for (const [minute, counts] of before) {
            const later = now.get(minute);
            expect(later?.human ?? 0).toBeGreaterThanOrEqual(counts?.human ?? 0);
            expect(later?.bot ?? 0).toBeGreaterThanOrEqual(counts?.bot ?? 0);
          }
          before = now;
        }
      }),
      { numRuns: RUNS },
    );
  });
});
