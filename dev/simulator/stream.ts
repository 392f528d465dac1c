/**
 * One connection of a stream client: history at full speed, then live messages, with the faults that strike it.
 * Guarantee: at most one batch per topic is generated ahead of the socket, so a client that stops reading stops the
 * generation. `close` leaves no timer or listener.
 */

import type { ServerResponse } from 'node:http';
import { Cursor } from './cursor.ts';
import type { StreamFault } from './fault-plan.ts';
import type { Faults, Target } from './faults.ts';
import { bytesOf, COMMENT, type Format, type Frame, frameOf, greeting, join } from './frame.ts';
import type { Message, Source } from './message-log.ts';
import { Pace } from './pace.ts';
import type { Assignment, Start } from './position.ts';
import { drained } from './drained.ts';
import { Random } from './random.ts';

/** Settings of a connection. */
interface StreamOptions {
  readonly source: Source;
  readonly starts: readonly Start[];
  readonly format: Format;
  readonly faults: Faults;
  /** the server ends the connection after this long, ms; Infinity = never */
  readonly connectionMaxMs: number;
  /** maximum messages per second; Infinity = no limit */
  readonly replayRate: number;
  /** how often a comment is sent once the source is exhausted, ms */
  readonly commentMs: number;
}

/** Messages per topic and turn: the quiet topic runs far ahead, like in the real stream. */
const TURN = 32;
/** Chunk size and interval of a slow connection: about 5 kB/s. */
const TRICKLE_BYTES = 97;
const TRICKLE_MS = 20;
/** The limit of setTimeout. */
const MAX_WAIT_MS = 2 ** 31 - 1;
const YEAR_MS = 365 * 86_400_000;
/** 2001-09-09, long before the stream existed. */
const LONG_AGO_MS = 1_000_000_000_000;
/** How long a client may take to read the end of its response, ms. */
const DRAIN_TIMEOUT_MS = 2000;

export class StreamConnection implements Target {
  readonly #response: ServerResponse;
  readonly #options: StreamOptions;
  readonly #cursors: readonly Cursor[];
  readonly #pace: Pace;
  readonly #timers = new Set<NodeJS.Timeout>();
  /** frames to repeat, and after how many more messages */
  #repeats: { frame: Frame; left: number }[] = [];
  #wake: () => void = () => {};
  #messages = 0;
  #turns = 0;
  #closed = false;
  #silent = false;
  #duplicateNext = false;
  /** what the id of the next message claims */
  #claimedMs: number | undefined;
  #slowUntilMs = 0;
  #cut: number | undefined;
  #redelivery: number | undefined;

  constructor(response: ServerResponse, options: StreamOptions) {
    this.#response = response;
    this.#options = options;
    this.#cursors = options.starts.map(start => new Cursor(start));
    this.#pace = new Pace(options.replayRate, Date.now());
  }

  /** Messages generated for this connection so far. */
  get messages(): number {
    return this.#messages;
  }

