/**
 * An open dashboard, as seen by the API: the requests of the page, and how long it waits after a response before it sends
 * the next one; while it listens to the newest minutes, it repeats only what a tab below the chart shows. A test compares this list with the
 * real page.
 */
import { setTimeout as sleep } from 'node:timers/promises';

export interface PageRequest {
  readonly path: string;
  readonly everyMs: number;
  /** Also requested as soon as the edits have a new minute. */
  readonly isAskedForNewMinutes?: true;
  /** While the page listens, events carry this instead, or the changes after the first answer. */
  readonly told?: 'all' | 'changes';
}

/** Edits of three hours, and of the time before them that the widest moving average needs. */
const EDITS = '/api/v1/series?wiki=enwiki&minutes=195&step=1m';

/** What a series by minutes says of one wiki. */
interface Minutes {
  readonly from: string;
  readonly wikis: readonly {
    readonly human: readonly (number | null)[];
    readonly bot: readonly (number | null)[];
  }[];
}

/** Requests of the page as it opens: the first wiki, three hours. The overview, a day of it, is requested once. */
export const PAGE: readonly PageRequest[] = [
  { path: EDITS, everyMs: 2_000, told: 'changes' },
  {
    path: '/api/v1/coverage?wiki=enwiki&minutes=195',
    everyMs: 10_000,
    isAskedForNewMinutes: true,
    told: 'changes',
  },
  { path: '/api/v1/status', everyMs: 10_000, told: 'changes' },
  { path: '/api/v1/pipeline', everyMs: 10_000, told: 'all' },
  {
    path: '/api/v1/gaps?wiki=enwiki&minutes=195',
    everyMs: 30_000,
    isAskedForNewMinutes: true,
    told: 'changes',
  },
  { path: '/wikis?limit=2000', everyMs: 60_000, told: 'changes' },
  // As long as it can be seen.
  { path: '/api/v1/wikis?limit=20&sparkline=60', everyMs: 60_000 },
  { path: '/api/v1/backfills?wiki=enwiki&minutes=195', everyMs: 60_000, told: 'changes' },
];

/** While the page listens: one connection that stays open. */
export const LIVE = '/api/v1/live?wiki=enwiki';

/** An open page. Starts its requests immediately. */
export class OpenPage {
  readonly #url: string;
  readonly #closed = new AbortController();
  readonly #loops: Promise<unknown>;
  #newMinute = new AbortController();
  #newest: number | undefined;
  #asked = 0;

  /** @param listens or else it polls, as where nothing tells the API of the newest minutes */
  constructor(url: string, listens: boolean) {
    this.#url = url;
    const listening = listens ? [this.#listen()] : [];
    this.#loops = Promise.all([...listening, ...PAGE.map(request => this.#poll(request, listens))]);
    // `close` reports the failure.
    this.#loops.catch(() => undefined);
  }

  /** Requests so far. */
  get asked(): number {
    return this.#asked;
  }

  /** @throws Error when a request to the API failed */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#loops;
  }

  async #listen(): Promise<void> {
    this.#asked += 1;
    const { signal } = this.#closed;
    const answer = await fetch(this.#url + LIVE, { signal });
    if (!answer.ok) throw new Error(`${LIVE} responded with ${answer.status}`);
    try {
      for await (const _events of answer.body ?? []) if (signal.aborted) return;
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #poll({ path, everyMs, isAskedForNewMinutes, told }: PageRequest, listens: boolean): Promise<void> {
    if (told === 'all' && listens) return;
    while (!this.#closed.signal.aborted) {
      this.#asked += 1;
      const answer = await fetch(this.#url + path);
      const body: unknown = await answer.json();
      if (!answer.ok) throw new Error(`${path} responded with ${answer.status}: ${JSON.stringify(body)}`);
      if (told === 'changes' && listens) return;
      if (path === EDITS) this.#note(body as Minutes);
      const wakes = isAskedForNewMinutes === true ? [this.#newMinute.signal] : [];
      const signal = AbortSignal.any([this.#closed.signal, ...wakes]);
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  #note({ from, wikis: [columns] }: Minutes): void {
    const hasEdits = (human: number | null, at: number): boolean =>
      (human ?? 0) + (columns?.bot[at] ?? 0) > 0;
    const last = columns?.human.findLastIndex(hasEdits) ?? -1;
    const newest = last < 0 ? undefined : Date.parse(from) + last * 60_000;
    if (newest === this.#newest) return;
    this.#newest = newest;
    this.#newMinute.abort();
    this.#newMinute = new AbortController();
  }
}
