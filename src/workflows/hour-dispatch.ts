/**
 * ⑤ From ingest to the hours: every part goes to the workflow of its hour, which is signalled when it runs and
 * started as a child when it does not; hours that the watermark has passed are sealed.
 */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ParentClosePolicy,
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  startChild,
} from '@temporalio/workflow';
import type { Gap } from '../core/gaps.ts';
import { transformHourId } from '../contracts/temporal/names.ts';
import { HOUR_MS, hourStartMs } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import { addPart, seal } from '../contracts/temporal/messages.ts';
import type { CommitNotice, PartNotice } from '../contracts/temporal/messages.ts';
import { applying } from './policies.ts';
import { HOUR, STAGE } from '../contracts/temporal/search-attributes.ts';
import type { transformHour } from './transform-hour.ts';

export class HourDispatch {
  readonly #queue: PartNotice[] = [];
  /** Hours that got parts and are not sealed. */
  readonly #open: Set<Hour>;
  readonly #failed: Hour[] = [];
  readonly #gaps: Gap[] = [];
  readonly #onChange: () => void;
  #watermarkMs = 0;
  #isBusy = false;

  constructor(open: readonly Hour[], onChange: () => void) {
    this.#open = new Set(open);
    this.#onChange = onChange;
  }

  get openHours(): Hour[] {
    return [...this.#open].sort();
  }

  /** The last hours whose workflow failed. */
  get failedHours(): readonly Hour[] {
    return this.#failed;
  }

  /** Parts that wait to be handed over. */
  get queued(): number {
    return this.#queue.length;
  }

  get isIdle(): boolean {
    return !this.#isBusy && !this.#hasWork();
  }

  /**
   * Takes what a commit brought; hours that end at or before the watermark (ISO 8601) are sealed after their parts
   * were handed over.
   */
  add({ parts, unsealed = [], gaps = [] }: CommitNotice, watermark: string | undefined): void {
    this.#queue.push(...parts);
    this.#gaps.push(...gaps);
    for (const hour of unsealed) this.#open.add(hour);
    if (watermark !== undefined) this.#watermarkMs = Date.parse(watermark);
  }

  /** Hands over what comes in; never ends by itself. One thing at a time, so that parts arrive in order. */
  async run(): Promise<never> {
    for (;;) {
      await condition(() => this.#hasWork());
      this.#isBusy = true;
      const parts = this.#queue.splice(0);
      for (const hour of new Set(parts.map(part => part.hour))) {
        this.#open.add(hour);
        await this.#handOver(
          hour,
          parts.filter(part => part.hour === hour).map(({ key }) => key),
        );
      }
      // Before an hour is sealed: its audit says which gaps reach into it.
      const gaps = this.#gaps.splice(0);
      if (gaps.length > 0) await applying().recordGaps({ gaps });
      for (const hour of this.#passedHours()) await this.#seal(hour);
      this.#isBusy = false;
      this.#onChange();
    }
  }

  #hasWork(): boolean {
    return this.#queue.length > 0 || this.#gaps.length > 0 || this.#passedHours().length > 0;
  }

  #passedHours(): Hour[] {
    return this.openHours.filter(hour => (hourStartMs(hour) ?? 0) + HOUR_MS <= this.#watermarkMs);
  }

  async #handOver(hour: Hour, keys: readonly string[]): Promise<void> {
    const workflowId = transformHourId(hour);
    for (;;) {
      if (await reached(() => getExternalWorkflowHandle(workflowId).signal(addPart, keys))) return;
      if (await this.#start(hour, keys)) return;
    }
  }

  /** An hour whose run has ended (idle, terminated, failed) is started again: a seal is a rebuild. */
  async #seal(hour: Hour): Promise<void> {
    const workflowId = transformHourId(hour);
    while (!(await reached(() => getExternalWorkflowHandle(workflowId).signal(seal))))
      await this.#start(hour, []);
    this.#open.delete(hour);
  }

  /** Starts the hour's run as a child; false when it runs already. */
  async #start(hour: Hour, keys: readonly string[]): Promise<boolean> {
    try {
      const child = await startChild<typeof transformHour>('transformHour', {
        workflowId: transformHourId(hour),
        args: [{ hour, parts: keys }],
        // It lives on when ingest continues as new or ends.
        parentClosePolicy: ParentClosePolicy.ABANDON,
        staticSummary: `Edits of ${hour}:00 UTC`,
        typedSearchAttributes: [
          { key: HOUR, value: hour },
          { key: STAGE, value: 'applying' },
        ],
      });
      void child.result().catch((error: unknown) => this.#noteFailure(hour, error));
      return true;
    } catch (error) {
      // It was started by hand between the two calls: it is signalled after all.
      if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
      throw error;
    }
  }

  #noteFailure(hour: Hour, error: unknown): void {
    if (isCancellation(error)) return;
    log.error(`${transformHourId(hour)} failed; start it again once the cause is mended`, { hour });
    this.#failed.push(hour);
    if (this.#failed.length > 20) this.#failed.shift();
  }
}

/** Whether a signal was taken; false when no such workflow runs. */
async function reached(signal: () => Promise<void>): Promise<boolean> {
  try {
    await signal();
    return true;
  } catch (error) {
    if (isCancellation(error)) throw error;
    return false;
  }
}
