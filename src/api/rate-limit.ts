/**
 * How much one client may ask. It has units, which come back evenly, up to those of a minute; a short question takes one,
 * a long range more. Pure: time is an argument.
 */
import { isIPv6 } from 'node:net';
import { LRUCache } from 'lru-cache';
import { MAX_MINUTES, MAX_SERIES } from '../contracts/limits.ts';
import { ALL_WIKIS } from '../core/wiki-name.ts';

export const WINDOW_SEC = 60;
/** One that is forgotten has all its units again. */
const MOST_CLIENTS = 10_000;
/** What one unit buys: a week of one wiki. */
const MINUTES_A_UNIT = 7 * 24 * 60;

interface Bucket {
  readonly units: number;
  readonly atMs: number;
}

/** What became of a question. */
export interface Taken {
  readonly isAllowed: boolean;
  /** Units that are left. */
  readonly left: number;
  /** Until all units are there again. */
  readonly fullInSec: number;
  /** Until this question would be allowed. */
  readonly retryInSec: number;
}

export class RateLimit {
  readonly #buckets = new LRUCache<string, Bucket>({ max: MOST_CLIENTS });
  readonly perMinute: number;

  /** @param perMinute at least 1 */
  constructor(perMinute: number) {
    this.perMinute = perMinute;
  }

  /** Takes units of a client, or none if there are not enough. One that asks for more than all needs all of them. */
  take(client: string, wanted: number, nowMs: number): Taken {
    const perSec = this.perMinute / WINDOW_SEC;
    const before = this.#buckets.get(client) ?? { units: this.perMinute, atMs: nowMs };
    const earnedSec = Math.max(0, nowMs - before.atMs) / 1000;
    const units = Math.min(this.perMinute, before.units + earnedSec * perSec);
    const needed = Math.min(wanted, this.perMinute);
    const isAllowed = needed <= units;
    const left = isAllowed ? units - needed : units;
    this.#buckets.set(client, { units: left, atMs: nowMs });
    return {
      isAllowed,
      left: Math.floor(left),
      fullInSec: Math.ceil((this.perMinute - left) / perSec),
      retryInSec: isAllowed ? 0 : Math.max(1, Math.ceil((needed - units) / perSec)),
    };
  }
}

/** A parameter as it was sent: nothing has been checked yet. */
type Sent = string | string[] | undefined;

/** What a range of counts costs. A wrong one is refused anyway, which is cheap. */
export function costOfRange({ wiki, minutes, from, to }: Readonly<Record<string, Sent>>): number {
  const asked = typeof minutes === 'string' ? Number(minutes) : (timeOf(to) - timeOf(from)) / 60_000;
  const wikis = wiki === ALL_WIKIS ? MAX_SERIES : String(wiki).split(',', MAX_SERIES).length;
  return asked > 0 ? 1 + Math.floor((Math.min(asked, MAX_MINUTES) * wikis) / MINUTES_A_UNIT) : 1;
}

function timeOf(sent: Sent): number {
  return typeof sent === 'string' ? Date.parse(sent) : Number.NaN;
}

/** Whom an address stands for. Somebody with IPv6 has a whole /64. */
export function clientOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!isIPv6(plain)) return plain;
  const [head = [], tail = []] = plain.split('::').map(half => (half === '' ? [] : half.split(':')));
  const zeros = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0');
  const groups = [...head, ...zeros, ...tail].slice(0, 4);
  return `${groups.map(group => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
