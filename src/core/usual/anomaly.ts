/** A range of time in which a wiki had many more edits than usual. */
import type { Window } from './usual.ts';

/** Whose edits are counted. Bots come in runs, so each has its own expectation. */
export const ACCOUNT_KINDS = ['human', 'bot'] as const;
export type AccountKind = (typeof ACCOUNT_KINDS)[number];

/** Edits of a window, and how many were expected. */
export interface Counted extends Window {
  readonly edits: number;
  readonly expected: number;
}

/** Serialised: fields keep their names. Times are epoch seconds. */
export interface Anomaly {
  /** Follows from wiki, kind of account and start, so it is the same each time the anomaly is found. */
  readonly id: string;
  readonly wiki: string;
  readonly account: AccountKind;
  readonly from: number;
  /** Null while it lasts. */
  readonly to: number | null;
  /** When it was noticed: the end of the first window that was unusual. */
  readonly noticedAt: number;
  /** How far it has been counted. */
  readonly countedTo: number;
  /** Edits until then, and how many were expected. */
  readonly edits: number;
  readonly expected: number;
  /** The window that was furthest from its expectation. */
  readonly peak: Counted;
}

/** How many times as many as expected. Of nothing expected, one edit is the least that is compared with. */
export function factorOf({ edits, expected }: Pick<Counted, 'edits' | 'expected'>): number {
  return edits / Math.max(expected, 1);
}

/** The id of what began in a wiki at a second. */
export function anomalyId(wiki: string, account: AccountKind, from: number): string {
  return fingerprint(`${wiki} ${account} ${from}`);
}

const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;

/** FNV-1a in 64 bits: ids need to differ, not to be secret. */
function fingerprint(text: string): string {
  let hash = FNV_OFFSET;
  for (let i = 0; i < text.length; i++)
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * FNV_PRIME);
  return hash.toString(16).padStart(16, '0');
}
