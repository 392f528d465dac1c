/**
 * Sends the newest minutes to whoever watches, as server-sent events: once a second what has changed. A viewer that
 * reads slowly skips to the newest state, and is dropped when it does not read at all. Beside the minutes they hear whether
 * the pipeline is well, so that a page that listens has nothing to poll.
 */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { LiveSource } from '../contracts/live-source.ts';
import { isoMs, isoSeconds } from '../core/time.ts';
import { LiveMinutes, SHOWN_MINUTES } from './live-minutes.ts';
import type { WikiState } from './live-minutes.ts';
import { readCoverage } from './read-coverage.ts';
import type { CoverageDeps } from './read-coverage.ts';

/** A tick of five busy wikis has a kilobyte, so this is a viewer that has not read for a minute. */
const MOST_UNSENT_BYTES = 64 << 10;
/**
 * Proxies close what is silent for a minute. The status is said again rather than a comment: a browser hides comments
 * from the page, which could not tell silence from a dead connection.
 */
const SILENCE_MS = 15_000;
/** What gold knows of the minutes changes with each part, each rebuild and each gap: all of that can wait this long. */
const STATES_MS = 5_000;
const RETRY_MS = 3_000;
/** How old what is told beside the minutes may be. It is read once for all viewers. */
const NEWS_MS = 10_000;
/** How long a new viewer waits for the states: gold may be away. */
const FIRST_STATES_MS = 1_000;

export interface LiveHubDeps extends Omit<CoverageDeps, 'nowMs' | 'stopSignal' | 'live'> {
  readonly source: LiveSource;
  readonly now: () => number;
  /** What viewers are told beside the minutes, as the data of an event. */
  readonly readNews: (nowMs: number) => Promise<string>;
  /** Further viewers are turned away. */
  readonly mostViewers: number;
  /** A viewer that has read nothing for this long is dropped. */
  readonly stuckMs: number;
}

interface Viewer {
  readonly response: ServerResponse;
  readonly wikis: readonly string[];
  /** The last tick that it was sent, or -1. */
  sentTick: number;
  sentStatus: string;
  sentNews: string;
  /** When it came. */
  readonly sinceMs: number;
  /** When it last took everything, or was sent anything, in ms of a monotonic clock. */
  readMs: number;
  writtenMs: number;
}

export class LiveHub {
  readonly #deps: LiveHubDeps;
  readonly #minutes = new LiveMinutes();
  readonly #viewers = new Set<Viewer>();
  /** Ids of another process mean nothing here. */
  readonly #instance = randomBytes(4).toString('hex');
  /** Of this tick: viewers that watch the same, and were sent the same before, share the bytes. */
  #frames = new Map<string, Buffer>();
  #states: ReadonlyMap<string, WikiState> = new Map();
  #readingStates: Promise<void> | undefined;
  #statesMs = -Infinity;
  /** '' until it is known. */
  #news = '';
  #readingNews = false;
  #newsMs = -Infinity;
  #unwatch: (() => void) | undefined;
  readonly #closed = new AbortController();

