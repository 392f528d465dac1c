/**
 * Which datacentre serves the wikis, and so into which of the two topics an event goes.
 * Guarantee: how many messages a topic holds before a second is a pure function in closed form, so every message has
 * a consecutive offset that can be computed without having seen the ones before.
 */

import { hash, keyOf } from './random.ts';
import { FIRST_SECOND, type Rhythm } from './rhythm.ts';

/** The two source topics of the stream `mediawiki.recentchange`; each has the one partition 0. */
export const TOPICS = ['eqiad.mediawiki.recentchange', 'codfw.mediawiki.recentchange'] as const;

/** Name of a source topic. */
export type Topic = (typeof TOPICS)[number];

/** Index into {@link TOPICS}. */
export type TopicIndex = 0 | 1;

/** A canary goes into both topics every this many seconds. */
const CANARY_EVERY = 900;
// Real canaries are posted to one datacentre after the other, some seconds after the quarter.
const CANARY_LAG = [7, 11] as const;
/** Both beyond 2^32 from the first message on: a 32-bit offset must fail at once. */
const FIRST_OFFSET = [5_356_060_000, 4_399_000_000] as const;
/** One event in this many seconds takes the quiet topic: 103 against 2,655,517 were counted in a real replay. */
const STRAY_EVERY_SECONDS = 1000;

/** The default switches: eqiad from April, codfw from December, always at 14:00 UTC, as observed 2025-12 to 2026-10. */
export function usualSwitches(): number[] {
  const switches: number[] = [];
  for (let year = 2020; year < 2200; year++) {
    // The state before the first switch is eqiad, so the first of the list must be one to codfw.
    if (year > 2020) switches.push(Date.UTC(year, 3, 1, 14) / 1000);
    switches.push(Date.UTC(year, 11, 1, 14) / 1000);
  }
  return switches;
}

interface Reign {
  /** epoch seconds */
  begin: number;
  active: TopicIndex;
  /** events of the wikis sent before `begin` */
  sent: number;
  /** of those, how many each topic took */
  held: readonly [number, number];
}

/** The routing of events to topics, and the numbering that follows from it. */
export class Datacentres {
  readonly #rhythm: Rhythm;
  readonly #strayKey: number;
  readonly #strayEvery: number;
  readonly #reigns: Reign[];

  /** @param switches epoch seconds at which the traffic moves to the other topic; eqiad is active before the first */
  constructor(seed: number, rate: number, rhythm: Rhythm, switches: readonly number[]) {
    this.#rhythm = rhythm;
    this.#strayKey = keyOf(seed, 'stray');
    this.#strayEvery = Math.max(2, Math.round(rate * STRAY_EVERY_SECONDS));
    this.#reigns = [{ begin: FIRST_SECOND, active: 0, sent: 0, held: [0, 0] }];
    for (const begin of [...switches].sort((a, b) => a - b)) {
      const last = this.#reignAt(begin);
      if (begin <= last.begin) continue;
      this.#reigns.push({
        begin,
        active: last.active === 0 ? 1 : 0,
        sent: rhythm.sentBefore(begin),
        held: [this.#heldBefore(0, begin), this.#heldBefore(1, begin)],
      });
    }
  }

  /** The topic that gets the traffic of this second. */
  activeAt(second: number): TopicIndex {
    return this.#reignAt(second).active;
  }

  /**
   * Whether an event goes into the quiet topic although the other one is active.
   * @param seq place of the event in the history of the wikis
   */
  isStray(seq: number): boolean {
    return seq === this.#strayOf(Math.floor(seq / this.#strayEvery));
  }

  /** The second in which the canary of a topic falls due, at or after `second`. */
  nextCanary(topic: TopicIndex, second: number): number {
    return Math.ceil((second - CANARY_LAG[topic]) / CANARY_EVERY) * CANARY_EVERY + CANARY_LAG[topic];
  }

  /** Offset of the first message that a topic gets at or after the beginning of a second. */
  offsetAt(topic: TopicIndex, second: number): number {
    if (second <= FIRST_SECOND) return FIRST_OFFSET[topic];
    const canaries = Math.ceil((second - FIRST_SECOND - CANARY_LAG[topic]) / CANARY_EVERY);
    return FIRST_OFFSET[topic] + this.#heldBefore(topic, second) + Math.max(0, canaries);
  }

  #strayOf(group: number): number {
    return group * this.#strayEvery + (hash(this.#strayKey, group) % this.#strayEvery);
  }

  #straysBefore(seq: number): number {
    const group = Math.floor(seq / this.#strayEvery);
    return group + (this.#strayOf(group) < seq ? 1 : 0);
  }

  #heldBefore(topic: TopicIndex, second: number): number {
    const reign = this.#reignAt(second);
    const sent = this.#rhythm.sentBefore(second);
    const strays = this.#straysBefore(sent) - this.#straysBefore(reign.sent);
    return reign.held[topic] + (reign.active === topic ? sent - reign.sent - strays : strays);
  }

  #reignAt(second: number): Reign {
    let found = this.#reigns[0];
    for (const reign of this.#reigns) {
      if (reign.begin > second) break;
      found = reign;
    }
    if (found === undefined) throw new Error('there is always a first reign');
    return found;
  }
}
