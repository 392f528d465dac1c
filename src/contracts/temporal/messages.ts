/**
 * Signals and queries, and what they carry. Plain JSON; fields may be added as optional ones, because old histories
 * replay with old payloads.
 */
import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { Gap } from '../../core/gaps.ts';
import type { Hour } from '../../core/time.ts';

/** A part as workflows know it: never its data, only its key. */
export interface PartNotice {
  readonly key: string;
  readonly hour: Hour;
  readonly events: number;
  readonly edits: number;
}

/** What the streaming activity tells its workflow after a commit. */
export interface CommitNotice {
  readonly sequence: number;
  /** Sequence of the commit that the sender told before this one; what lies between has no parts to tell of. */
  readonly after: number;
  readonly parts: readonly PartNotice[];
  /** Hours of which gold has all parts, but which were not sealed. */
  readonly unsealed?: readonly Hour[];
  /** What the source could not give. */
  readonly gaps?: readonly Gap[];
  /** False while more notices of the same record follow. */
  readonly isLast: boolean;
  /** ISO 8601: no event older than this is expected any more. */
  readonly watermark?: string;
  readonly deadLetters: number;
}

export const pause = defineSignal('pause');
export const resume = defineSignal('resume');
export const flush = defineSignal('flush');
export const stop = defineSignal('stop');
/** Sent by the streaming activity only. */
export const partsCommitted = defineSignal<[CommitNotice]>('partsCommitted');
/** A key or a notice, or several; from ingest, or by hand. */
export const addPart = defineSignal<[unknown]>('addPart');
export const seal = defineSignal('seal');
export const progress = defineQuery<unknown>('progress');