  constructor(deps: LiveHubDeps) {
    this.#deps = deps;
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  get isFull(): boolean {
    return this.#viewers.size >= this.#deps.mostViewers;
  }

  /** @param lastEventId of the connection before, if the viewer had one */
  add(response: ServerResponse, wikis: readonly string[], lastEventId: string | undefined): void {
    const nowMs = performance.now();
    const viewer: Viewer = {
      response,
      wikis,
      sentTick: this.#tickOf(lastEventId),
      sentStatus: '',
      sentNews: '',
      sinceMs: nowMs,
      readMs: nowMs,
      writtenMs: nowMs,
    };
    response.write(`retry: ${RETRY_MS}\n\n`);
    this.#viewers.add(viewer);
    response.once('close', () => {
      this.#viewers.delete(viewer);
      if (this.#viewers.size > 0) return;
      this.#unwatch?.();
      this.#unwatch = undefined;
    });
    // What is unknown to the hub is looked at with its next tick.
    if (!wikis.every(wiki => this.#states.has(wiki))) this.#statesMs = -Infinity;
    this.#unwatch ??= this.#deps.source.watch(() => this.#tick());
  }

  /** Ends every connection: the viewers come back to the process that follows. */
  close(): void {
    this.#closed.abort();
    for (const { response } of this.#viewers) response.end();
  }

  #tickOf(lastEventId: string | undefined): number {
    const [instance, tick] = (lastEventId ?? '').split('-');
    const isOurs = instance === this.#instance && /^\d{1,15}$/.test(tick ?? '');
    return isOurs && Number(tick) <= this.#minutes.tick ? Number(tick) : -1;
  }

  #tick(): void {
    const { source, now } = this.#deps;
    const wikis = new Set([...this.#viewers].flatMap(viewer => viewer.wikis));
    this.#minutes.look(wikis, this.#states, source, now());
    void this.#readStates([...wikis]);
    void this.#readNews();
    const statuses = new Map<string, string>();
    this.#frames = new Map();
    for (const viewer of this.#viewers) {
      if (this.#isTooEarly(viewer)) continue;
      const name = viewer.wikis.join();
      const status = statuses.get(name) ?? this.#statusOf(viewer.wikis);
      statuses.set(name, status);
      this.#send(viewer, name, status);
    }
  }

  /** Its first hour would say of every minute that nothing is known of it yet. */
  #isTooEarly({ sentTick, sinceMs, wikis }: Viewer): boolean {
    const isNew = sentTick < 0 && performance.now() - sinceMs < FIRST_STATES_MS;
    return isNew && !wikis.every(wiki => this.#states.has(wiki));
  }

  #send(viewer: Viewer, name: string, status: string): void {
    const { response, wikis, sentTick } = viewer;
    const nowMs = performance.now();
    if (response.writableLength > MOST_UNSENT_BYTES) {
      if (nowMs - viewer.readMs > this.#deps.stuckMs) response.destroy();
      return;
    }
    viewer.readMs = nowMs;
    const saysStatus = status !== viewer.sentStatus || nowMs - viewer.writtenMs > SILENCE_MS;
    const saysNews = viewer.sentNews !== this.#news;
    const frameName = `${sentTick} ${saysStatus} ${saysNews} ${name}`;
    let frame = this.#frames.get(frameName);
    if (frame === undefined) {
      const text = this.#textFor(wikis, sentTick, saysStatus ? status : undefined);
      frame = Buffer.from(saysNews ? text + this.#eventOf('pipeline', this.#news) : text);
      this.#frames.set(frameName, frame);
    }
    viewer.sentTick = this.#minutes.tick;
    viewer.sentStatus = status;
    viewer.sentNews = this.#news;
    if (frame.length === 0) return;
    viewer.writtenMs = nowMs;
    response.write(frame);
  }

  /** What has happened after a tick. */
  #textFor(wikis: readonly string[], sentTick: number, status: string | undefined): string {
    const name = sentTick < 0 ? 'snapshot' : 'minutes';
    const events = wikis.map(wiki => {
      const changed = this.#minutes.since(wiki, sentTick);
      return changed === undefined ? '' : this.#eventOf(name, changed);
    });
    return `${events.join('')}${status === undefined ? '' : this.#eventOf('status', status)}`;
  }

  #eventOf(name: 'snapshot' | 'minutes' | 'status' | 'pipeline', data: string): string {
    return `event: ${name}\nid: ${this.#instance}-${this.#minutes.tick}\ndata: ${data}\n\n`;
  }

  #statusOf(wikis: readonly string[]): string {
    const { feed } = this.#deps.source;
    const through = wikis.map(wiki => this.#states.get(wiki)?.completeThroughMs ?? -Infinity);
    const completeMs = Math.min(...through);
    return JSON.stringify({
      completeThrough: Number.isFinite(completeMs) ? isoSeconds(completeMs / 1000) : null,
      newest: feed.newestMs === undefined ? null : isoMs(Math.floor(feed.newestMs / 1_000) * 1_000),
      feed: feed.kind,
      ...(feed.kind === 'lost' && {
        trouble: 'The live feed is lost: what is shown is what has been added to gold.',
      }),
    });
  }

  async #readStates(wikis: readonly string[]): Promise<void> {
    if (this.#readingStates !== undefined || performance.now() - this.#statesMs < STATES_MS) return;
    this.#statesMs = performance.now();
    const { source, now } = this.#deps;
    const nowMs = now();
    const range = { fromMs: nowMs - (SHOWN_MINUTES - 1) * 60_000, toMs: nowMs };
    const deps = { ...this.#deps, nowMs, stopSignal: this.#closed.signal, live: source.feed.read };
    this.#readingStates = readCoverage(wikis, range, deps)
      .then(covered => this.#keep(wikis, covered))
      // The states stay as they were; whether gold answers, the source says.
      .catch(() => undefined)
      .finally(() => (this.#readingStates = undefined));
    await this.#readingStates;
  }

  async #readNews(): Promise<void> {
    if (this.#readingNews || performance.now() - this.#newsMs < NEWS_MS) return;
    [this.#readingNews, this.#newsMs] = [true, performance.now()];
    const { readNews, now } = this.#deps;
    try {
      this.#news = await readNews(now());
    } catch {
      // What was told last stays; whether gold answers, the source says.
    } finally {
      this.#readingNews = false;
    }
  }

  #keep(wikis: readonly string[], covered: readonly WikiState[]): void {
    this.#states = new Map(
      wikis.flatMap((wiki, at) => (covered[at] === undefined ? [] : [[wiki, covered[at]]])),
    );
    if ([...this.#viewers].some(({ sentTick }) => sentTick < 0)) this.#tick();
  }
}
