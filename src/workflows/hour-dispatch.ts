/**
 * ⑤ From ingest to the hours: each part goes to the workflow of its hour, which is signalled while it runs and started
 * as a child when it does not. `hand-over.ts` decides what is next; this file performs it, one step at a time, so that
 * parts arrive in order. Delivery is at least once: the hour ignores keys it has seen.
 */
import { ApplicationFailure, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ParentClosePolicy,
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  patched,
  startChild,
} from '@temporalio/workflow';
import { transformHourId } from '../contracts/temporal/names.ts';
import type { Hour } from '../core/time.ts';
import { addPart, seal } from '../contracts/temporal/messages.ts';
import type { CommitNotice } from '../contracts/temporal/messages.ts';
import { beginHandOver, hasWork, nextStep, withNotice, withSealed } from './hand-over.ts';
import type { HandOver, HandOverStep } from './hand-over.ts';
import { applying } from './policies.ts';
import { background } from './promises.ts';
import { HOUR, STAGE } from '../contracts/temporal/search-attributes.ts';
import type { transformHour } from './transform-hour.ts';

/**
 * Runs that began before this patch may have sealed an hour whose parts were still queued. Remove it when no ingest run
 * from before December 2026 has to be replayed; a run lasts a few hours until it continues as new.
 */
const HOLD_SEALS = 'hold-seals-until-parts-are-handed-over';
/** Earlier runs sent everything at once, however much it was. Remove it together with the one above. */
const SPLIT_STEPS = 'split-what-is-too-large-for-a-message';
const SHOWN_FAILURES = 20;

export class HourDispatch {
  readonly #failed: Hour[];
  readonly #onChange: () => void;
  #state: HandOver;
  #isBusy = false;

  /** Continues with the hours of the run before this one. */
  constructor(
    { open, failed }: { readonly open: readonly Hour[]; readonly failed: readonly Hour[] },
    onChange: () => void,
  ) {
    this.#state = beginHandOver(open);
    this.#failed = [...failed];
    this.#onChange = onChange;
  }

  get openHours(): readonly Hour[] {
    return this.#state.openHours;
  }

  /** The most recent hours whose workflow failed. */
  get failedHours(): readonly Hour[] {
    return this.#failed;
  }

  /** Number of parts that wait to be handed over. */
  get queued(): number {
    return this.#state.queue.length;
  }

  get isIdle(): boolean {
    return !this.#isBusy && !hasWork(this.#state);
  }

  /** Queues what a commit contains; hours that end at or before the watermark (ISO 8601) are sealed after their parts. */
  add(notice: CommitNotice, watermark: string | undefined): void {
    this.#state = withNotice(this.#state, notice, watermark);
  }

  /** Hands over whatever is added. Never resolves; rejects when a step fails. */
  async run(): Promise<never> {
    for (;;) {
      await condition(() => hasWork(this.#state));
      this.#isBusy = true;
      for (let step = this.#next(); step !== undefined; step = this.#next()) await this.#perform(step);
      this.#isBusy = false;
      this.#onChange();
    }
  }

  #next(): HandOverStep | undefined {
    const { state, step } = nextStep(
      this.#state,
      () => patched(HOLD_SEALS),
      () => patched(SPLIT_STEPS),
    );
    this.#state = state;
    return step;
  }

  #perform(step: HandOverStep): Promise<void> {
    switch (step.kind) {
      case 'addParts':
        return this.#addParts(step.hour, step.keys);
      case 'recordGaps':
        return applying().recordGaps({ gaps: step.gaps });
      case 'seal':
        return this.#seal(step.hour);
      default:
        return step satisfies never;
    }
  }

  async #addParts(hour: Hour, keys: readonly string[]): Promise<void> {
    const workflowId = transformHourId(hour);
    for (;;) {
      if (await isDelivered(() => getExternalWorkflowHandle(workflowId).signal(addPart, keys))) return;
      if (await this.#start(hour, keys)) return;
    }
  }

  /** An hour whose run has ended (idle, terminated, failed) is started again, because only a run rebuilds and seals. */
  async #seal(hour: Hour): Promise<void> {
    const workflowId = transformHourId(hour);
    while (!(await isDelivered(() => getExternalWorkflowHandle(workflowId).signal(seal))))
      await this.#start(hour, []);
    this.#state = withSealed(this.#state, hour);
  }

  /** Starts the hour's run as a child; false when it is already running. */
  async #start(hour: Hour, keys: readonly string[]): Promise<boolean> {
    try {
      const child = await startChild<typeof transformHour>('transformHour', {
        workflowId: transformHourId(hour),
        args: [{ hour, parts: keys }],
        // The hour keeps running when ingest continues as new or ends.
        parentClosePolicy: ParentClosePolicy.ABANDON,
        staticSummary: `Edits of ${hour}:00 UTC`,
        typedSearchAttributes: [
          { key: HOUR, value: hour },
          { key: STAGE, value: 'applying' },
        ],
      });
      background(child.result().catch((error: unknown) => this.#noteFailure(hour, error)));
      return true;
    } catch (error) {
      // Someone started it by hand between the signal and the start: the caller signals it again.
      if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
      throw error;
    }
  }

  #noteFailure(hour: Hour, error: unknown): void {
    if (isCancellation(error)) return;
    log.error(`${transformHourId(hour)} failed; its failure says what to start once the cause is fixed`, {
      hour,
    });
    this.#failed.push(hour);
    if (this.#failed.length > SHOWN_FAILURES) this.#failed.shift();
  }
}

/** Failure type of the SDK for a signal to a workflow that does not run. */
const NOT_RUNNING = 'ExternalWorkflowExecutionNotFound';

/** Whether a signal was delivered; false when no such workflow is running. Any other failure is thrown. */
async function isDelivered(signal: () => Promise<void>): Promise<boolean> {
  try {
    await signal();
    return true;
  } catch (error) {
    if (error instanceof ApplicationFailure && error.type === NOT_RUNNING) return false;
    throw error;
  }
}
