/**
 * Which datacentre serves the wikis, and therefore which of the two topics an event goes to.
 * Guarantee: the number of messages in a topic before a second is a pure function in closed form, so the consecutive
 * offset of any message can be computed without the messages before it.
 */

import { hash, keyOf } from './random.ts';
import { FIRST_SECOND, type Rhythm } from './rhythm.ts';

/** The two source topics of the stream `mediawiki.recentchange`, which have one partition each unless more are asked for. */
export const TOPICS = ['eqiad.mediawiki.recentchange', 'codfw.mediawiki.recentchange'] as const;

/** Name of a source topic. */
export type Topic = (typeof TOPICS)[number];

/** Index into {@link TOPICS}. */
export type TopicIndex = 0 | 1;

/** Seconds between canaries; each goes to both topics. */
const CANARY_EVERY = 900;
// Real canaries go to one datacentre after the other, a few seconds after the quarter hour.
const CANARY_LAG = [7, 11] as const;
/** Both above 2^32, so that code with 32-bit offsets fails immediately. */
const FIRST_OFFSET = [5_356_060_000, 4_399_000_000] as const;
/** One event in this many seconds goes to the quiet topic: a real replay had 103 against 2,655,517. */
const STRAY_EVERY_SECONDS = 1000;

/** The default switches: eqiad from April, codfw from December, always at 14:00 UTC, as observed 2025-12 to 2026-10. */
export function defaultSwitches(): number[] {
  const switches: number[] = [];
  for (let year = 2020; year < 2200; year++) {
    // eqiad is active before the first switch, so the first switch must be to codfw.
    if (year > 2020) switches.push(Date.UTC(year, 3, 1, 14) / 1000);
    switches.push(Date.UTC(year, 11, 1, 14) / 1000);
  }
  return switches;
}

interface Period {
  /** epoch seconds */
  begin: number;
  active: TopicIndex;
  /** events sent before `begin` */
  sent: number;
  /** how many of those each topic holds */
  held: readonly [number, number];
}

/** Routes events to topics and numbers them. */
export class Datacentres {
  readonly #rhythm: Rhythm;
  readonly #strayKey: number;
  readonly #strayEvery: number;
  readonly #periods: Period[];

  /** @param switches epoch seconds at which the traffic moves to the other topic; eqiad is active before the first */
  constructor(seed: number, rate: number, rhythm: Rhythm, switches: readonly number[]) {
    this.#rhythm = rhythm;
    this.#strayKey = keyOf(seed, 'stray');
    this.#strayEvery = Math.max(2, Math.round(rate * STRAY_EVERY_SECONDS));
    this.#periods = [{ begin: FIRST_SECOND, active: 0, sent: 0, held: [0, 0] }];
    for (const begin of [...switches].sort((a, b) => a - b)) {
      const last = this.#periodAt(begin);
      if (begin <= last.begin) continue;
      this.#periods.push({
        begin,
        active: last.active === 0 ? 1 : 0,
        sent: rhythm.sentBefore(begin),
        held: [this.#heldBefore(0, begin), this.#heldBefore(1, begin)],
      });
    }
  }

  /** The topic that gets the traffic in this second. */
  activeAt(second: number): TopicIndex {
    return this.#periodAt(second).active;
  }

  /**
   * Whether an event goes to the quiet topic although the other one is active.
   * @param seq position of the event in history
   */
  isStray(seq: number): boolean {
    return seq === this.#strayOf(Math.floor(seq / this.#strayEvery));
  }

  /** The second of the next canary of a topic, at or after `second`. */
  nextCanary(topic: TopicIndex, second: number): number {
    return Math.ceil((second - CANARY_LAG[topic]) / CANARY_EVERY) * CANARY_EVERY + CANARY_LAG[topic];
  }

  /** Offset of the first message in a topic at or after the start of a second. */
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
    const period = this.#periodAt(second);
    const sent = this.#rhythm.sentBefore(second);
    const strays = this.#straysBefore(sent) - this.#straysBefore(period.sent);
    return period.held[topic] + (period.active === topic ? sent - period.sent - strays : strays);
  }

  #periodAt(second: number): Period {
    let found = this.#periods[0];
    for (const period of this.#periods) {
      if (period.begin > second) break;
      found = period;
    }
    if (found === undefined) throw new Error('there is no first period');
    return found;
  }
}
