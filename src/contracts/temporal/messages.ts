/**
 * Signals and queries of the workflows, and their payloads. Plain JSON. New fields must be optional, because old histories
 * replay with old payloads.
 */
import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { Gap } from '../../core/gaps.ts';
import type { Trouble } from './trouble.ts';
import type { Hour } from '../../core/time.ts';

/** A part as workflows see it: its key and counts, never its data. */
export interface PartNotice {
  readonly key: string;
  readonly hour: Hour;
  readonly events: number;
  readonly edits: number;
}

/** Sent by the streaming activity to its workflow after a commit; after a restart, of many commits at once. */
export interface CommitNotice {
  readonly sequence: number;
  /** Sequence of the sender's previous notice; parts of the commits between the two are in this one. */
  readonly after: number;
  readonly parts: readonly PartNotice[];
  /** Hours that gold has all parts of, or that have none, but that are not sealed. */
  readonly unsealed?: readonly Hour[];
  /** Ranges that the source could not deliver. */
  readonly gaps?: readonly Gap[];
  /** False while more notices of the same commits follow. */
  readonly isLast: boolean;
  /** ISO 8601: no older event is expected. */
  readonly watermark?: string;
  readonly deadLetters: number;
}

export const pause = defineSignal('pause');
export const resume = defineSignal('resume');
export const flush = defineSignal('flush');
export const stop = defineSignal('stop');
/** Sent by the streaming activity only. */
export const partsCommitted = defineSignal<[CommitNotice]>('partsCommitted');
/** Sent by the streaming activity only: what does not work at the moment; an empty list when all is well again. */
export const troubled = defineSignal<[readonly Trouble[]]>('troubled');
/** A key, a notice, or a list of either. Sent by ingest, or by hand. */
export const addPart = defineSignal<[unknown]>('addPart');
export const seal = defineSignal('seal');
export const progress = defineQuery<unknown>('progress');