  /** Serves until either side ends the connection. Never rejects because of the client. */
  async run(): Promise<void> {
    const { connectionMaxMs, format } = this.#options;
    this.#response.once('close', () => this.#close());
    // Emitted when the socket fails during a write; it closes by itself.
    this.#response.on('error', () => this.#close());
    if (connectionMaxMs !== Infinity) this.#later(connectionMaxMs, () => this.end());
    await this.#write(greeting(format));
    while (!this.#closed) await this.#turn();
  }

  /** Ends the response cleanly between two messages, as the edge does after 15 minutes. */
  end(): void {
    if (this.#closed || this.#silent) return;
    this.#stop();
    this.#response.end();
  }

  strike(fault: StreamFault | 'duplicate', lastsMs: number, draw: number): void {
    switch (fault) {
      case 'cut':
        this.#cut = draw;
        break;
      case 'rst':
        this.#response.socket?.resetAndDestroy();
        break;
      case 'silence':
        this.#silent = true;
        break;
      case 'slow':
        this.#slowUntilMs = Date.now() + lastsMs;
        break;
      case 'redelivery':
        this.#redelivery = draw;
        break;
      case 'duplicate':
        this.#duplicateNext = true;
        break;
      case 'futureid':
        this.#claimedMs = Date.now() + YEAR_MS;
        break;
      case 'pastid':
        this.#claimedMs = LONG_AGO_MS;
        break;
      case 'unavailable':
      case 'ratelimit':
      case 'forbidden':
        this.end();
        break;
      default:
        fault satisfies never;
    }
    this.#wake();
  }

  /** Closes the connection immediately. */
  destroy(): void {
    this.#close();
    this.#response.socket?.destroy();
  }

  async #turn(): Promise<void> {
    if (this.#silent) return this.#pause(Infinity);
    const nowMs = Date.now();
    const frames = this.#redelivery === undefined ? this.#batch(nowMs) : this.#redelivered(this.#redelivery);
    if (this.#cut !== undefined && (frames.length > 0 || this.#exhausted())) {
      return this.#cutWithin(frames[0] ?? 'event: message', this.#cut);
    }
    if (frames.length > 0) return this.#send(frames, nowMs);
    if (this.#exhausted()) {
      await this.#pause(this.#options.commentMs);
      if (this.#options.format === 'sse' && this.#exhausted() && !this.#silent) await this.#write(COMMENT);
      return;
    }
    await this.#pause(Math.max(this.#pace.waitMs(), this.#nextArrivalMs() - nowMs));
  }

  /** Available messages, one turn per partition. */
  #batch(nowMs: number): Frame[] {
    const frames: Frame[] = [];
    let allowed = this.#pace.allowed(nowMs);
    for (const cursor of this.#inTurn()) {
      for (let i = 0; i < TURN && allowed > 0; i++) {
        const message = cursor.take(nowMs);
        if (message === undefined) break;
        allowed--;
        this.#pace.spend(1);
        this.#deliver(cursor, message, frames);
      }
    }
    return frames;
  }

  /** A pace may leave nothing for those that come last, so each topic, and each partition of it, comes first in turn. */
  #inTurn(): readonly Cursor[] {
    const partitions = 1 + Math.max(...this.#cursors.map(({ log }) => log.partition));
    const turn = this.#turns++;
    const isOtherTopicFirst = Math.floor(turn / partitions) % 2 === 1;
    const byTopic = isOtherTopicFirst ? this.#cursors.toReversed() : [...this.#cursors];
    const rank = ({ log }: Cursor): number => (log.partition + turn) % partitions;
    return byTopic.sort((a, b) => rank(a) - rank(b));
  }

  #deliver(cursor: Cursor, message: Message, frames: Frame[]): void {
    const { faults, format } = this.#options;
    const { topic } = cursor.log;
    const frame = frameOf(format, message.body(), this.#idClaiming(cursor, this.#claimedMs));
    this.#claimedMs = undefined;
    frames.push(frame);
    this.#messages++;
    for (const repeat of this.#repeats) {
      if (--repeat.left > 0) continue;
      frames.push(repeat.frame);
      faults.count('duplicate');
    }
    this.#repeats = this.#repeats.filter(repeat => repeat.left > 0);
    const left = this.#duplicateNext ? 1 : faults.duplicateAfter(topic, message.offset);
    this.#duplicateNext = false;
    if (left > 0) this.#repeats.push({ frame, left });
    const kind = faults.garbageAfter(cursor.log, message.offset);
    if (kind === undefined) return;
    frames.push(
      frameOf(format, faults.garbageBody(kind, topic, message.offset, message.timestampMs), this.#id()),
    );
    faults.count('garbage');
  }

  /** Repeats the last 20 to 200 messages of each topic, shuffled. */
  #redelivered(draw: number): Frame[] {
    this.#redelivery = undefined;
    const random = new Random(draw);
    const count = 20 + random.below(181);
    const delivered = this.#cursors.flatMap(cursor =>
      cursor.lastDelivered(count).map(message => ({ cursor, message })),
    );
    for (let i = delivered.length - 1; i > 0; i--) {
      const j = random.below(i + 1);
      const [a, b] = [delivered[i], delivered[j]];
      if (a !== undefined && b !== undefined) [delivered[i], delivered[j]] = [b, a];
    }
    return delivered.map(({ cursor, message }) => {
      cursor.passed(message);
      return frameOf(this.#options.format, message.body(), this.#id());
    });
  }

  #id(): Assignment[] {
    return this.#cursors.map(cursor => cursor.entry);
  }

  /** The id, in which the entry of one partition may claim another time. */
  #idClaiming(one: Cursor, claimedMs: number | undefined): Assignment[] {
    const { topic, partition } = one.log;
    return this.#cursors.map(cursor =>
      cursor === one && claimedMs !== undefined ? { topic, partition, timestamp: claimedMs } : cursor.entry,
    );
  }

  /** Epoch ms of the next message of any topic; Infinity when there will be none. */
  #nextArrivalMs(): number {
    return Math.min(...this.#cursors.map(cursor => cursor.peek()?.arrivedMs ?? Infinity));
  }

  #exhausted(): boolean {
    return this.#nextArrivalMs() === Infinity;
  }

  async #send(frames: readonly Frame[], nowMs: number): Promise<void> {
    if (nowMs >= this.#slowUntilMs) return this.#write(join(frames));
    const bytes = bytesOf(join(frames));
    for (let at = 0; at < bytes.length && !this.#closed && !this.#silent; at += TRICKLE_BYTES) {
      const slow = Date.now() < this.#slowUntilMs;
      await this.#write(bytes.subarray(at, slow ? at + TRICKLE_BYTES : bytes.length));
      if (!slow) return;
      await this.#pause(TRICKLE_MS);
    }
  }

  /** Resolves when the socket can take more. Yields each time, so that a fast client does not starve the others. */
  async #write(chunk: Frame): Promise<void> {
    if (this.#closed) return;
    if (this.#response.write(chunk)) return new Promise(resolve => setImmediate(resolve));
    return drained(this.#response);
  }

  /** Sends part of a frame, then ends the response cleanly or closes the socket, by the draw. */
  #cutWithin(frame: Frame, draw: number): void {
    const bytes = bytesOf(frame);
    const half = bytes.subarray(0, 1 + (draw % Math.max(1, bytes.length - 3)));
    const { socket } = this.#response;
    this.#stop();
    if (draw % 2 === 0) this.#response.end(half);
    else this.#response.write(half, () => socket?.destroySoon());
  }

  /** Stops sending, and destroys the socket if the client does not read the rest in time. */
  #stop(): void {
    const { socket } = this.#response;
    this.#close();
    const timer = setTimeout(() => socket?.destroy(), DRAIN_TIMEOUT_MS);
    this.#response.once('close', () => clearTimeout(timer));
  }

  /** Waits until the time is over, a fault strikes or the connection ends. */
  async #pause(ms: number): Promise<void> {
    if (this.#closed) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>(resolve => {
      this.#wake = resolve;
      if (ms !== Infinity) timer = this.#later(ms, resolve);
    });
    this.#wake = () => {};
    clearTimeout(timer);
    if (timer !== undefined) this.#timers.delete(timer);
  }

  #later(ms: number, action: () => void): NodeJS.Timeout {
    const timer = setTimeout(action, Math.min(Math.max(1, ms), MAX_WAIT_MS));
    this.#timers.add(timer);
    return timer;
  }

  #close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#wake();
  }
}
