/**
 * Drives the lanes of a backfill: each source at its own pace, a failed window beside the others, hours rebuilt as soon
 * as every lane has passed them. Ends when all is done, or when its history has grown long enough.
 */
import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  WorkflowExecutionAlreadyStartedError,
} from '@temporalio/common';
import {
  ParentClosePolicy,
  condition,
  executeChild,
  isCancellation,
  workflowInfo,
} from '@temporalio/workflow';
import { planStretches } from '../core/backfill.ts';
import type { BackfillSource } from '../core/backfill.ts';
import { transformHourId } from '../contracts/temporal/names.ts';
import { HOUR_MS, ceilHourMs, isoMs } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import type { StepResult } from '../contracts/temporal/backfill.ts';
import type { HourAudit } from '../contracts/temporal/transform.ts';
import {
  isAllRead,
  isSameLane,
  nextLane,
  takeHour,
  withFailedLane,
  withStep,
  withStretch,
  withoutLane,
} from './backfill-lanes.ts';
import type { BackfillState, Lane } from './backfill-lanes.ts';
import { backfilling, rebuilding } from './policies.ts';
import { HOUR, STAGE } from '../contracts/temporal/search-attributes.ts';
import type { transformHour } from './transform-hour.ts';

/** Hours of the stream that one activity reads: a few minutes, and a twentieth more for events that come late. */
const STREAM_WINDOW_MS = 6 * HOUR_MS;
const PARALLEL_HOURS = 4;
/** Files of dumps that are read at once: each fills a disk and a core. */
const PARALLEL_DUMPS = 2;

export interface RunSettings {
  /** Wikis that are asked for at once. */
  readonly concurrency: number;
  /** Whether another source takes what one cannot give. */
  readonly isAuto: boolean;
  readonly onChange: () => void;
}

export class BackfillRun {
  isPaused = false;
  #state: BackfillState;
  readonly #settings: RunSettings;
  readonly #busy: Lane[] = [];
  #rebuilding = 0;
  #isEnding = false;

  constructor(state: BackfillState, settings: RunSettings) {
    this.#state = state;
    this.#settings = settings;
  }

  get state(): BackfillState {
    return this.#state;
  }

