/**
 * From when on gold has all rows. A retention policy of TimescaleDB drops older ones in whole chunks, at some later time,
 * so what is older than the policy allows says nothing: a missing row is no minute without edits.
 */
import type { Query } from './pool.ts';
import { hasTimescale, retentionHorizon } from './sql/timescale.ts';

/** The epoch second, at a full hour, before which rows may have been dropped; undefined without such a policy. */
export async function readKeptFrom(query: Query): Promise<number | undefined> {
  const [timescale] = await query<{ isThere: boolean }>(hasTimescale());
  if (timescale?.isThere !== true) return undefined;
  const [horizon] = await query<{ keptFrom: number | null }>(retentionHorizon());
  return horizon?.keptFrom ?? undefined;
}

/** Policies change rarely. */
const REMEMBERED_MS = 60_000;

/** Remembers the answer for a while, because every question of the API needs it. */
export class KeptFrom {
  readonly #query: Query;
  #known: { readonly answer: Promise<number | undefined>; readonly untilMs: number } | undefined;

  constructor(query: Query) {
    this.#query = query;
  }

  /** The later one of a minute and the first one that is kept. */
  async clip(fromMinute: number): Promise<number> {
    return Math.max(fromMinute, (await this.get()) ?? Number.NEGATIVE_INFINITY);
  }

  /** As `readKeptFrom`. */
  async get(): Promise<number | undefined> {
    const nowMs = performance.now();
    if (this.#known === undefined || nowMs >= this.#known.untilMs) {
      const known = { answer: readKeptFrom(this.#query), untilMs: nowMs + REMEMBERED_MS };
      this.#known = known;
      known.answer.catch(() => {
        if (this.#known === known) this.#known = undefined;
      });
    }
    return this.#known.answer;
  }
}
