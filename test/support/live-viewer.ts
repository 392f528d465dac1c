/** Whoever watches `/api/v1/live`, and what he must see by the oracle of the simulator. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EventSource } from 'eventsource';
import { expect } from 'vitest';
import { oracleRows } from './exactness.ts';
import { untilHolds } from './until.ts';

const MINUTE = 60_000;

interface LiveMinute {
  readonly ts: string;
  readonly human: number | null;
  readonly bot: number | null;
  readonly bytes: number | null;
  readonly state: string;
}

/** A browser's view: the last value of each minute. */
export class LiveViewer {
  readonly minutes = new Map<string, LiveMinute>();
  /** Values that were lower than one shown before. */
  readonly falls: string[] = [];
  readonly kinds = new Set<string>();
  status: Record<string, unknown> = {};
  readonly #source: EventSource;

  constructor(url: string) {
    this.#source = new EventSource(url);
    for (const kind of ['snapshot', 'minutes'])
      this.#source.addEventListener(kind, ({ data }) => {
        this.kinds.add(kind);
        const { minutes } = JSON.parse(String(data)) as { minutes: LiveMinute[] };
        for (const minute of minutes) this.#take(minute);
      });
    this.#source.addEventListener('status', ({ data }) => {
      this.status = JSON.parse(String(data)) as Record<string, unknown>;
    });
  }

  get edits(): number {
    return [...this.minutes.values()].reduce((sum, { human, bot }) => sum + (human ?? 0) + (bot ?? 0), 0);
  }

  get states(): ReadonlySet<string> {
    return new Set([...this.minutes.values()].map(({ state }) => state));
  }

  close(): void {
    this.#source.close();
  }

  #take(minute: LiveMinute): void {
    const before = this.minutes.get(minute.ts);
    const sum = ({ human, bot }: LiveMinute): number => (human ?? 0) + (bot ?? 0);
    if (before !== undefined && sum(minute) < sum(before))
      this.falls.push(`${minute.ts}: ${sum(before)} ${before.state}, then ${sum(minute)} ${minute.state}`);
    this.minutes.set(minute.ts, minute);
  }
}

/** Human and bot edits of each minute in a range, by the oracle. */
async function sentIn(
  wikimedia: string,
  fromMs: number,
  toMs: number,
): Promise<Map<string, [number, number]>> {
  const rows = await oracleRows(wikimedia, new Date(fromMs).toISOString(), new Date(toMs).toISOString());
  const sums = new Map<string, [number, number]>();
  for (const row of rows) {
    const [ts = '', , isBot, edits] = row.split(' ');
    const [human, bot] = sums.get(ts) ?? [0, 0];
    sums.set(ts, isBot === 'true' ? [human, bot + Number(edits)] : [human + Number(edits), bot]);
  }
  return sums;
}

/** Waits until every viewer of all wikis sees exactly what was sent. */
export async function untilShown(
  viewers: readonly LiveViewer[],
  wikimedia: string,
  fromMs: number,
  withinMs = 120_000,
): Promise<void> {
  await untilHolds(
    async () => {
      // Minutes that were over a minute ago.
      const toMs = Math.floor(Date.now() / MINUTE) * MINUTE - MINUTE;
      const all = await sentIn(wikimedia, fromMs, toMs);
      expect(all.size).toBeGreaterThan(5);
      const expected = [...all].map(([ts, [human, bot]]) => [ts, human, bot]);
      for (const { minutes } of viewers) {
        const shown = [...all.keys()].map(ts => [ts, minutes.get(ts)?.human, minutes.get(ts)?.bot]);
        expect(shown).toEqual(expected);
      }
    },
    { withinMs, everyMs: 500 },
  );
}

/** Compares what viewers of all wikis see with what was sent, every second. */
export class LiveWatch {
  /** Minutes of which a viewer saw more than was sent. */
  readonly excess: string[] = [];
  comparisons = 0;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(viewers: readonly LiveViewer[], wikimedia: string, fromMs: number) {
    this.#running = this.#run(viewers, wikimedia, fromMs);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(viewers: readonly LiveViewer[], wikimedia: string, fromMs: number): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      // First what is shown: more may have been sent by the time of the answer, never less.
      const shown = viewers.flatMap(({ minutes }) => [...minutes.values()]);
      const toMs = (Math.floor(Date.now() / MINUTE) + 1) * MINUTE;
      const sent = await sentIn(wikimedia, fromMs, toMs);
      for (const { ts, human, bot } of shown) {
        const [mostHuman, mostBot] = sent.get(ts) ?? [0, 0];
        if (Date.parse(ts) >= fromMs && ((human ?? 0) > mostHuman || (bot ?? 0) > mostBot))
          this.excess.push(`${ts}: ${human} and ${bot}, sent were ${mostHuman} and ${mostBot}`);
      }
      this.comparisons += 1;
      await sleep(1_000, undefined, { signal }).catch(() => undefined);
    }
  }
}