  get isDone(): boolean {
    return isAllRead(this.#state) && this.#state.toRebuild.length === 0 && this.#rebuilding === 0;
  }

  get waitingFor(): string {
    if (this.isPaused) return 'the signal resume';
    if (!isAllRead(this.#state)) return 'windows to be read';
    return this.isDone ? 'nothing' : 'hours to be rebuilt';
  }

  /** Resolves when everything is done, or when the run should go on as a new one; nothing is under way then. */
  async run(): Promise<void> {
    const { concurrency } = this.#settings;
    const readers: Record<BackfillSource, number> = {
      stream: 1,
      api: concurrency,
      dump: Math.min(concurrency, PARALLEL_DUMPS),
    };
    const reading = Object.entries(readers).flatMap(([source, count]) =>
      Array.from({ length: count }, () => this.#read(source as BackfillSource)),
    );
    const rebuilding = Array.from({ length: PARALLEL_HOURS }, () => this.#rebuild());
    await Promise.all([...reading, ...rebuilding]);
  }

  #change(state: BackfillState): void {
    this.#state = state;
    if (workflowInfo().continueAsNewSuggested) this.#isEnding = true;
    this.#settings.onChange();
  }

  /** Reads lanes of one source, a step at a time, until all sources are done. */
  async #read(source: BackfillSource): Promise<void> {
    const isBusy = (lane: Lane): boolean => this.#busy.some(other => isSameLane(lane, other));
    for (;;) {
      const next = (): Lane | undefined => nextLane(this.#state, source, isBusy);
      await condition(
        () => this.#isEnding || isAllRead(this.#state) || (!this.isPaused && next() !== undefined),
      );
      const lane = next();
      if (this.#isEnding || lane === undefined) return;
      this.#busy.push(lane);
      await this.#step(lane).finally(() => this.#busy.splice(this.#busy.indexOf(lane), 1));
    }
  }

  async #step(lane: Lane): Promise<void> {
    try {
      const step = await this.#ask(lane);
      this.#change(withStep(this.#state, lane, step));
      if (step.servedFrom !== undefined) this.#noteLateStart(lane, step.servedFrom);
      if (step.lost !== undefined) this.#noteLoss(lane, step, step.lost);
    } catch (error) {
      if (isCancellation(error)) throw error;
      const cause = error instanceof ActivityFailure ? error.cause : error;
      const reason = cause instanceof Error ? cause.message : String(cause);
      const isNowhere = cause instanceof ApplicationFailure && cause.type === 'DumpMissing';
      this.#change((isNowhere ? withoutLane : withFailedLane)(this.#state, lane, reason));
    }
  }

  async #ask(lane: Lane): Promise<StepResult> {
    const { source, site, at, to, position } = lane;
    const activities = backfilling(source);
    const summary = `${site?.wiki ?? 'all wikis'} ${at}`;
    if (source === 'stream' || site === undefined) {
      const { wikis } = this.#state.plan;
      const end = isoMs(Math.min(Date.parse(at) + STREAM_WINDOW_MS, Date.parse(to)));
      return activities.fetchStreamWindow.executeWithOptions({ summary }, [
        { from: at, to: end, ...(wikis !== undefined && { wikis }) },
      ]);
    }
    if (source === 'api') {
      return activities.fetchApiPage.executeWithOptions({ summary }, [
        { ...site, from: at, to, ...(position !== undefined && { position }) },
      ]);
    }
    const { snapshot = '' } = this.#state.plan;
    return activities.fetchDumpFile.executeWithOptions({ summary }, [
      { wiki: site.wiki, snapshot, from: lane.from, to, ...(position !== undefined && { position }) },
    ]);
  }

  /** What the source no longer keeps: another one gives it, or nobody does. */
  #noteLateStart({ source, at, to }: Lane, servedFrom: string): void {
    const gap = { from: at, to: servedFrom < to ? servedFrom : to };
    const why = `the ${source} keeps nothing older than ${servedFrom}`;
    const { apiKeptMs } = this.#state.plan;
    const nowMs = Date.now();
    const reaches =
      this.#settings.isAuto && source === 'stream' && apiKeptMs !== undefined
        ? { api: { fromMs: nowMs - apiKeptMs, toMs: nowMs } }
        : {};
    // To the end of the hour, which the stream has only in part.
    const whole = { from: gap.from, to: isoMs(Math.min(ceilHourMs(Date.parse(gap.to)), Date.parse(to))) };
    const { stretches, missing } = planStretches(whole, reaches);
    const added = stretches.reduce(
      (state, stretch) => withStretch(state, stretch, this.#settings.concurrency),
      this.#state,
    );
    this.#change({ ...added, missing: [...added.missing, ...missing.map(stretch => ({ ...stretch, why }))] });
  }

  /** The stream itself is not whole: its numbers say so. */
  #noteLoss({ at }: Lane, { at: to }: StepResult, lost: number): void {
    const why = `the stream itself lacks ${lost} messages by its own numbers`;
    this.#change({ ...this.#state, missing: [...this.#state.missing, { from: at, to, why }] });
  }

  /** Rebuilds hours that are read, until there will be no more. */
  async #rebuild(): Promise<void> {
    for (;;) {
      const isThere = (): boolean => this.#state.toRebuild.length > 0;
      await condition(() => this.#isEnding || (isThere() ? !this.isPaused : isAllRead(this.#state)));
      const { hour, state } = takeHour(this.#state);
      if (this.#isEnding || hour === undefined) return;
      this.#change(state);
      this.#rebuilding += 1;
      await this.#rebuildHour(hour).finally(() => (this.#rebuilding -= 1));
    }
  }

  async #rebuildHour(hour: Hour): Promise<void> {
    try {
      const audit = await rebuildThroughItsRun(hour);
      const { hours, edits, changedRows } = this.#state.rebuilt;
      const rebuilt = {
        hours: hours + 1,
        edits: edits + audit.distinct,
        changedRows: changedRows + audit.changedRows,
      };
      this.#change({ ...this.#state, rebuilt });
    } catch (error) {
      if (isCancellation(error)) throw error;
      const cause = innermost(error);
      // Nothing was brought of an hour that bronze no longer has: nothing is to be done.
      if (cause instanceof ApplicationFailure && cause.type === 'BronzeExpired') return;
      const reason = `not rebuilt: ${cause instanceof Error ? cause.message : String(cause)}`;
      const from = isoMs(Date.parse(`${hour}:00:00Z`));
      const to = isoMs(Date.parse(from) + HOUR_MS);
      const failed = [...this.#state.failed, { source: 'stream' as const, from, to, reason }];
      this.#change({ ...this.#state, failed });
    }
  }
}

/** As a run of the hour, where the Web UI shows it; when one runs already (ingest still fills the hour), beside it. */
async function rebuildThroughItsRun(hour: Hour): Promise<HourAudit> {
  try {
    return await executeChild<typeof transformHour>('transformHour', {
      workflowId: transformHourId(hour),
      args: [{ hour }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `Edits of ${hour}:00 UTC, with what a backfill brought`,
      typedSearchAttributes: [
        { key: HOUR, value: hour },
        { key: STAGE, value: 'rebuilding' },
      ],
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return rebuilding().rebuildHour.executeWithOptions({ summary: hour }, [{ hour, isSealed: false }]);
  }
}

/** What failed first, in an activity or in an activity of a child. */
function innermost(error: unknown): unknown {
  return error instanceof ActivityFailure || error instanceof ChildWorkflowFailure
    ? innermost(error.cause)
    : error;
}
