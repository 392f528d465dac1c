/**
 * The rate of messages over time: how many were sent before a second, in closed form.
 * Guarantee: `sentBefore` is a pure, monotonic function of (seed, rate, second) that uses only addition, multiplication
 * and division. Math.sin, pow and exp may differ in the last bit between machines, which would change every offset.
 */

import { fraction, keyOf } from './random.ts';

/** Start of the simulated wikis; nothing exists before. Epoch seconds of 2020-01-01T00:00:00Z. */
export const FIRST_SECOND = 1_577_836_800;

const DAY = 86_400;
/** The busiest hour has 1.3 times the mean rate, the quietest 0.7: live days had 49 and 31 events/s. */
const DAY_SWING = 0.3;
/** The daily wave crosses its mean here and peaks six hours later, at 15:00 UTC. */
const DAY_SHIFT = 9 * 3600;
/** Bursts move messages within a block of this many seconds, never across blocks. */
const BLOCK = 600;
const PIECES = 20;
const PIECE = BLOCK / PIECES;
/**
 * How far a single second may run ahead, in seconds of mean traffic. It must stay below the slowest local rate
 * (0.7 by day x 0.75 / 2.05 in a block that is all burst but for one piece = 0.256), or the count could fall.
 */
const JITTER = 0.25;

/** Area under a parabolic wave of amplitude 1 and period 1, from 0 to `phase` (0 .. 1). 0 at both ends. */
function waveArea(phase: number): number {
  const x = phase < 0.5 ? phase : phase - 0.5;
  const area = 4 * x * x - (16 / 3) * x * x * x;
  return phase < 0.5 ? area : 1 / 3 - area;
}

function dayArea(second: number): number {
  return waveArea(((second - DAY_SHIFT) % DAY) / DAY);
}

const AREA_AT_FIRST = dayArea(FIRST_SECOND);

/** A time without messages, though no offset is missing: a producer has stopped. Whole epoch seconds, [from, to). */
export interface Outage {
  readonly from: number;
  readonly to: number;
}

/** Cumulative number of messages, without canaries and not yet split by topic. */
export class Rhythm {
  readonly #rate: number;
  readonly #outages: readonly Outage[];
  readonly #burstKey: number;
  readonly #jitterKey: number;
  // The last block is cached: consecutive calls mostly need the same one.
  #bendsOf = -1;
  readonly #bends = new Float64Array(PIECES + 1);

  /** @param rate mean messages per second over a day, > 0 @param outages may overlap */
  constructor(seed: number, rate: number, outages: readonly Outage[] = []) {
    this.#rate = rate;
    this.#outages = joined(outages);
    this.#burstKey = keyOf(seed, 'burst');
    this.#jitterKey = keyOf(seed, 'jitter');
  }

  /**
   * Messages sent before the start of a second.
   * @param second epoch seconds, an integer
   * @returns integer >= 0; 0 up to {@link FIRST_SECOND}
   */
  sentBefore(second: number): number {
    let sent = this.#wouldBeSentBefore(second);
    for (const { from, to } of this.#outages) {
      if (second <= from) break;
      sent -= this.#wouldBeSentBefore(Math.min(second, to)) - this.#wouldBeSentBefore(from);
    }
    return sent;
  }

  /** The same without outages. */
  #wouldBeSentBefore(second: number): number {
    if (second <= FIRST_SECOND) return 0;
    const block = Math.floor(second / BLOCK);
    const begin = block * BLOCK;
    const atBegin = this.#smooth(begin);
    const total = this.#smooth(begin + BLOCK) - atBegin;
    const ahead = JITTER * this.#rate * fraction(this.#jitterKey, second);
    return Math.max(0, Math.floor(atBegin + total * this.#bend(block, second - begin) + ahead));
  }

  /** Messages by mean rate and time of day since {@link FIRST_SECOND}, without bursts. */
  #smooth(second: number): number {
    return this.#rate * (second - FIRST_SECOND + DAY_SWING * DAY * (dayArea(second) - AREA_AT_FIRST));
  }

  /** Share (0 .. 1) of a block's messages sent in its first `elapsed` seconds. */
  #bend(block: number, elapsed: number): number {
    if (this.#bendsOf !== block) {
      let sum = 0;
      for (let i = 0; i < PIECES; i++) {
        const u = fraction(this.#burstKey, block * PIECES + i);
        // 0.75 .. 1.25; one piece in twelve has an extra burst, like a bot starting its run.
        sum += 0.75 + 0.5 * u + (u > 11 / 12 ? 0.8 : 0);
        this.#bends[i + 1] = sum;
      }
      for (let i = 1; i <= PIECES; i++) this.#bends[i] = (this.#bends[i] ?? 0) / sum;
      this.#bendsOf = block;
    }
    const piece = Math.floor(elapsed / PIECE);
    const low = this.#bends[piece] ?? 0;
    const high = this.#bends[piece + 1] ?? 1;
    return low + ((high - low) * (elapsed - piece * PIECE)) / PIECE;
  }
}

/** By start, and those that overlap or touch as one: otherwise the same messages would be taken away twice. */
function joined(outages: readonly Outage[]): readonly Outage[] {
  const all: Outage[] = [];
  for (const outage of [...outages].sort((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (last === undefined || outage.from > last.to) all.push(outage);
    else all[all.length - 1] = { from: last.from, to: Math.max(last.to, outage.to) };
  }
  return all;
}
