/**
 * Updates: the controls that the signals of the same names give, for those who want an answer. A refused one leaves no
 * trace in the run.
 */
import { defineUpdate } from '@temporalio/workflow';

/** The answer to `pause` and `resume`, once it has happened. */
export interface Controlled {
  /** `paused`, or what the run does now. */
  readonly state: string;
}

export interface Flushed {
  /** Sequence of the last record that was committed. */
  readonly sequence: number;
}

export interface PartsAccepted {
  readonly hour: string;
  /** Keys that were accepted; those that the run knew already are not applied again. */
  readonly keys: number;
}

export const pauseUpdate = defineUpdate<Controlled, unknown[]>('pause');
export const resumeUpdate = defineUpdate<Controlled, unknown[]>('resume');
export const flushUpdate = defineUpdate<Flushed, unknown[]>('flush');
/** Takes what the signal `addPart` takes. */
export const addPartUpdate = defineUpdate<PartsAccepted, [unknown]>('addPart');
