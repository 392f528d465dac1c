/**
 * Drives the readers of a backfill. Each source goes at its own pace, a failed window does not stop the others, and an
 * hour is rebuilt as soon as every reader has passed it. Ends when all is done, or when the history has grown long.
 */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, condition, executeChild, log, workflowInfo } from '@temporalio/workflow';
import { joinCoverage, planStretches } from '../core/backfill.ts';
import type { BackfillSource } from '../core/backfill.ts';
import { transformHourId } from '../contracts/temporal/names.ts';
import { mapBounded } from '../core/map-bounded.ts';
import { HOUR_MS, ceilHourMs, isoMs } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import type { StepResult } from '../contracts/temporal/backfill.ts';
import type { HourAudit } from '../contracts/temporal/transform.ts';
import {
  isAllRead,
  isSameReader,
  nextReader,
  takeHour,
  withFailedHour,
  withFailedReader,
  withStep,
  withRange,
  withoutReader,
  withoutRest,
} from './backfill-state.ts';
import type { BackfillState, Reader } from './backfill-state.ts';
import { coverageSoFar } from './backfill-coverage.ts';
import type { BackfillPhase, RunningWindow } from './backfill-report.ts';
import { isFailureOf, reasonOf } from './failures.ts';
import { isRunCanceled } from './outcome.ts';
import { backfilling, rebuilding } from './policies.ts';
import { HOUR, STAGE } from '../contracts/temporal/search-attributes.ts';
import type { transformHour } from './transform-hour.ts';

/** Range of the stream that one activity reads: it takes minutes, and a twentieth more for late events. */
const STREAM_WINDOW_MS = 6 * HOUR_MS;
const PARALLEL_HOURS = 4;
/** Dump files that are read at once: each one fills a disk and a core. */
const PARALLEL_DUMPS = 2;

export interface RunSettings {
  /** Wikis that are read at once. */
  readonly concurrency: number;
  /** Whether another source is asked for what one lacks. */
  readonly isAuto: boolean;
  /** Whether coverage is recorded as hours are done. */
  readonly recordsEarly: boolean;
  readonly onChange: () => void;
}

export class BackfillRun {
  isPaused = false;
  #state: BackfillState;
  readonly #settings: RunSettings;
  readonly #busy: Reader[] = [];
  #rebuilding: readonly Hour[] = [];
  /** Whether more may be covered than is recorded. */
  #mayCoverMore = false;
  #isEnding = false;
  /** Readers whose step was canceled, so that it is unknown what it has stored. */
  readonly #cut: Reader[] = [];

  constructor(state: BackfillState, settings: RunSettings) {
    this.#state = state;
    this.#settings = settings;
  }

  get state(): BackfillState {
    return this.#state;
  }

