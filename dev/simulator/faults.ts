/**
 * Triggers faults: timers for the periodic ones, a hash for those that affect a share of the messages. Counts each.
 * Guarantee: waits and the choice of messages depend only on the seed, so a run can be repeated.
 */

import type { ApiFault, FaultName, FaultPlan, StreamFault, TimedFault } from './fault-plan.ts';
import { API_FAULTS, TIMED_FAULTS, SHARE_FAULTS } from './fault-plan.ts';
import { GarbageGenerator, type GarbageKind } from './garbage.ts';
import type { MessageLog } from './message-log.ts';
import { fraction, hash, keyOf } from './random.ts';

/** What a fault can do to one open connection. */
export interface Target {
  /** @param lastsMs duration, for faults that have one @param draw a random word that decides the details */
  strike(fault: StreamFault | 'duplicate', lastsMs: number, draw: number): void;
}

/** Duration of manual strikes when the plan has no timing for the fault. ms */
const LASTS_MS = 5000;

/** The faults of one server. */
export class Faults {
  readonly #seed: number;
  readonly #targets: () => Iterable<Target>;
  readonly #generator: GarbageGenerator;
  readonly #duplicateKey: number;
  readonly #timers = new Map<TimedFault, NodeJS.Timeout>();
  readonly #strikes = new Map<FaultName, number>();
  readonly #struck = new Map<FaultName, number>();
  readonly #until = new Map<FaultName, number>();
  #plan: FaultPlan = {};

  /** @param targets the connections that are open when a fault strikes */
  constructor(seed: number, targets: () => Iterable<Target>) {
    this.#seed = seed;
    this.#targets = targets;
    this.#generator = new GarbageGenerator(seed);
    this.#duplicateKey = keyOf(seed, 'duplicate');
  }

  get plan(): FaultPlan {
    return this.#plan;
  }

  /** How often each fault has struck: connections hit or refused, messages added. */
  counts(): Record<FaultName, number> {
    const names = [...TIMED_FAULTS, ...SHARE_FAULTS];
    return Object.fromEntries(names.map(name => [name, this.#struck.get(name) ?? 0])) as Record<
      FaultName,
      number
    >;
  }

  /** Replaces the plan and restarts all waits. */
  use(plan: FaultPlan): void {
    this.close();
    this.#plan = plan;
    for (const fault of this.#until.keys()) if (plan[fault] === undefined) this.#until.delete(fault);
    for (const fault of TIMED_FAULTS) this.#wait(fault);
  }

  /** Strikes immediately, whether or not the plan has the fault. Garbage is excluded: it is part of the topic. */
  strikeNow(fault: TimedFault | 'duplicate'): void {
    const timing = fault === 'duplicate' ? undefined : this.#plan[fault];
    const lastsMs = timing === undefined || timing.lastsMs === 0 ? LASTS_MS : timing.lastsMs;
    const strike = (this.#strikes.get(fault) ?? 0) + 1;
    this.#strikes.set(fault, strike);
    const draw = hash(keyOf(this.#seed, `draw ${fault}`), strike);
    if (isRefusal(fault) || isApiFault(fault)) this.#until.set(fault, Date.now() + lastsMs);
    if (isApiFault(fault)) return;
    for (const target of this.#targets()) {
      target.strike(fault, lastsMs, draw);
      // Refusals and duplicates are counted when they happen.
      if (!isRefusal(fault) && fault !== 'duplicate') this.count(fault);
    }
  }

  /** How much longer this fault refuses new connections or requests. ms, 0 = not active */
  refusedForMs(fault: Refusing | ApiFault, nowMs: number): number {
    return Math.max(0, (this.#until.get(fault) ?? 0) - nowMs);
  }

  /**
   * The kind of garbage that follows a message under the current plan. None precedes a hole: a client would take it for
   * one of the messages that are missing there.
   */
  garbageAfter(log: Pick<MessageLog, 'topic' | 'shownOffset'>, offset: number): GarbageKind | undefined {
    if (log.shownOffset(offset + 1) - log.shownOffset(offset) > 1) return undefined;
    return this.#generator.kindAfter(log.topic, offset, this.#plan.garbage ?? 0);
  }

  /** The bytes of that garbage message. @param timestampMs Kafka timestamp of the message it follows */
  garbageBody(kind: GarbageKind, topic: string, offset: number, timestampMs: number): string | Uint8Array {
    return this.#generator.bodyOf(kind, topic, offset, timestampMs);
  }

  /** After how many messages this one is repeated; 0 = never. */
  duplicateAfter(topic: string, offset: number): number {
    const word = hash(this.#duplicateKey ^ topic.charCodeAt(0), offset);
    if (word >= (this.#plan.duplicate ?? 0) * 4_294_967_296) return 0;
    return 1 + (hash(this.#duplicateKey ^ 0x9b05688c, offset) % 5);
  }

  /** Counts one strike. */
  count(fault: FaultName): void {
    this.#struck.set(fault, (this.#struck.get(fault) ?? 0) + 1);
  }

  /** Stops all timers. */
  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #wait(fault: TimedFault): void {
    const timing = this.#plan[fault];
    if (timing === undefined) return;
    // 0.5 to 1.5 times the mean, the next wait from the next number.
    const u = fraction(keyOf(this.#seed, `wait ${fault}`), this.#strikes.get(fault) ?? 0);
    const timer = setTimeout(
      () => {
        this.strikeNow(fault);
        this.#wait(fault);
      },
      Math.min(timing.everyMs * (0.5 + u), 2 ** 31 - 1),
    );
    timer.unref();
    this.#timers.set(fault, timer);
  }
}

/** Faults that refuse every request for a while. */
const REFUSING = ['unavailable', 'ratelimit', 'forbidden'] as const satisfies readonly StreamFault[];
type Refusing = (typeof REFUSING)[number];

function isRefusal(fault: FaultName): fault is Refusing {
  return (REFUSING as readonly string[]).includes(fault);
}

function isApiFault(fault: FaultName): fault is ApiFault {
  return (API_FAULTS as readonly string[]).includes(fault);
}
