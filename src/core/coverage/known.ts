/** Everything that coverage is derived from, as gold has it. */
import type { Coverage } from '../backfill.ts';
import type { Gap } from '../gaps.ts';
import type { ReadRange } from './read-ranges.ts';

/** What the last rebuild of an hour says. */
export interface HourRebuilt {
  /** First epoch ms of the hour. */
  readonly hourMs: number;
  readonly rebuiltAtMs: number;
  /** Whether a part was added after the rebuild. */
  readonly hasAddedSince: boolean;
}

export interface Known {
  /** Read, and all of it in gold. */
  readonly read: readonly ReadRange[];
  /** Read, and not all of it in gold. */
  readonly pending: readonly ReadRange[];
  /** Read by the live feed, beyond the last record. */
  readonly live: readonly ReadRange[];
  /** What backfills have filled. */
  readonly coverage: readonly Coverage[];
  /** All gaps, closed ones too. */
  readonly gaps: readonly Gap[];
  readonly hours: readonly HourRebuilt[];
  /** Reading has come this far, epoch ms, also beyond the ranges that are given. Absent: not known. */
  readonly readToMs?: number;
  /** Gold has deleted everything before, epoch ms. Absent: nothing. */
  readonly horizonMs?: number;
}