  get isDone(): boolean {
    return isAllRead(this.#state) && this.#state.toRebuild.length === 0 && this.#rebuilding.length === 0;
  }

  /** Whether a window or an hour is under way. */
  get isBusy(): boolean {
    return this.#busy.length > 0 || this.#rebuilding.length > 0;
  }

  /** Windows that are being read. */
  get running(): RunningWindow[] {
    return this.#busy.map(reader => ({
      source: reader.source,
      ...(reader.site !== undefined && { wiki: reader.site.wiki }),
      from: reader.at,
      to: endOf(reader),
    }));
  }

  get phase(): BackfillPhase {
    if (this.isPaused) return 'paused';
    if (!isAllRead(this.#state)) return 'reading';
    return this.isDone ? 'done' : 'rebuilding';
  }

  /** Resolves when everything is done or the run should continue as new; nothing is under way then. */
  async run(): Promise<void> {
    const { concurrency } = this.#settings;
    const parallel: Record<BackfillSource, number> = {
      stream: 1,
      api: concurrency,
      dump: Math.min(concurrency, PARALLEL_DUMPS),
    };
    const reading = Object.entries(parallel).flatMap(([source, count]) =>
      Array.from({ length: count }, () => this.#read(source as BackfillSource)),
    );
    const rebuilding = Array.from({ length: PARALLEL_HOURS }, () => this.#rebuild());
    // Each one ends what it has begun, also when the run is canceled.
    const outcomes = await Promise.allSettled([...reading, ...rebuilding, this.#record()]);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  /**
   * After a cancellation: rebuilds the hours that have new rows, so that what was fetched counts. When the scope is
   * canceled too, the rest is listed as failed.
   */
  async countFetched(): Promise<void> {
    const listed = await mapBounded(this.#cut, PARALLEL_HOURS, reader =>
      rebuilding()
        .listHours({ from: reader.at, to: windowEnd(reader) })
        .catch(() => ({ hours: [] as readonly Hour[] })),
    );
    this.#state = withoutRest(
      this.#state,
      listed.flatMap(({ hours }) => hours),
    );
    const { toRebuild } = this.#state;
    await mapBounded(toRebuild, PARALLEL_HOURS, async hour => {
      try {
        this.#noteRebuilt(
          await rebuilding().rebuildHour.executeWithOptions({ summary: hour }, [{ hour, isSealed: false }]),
        );
      } catch (error) {
        if (isFailureOf('BronzeExpired', error)) return;
        this.#change(withFailedHour(this.#state, hour, reasonOf(error)));
      }
    });
    this.#change({ ...this.#state, toRebuild: [] });
  }

  #change(state: BackfillState): void {
    this.#state = state;
    this.#mayCoverMore = true;
    if (workflowInfo().continueAsNewSuggested) this.#isEnding = true;
    this.#settings.onChange();
  }

  /** Takes one reader of a source after the other, a step at a time, until all sources are done. */
  async #read(source: BackfillSource): Promise<void> {
    const isBusy = (reader: Reader): boolean => this.#busy.some(other => isSameReader(reader, other));
    for (;;) {
      const next = (): Reader | undefined => nextReader(this.#state, source, isBusy);
      await condition(
        () => this.#isEnding || isAllRead(this.#state) || (!this.isPaused && next() !== undefined),
      );
      const reader = next();
      if (this.#isEnding || reader === undefined) return;
      this.#busy.push(reader);
      this.#settings.onChange();
      await this.#step(reader).finally(() => this.#busy.splice(this.#busy.indexOf(reader), 1));
    }
  }

  async #step(reader: Reader): Promise<void> {
    try {
      const step = await this.#ask(reader);
      this.#change(withStep(this.#state, reader, step));
      if (step.servedFrom !== undefined) this.#noteLateStart(reader, step.servedFrom);
      if (step.lost !== undefined) this.#noteLoss(reader, step, step.lost);
    } catch (error) {
      if (isRunCanceled(error)) {
        this.#cut.push(reader);
        throw error;
      }
      const isMissing = isFailureOf('DumpMissing', error);
      this.#change((isMissing ? withoutReader : withFailedReader)(this.#state, reader, reasonOf(error)));
    }
  }

  async #ask(reader: Reader): Promise<StepResult> {
    const { source, site, at, to, position } = reader;
    const activities = backfilling(source);
    const summary = `${site?.wiki ?? 'all wikis'} ${at}`;
    if (source === 'stream' || site === undefined) {
      const { wikis } = this.#state.plan;
      return activities.fetchStreamWindow.executeWithOptions({ summary }, [
        { from: at, to: endOf(reader), ...(wikis !== undefined && { wikis }) },
      ]);
    }
    if (source === 'api') {
      return activities.fetchApiPage.executeWithOptions({ summary }, [
        { ...site, from: at, to, ...(position !== undefined && { position }) },
      ]);
    }
    const { snapshot = '' } = this.#state.plan;
    return activities.fetchDumpFile.executeWithOptions({ summary }, [
      { wiki: site.wiki, snapshot, from: reader.from, to, ...(position !== undefined && { position }) },
    ]);
  }

  /** The source no longer keeps the beginning of the range: another one is asked for it, or it is missing. */
  #noteLateStart({ source, at, to }: Reader, servedFrom: string): void {
    const gap = { from: at, to: servedFrom < to ? servedFrom : to };
    const why = `the ${source} keeps nothing older than ${servedFrom}`;
    const { apiKeptMs } = this.#state.plan;
    const nowMs = Date.now();
    const available =
      this.#settings.isAuto && source === 'stream' && apiKeptMs !== undefined
        ? { api: { fromMs: nowMs - apiKeptMs, toMs: nowMs } }
        : {};
    // Up to the end of the hour that the stream has only in part.
    const whole = { from: gap.from, to: isoMs(Math.min(ceilHourMs(Date.parse(gap.to)), Date.parse(to))) };
    const { stretches, missing } = planStretches(whole, available);
    const added = stretches.reduce(
      (state, range) => withRange(state, range, this.#settings.concurrency),
      this.#state,
    );
    this.#change({ ...added, missing: [...added.missing, ...missing.map(range => ({ ...range, why }))] });
  }

  /** Its offsets show that the stream itself lacks messages. */
  #noteLoss({ at }: Reader, { at: to }: StepResult, lost: number): void {
    const why = `the stream itself lacks ${lost} messages, by its offsets`;
    this.#change({ ...this.#state, missing: [...this.#state.missing, { from: at, to, why }] });
  }

  /** Rebuilds hours that are read, until no more will follow. */
  async #rebuild(): Promise<void> {
    for (;;) {
      const isThere = (): boolean => this.#state.toRebuild.length > 0;
      await condition(() => this.#isEnding || (isThere() ? !this.isPaused : isAllRead(this.#state)));
      const { hour, state } = takeHour(this.#state);
      if (this.#isEnding || hour === undefined) return;
      this.#change(state);
      this.#rebuilding = [...this.#rebuilding, hour];
      await this.#rebuildHour(hour).finally(() => {
        this.#rebuilding = this.#rebuilding.filter(other => other !== hour);
        this.#mayCoverMore = true;
      });
    }
  }

  /** Records what is covered as hours are done: a run that is terminated has no end in which to do so. */
  async #record(): Promise<void> {
    while (this.#settings.recordsEarly) {
      await condition(() => this.#isEnding || this.isDone || this.#mayCoverMore);
      if (this.#isEnding || this.isDone) return;
      this.#mayCoverMore = false;
      const { recorded = [] } = this.#state;
      const { concurrency } = this.#settings;
      const covered = coverageSoFar(this.#state, recorded, { concurrency, rebuilding: this.#rebuilding });
      if (covered.length === 0) continue;
      try {
        await rebuilding().recordCoverage({ covered });
      } catch (error) {
        if (isRunCanceled(error)) throw error;
        // The end of the run records all of it.
        log.warn('coverage is not recorded yet', { error });
      }
      this.#state = { ...this.#state, recorded: joinCoverage([...recorded, ...covered]) };
    }
  }

  #noteRebuilt(audit: HourAudit): void {
    const { hours, edits, changedRows } = this.#state.rebuilt;
    const rebuilt = {
      hours: hours + 1,
      edits: edits + audit.distinct,
      changedRows: changedRows + audit.changedRows,
    };
    this.#change({ ...this.#state, rebuilt });
  }

  async #rebuildHour(hour: Hour): Promise<void> {
    try {
      this.#noteRebuilt(await rebuildThroughItsRun(hour));
    } catch (error) {
      if (isRunCanceled(error)) {
        this.#state = { ...this.#state, toRebuild: [...this.#state.toRebuild, hour] };
        throw error;
      }
      // Bronze has expired and this backfill added nothing to the hour, so there is nothing to rebuild.
      if (isFailureOf('BronzeExpired', error)) return;
      this.#change(withFailedHour(this.#state, hour, reasonOf(error)));
    }
  }
}

/** A whole range of the stream is too long for one activity. */
function windowEnd({ at, to }: Reader): string {
  return isoMs(Math.min(Date.parse(at) + STREAM_WINDOW_MS, Date.parse(to)));
}

/** End of what the next step of a reader reads, or may read. */
function endOf(reader: Reader): string {
  return reader.source === 'stream' ? windowEnd(reader) : reader.to;
}

/** In a run of the hour, where the Web UI shows it. If one is already running, because ingest fills the hour, beside it. */
async function rebuildThroughItsRun(hour: Hour): Promise<HourAudit> {
  try {
    return await executeChild<typeof transformHour>('transformHour', {
      workflowId: transformHourId(hour),
      args: [{ hour }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `Edits of ${hour}:00 UTC, with the rows of a backfill`,
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
