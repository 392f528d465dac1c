/**
 * Signals and queries with their payloads. Payloads are plain JSON. New fields must be optional, because old histories
 * replay with old payloads.
 */
import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { Gap } from '../../core/gaps.ts';
import type { Hour } from '../../core/time.ts';

/** A part as workflows know it: its key, never its data. */
export interface PartNotice {
  readonly key: string;
  readonly hour: Hour;
  readonly events: number;
  readonly edits: number;
}

/** What the streaming activity sends to its workflow after a commit. */
export interface CommitNotice {
  readonly sequence: number;
  /** Sequence of the sender's previous notice. The records in between have no parts, so they get no notice. */
  readonly after: number;
  readonly parts: readonly PartNotice[];
  /** Hours whose parts are all in gold but that were not sealed. */
  readonly unsealed?: readonly Hour[];
  /** Events that the source lost. */
  readonly gaps?: readonly Gap[];
  /** False while more notices of the same record follow. */
  readonly isLast: boolean;
  /** ISO 8601: no more events older than this are expected. */
  readonly watermark?: string;
  readonly deadLetters: number;
}

export const pause = defineSignal('pause');
export const resume = defineSignal('resume');
export const flush = defineSignal('flush');
export const stop = defineSignal('stop');
/** Sent by the streaming activity only. */
export const partsCommitted = defineSignal<[CommitNotice]>('partsCommitted');
/** A key, a notice, or a list of either; from ingest or from an operator. */
export const addPart = defineSignal<[unknown]>('addPart');
export const seal = defineSignal('seal');
export const progress = defineQuery<unknown>('progress');
