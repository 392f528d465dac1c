/**
 * What a backfill has to do and how far it is: lanes, each one source's way through one stretch (of all wikis for the
 * stream, of one wiki for API and dumps), and the hours that are to be rebuilt once every lane has passed them. Plain
 * JSON, so that it goes on into the next run of the chain; no calls.
 */
import { BACKFILL_SOURCES } from '../core/backfill.ts';
import type { BackfillSource, MissingStretch, PlannedStretch, Stretch } from '../core/backfill.ts';
import { HOUR_MS, hourStartMs, isoMs } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import type { BackfillPlan, Site, StepResult } from '../contracts/temporal/backfill-steps.ts';

/** One source's way through a stretch. */
export interface Lane extends Stretch {
  readonly source: BackfillSource;
  /** Absent for the stream. */
  readonly site?: Site;
  /** Lanes of a batch are read before those of the next; hours that a whole batch has passed are rebuilt. */
  readonly batch: number;
  /** ISO 8601: what comes before is stored. */
  readonly at: string;
  readonly position?: unknown;
  readonly rows: number;
  /** Why it failed; a lane is tried once more at the end. */
  readonly trouble?: string;
}

/** A window that could not be brought. */
export interface FailedWindow extends Stretch {
  readonly source: BackfillSource;
  readonly wiki?: string;
  readonly reason: string;
}

export interface SourceTotals {
  readonly rows: number;
  readonly known: number;
  readonly unusable: number;
  readonly bytes: number;
  readonly requests: number;
  /** Requests that nobody can do with fewer of. */
  readonly leastRequests: number;
  /** Hours of all lanes: read, and in all. */
  readonly done: number;
  readonly total: number;
}

export interface Rebuilt {
  readonly hours: number;
  /** Edits in the hours that were rebuilt, distinct by revision. */
  readonly edits: number;
  readonly changedRows: number;
}

/** All of it; goes on into the next run. */
export interface BackfillState {
  readonly startedAt: string;
  readonly plan: BackfillPlan;
  readonly lanes: readonly Lane[];
  /** Hours that got something and that other lanes have yet to pass. */
  readonly touched: Readonly<Record<BackfillSource, readonly Hour[]>>;
  /** Hours that every lane has passed. */
  readonly toRebuild: readonly Hour[];
  readonly stretches: readonly PlannedStretch[];
  readonly missing: readonly MissingStretch[];
  readonly failed: readonly FailedWindow[];
  readonly totals: Readonly<Partial<Record<BackfillSource, SourceTotals>>>;
  readonly rebuilt: Rebuilt;
}

/** Rows that a request to the API brings at most. */
const PAGE = 500;
/** Whatever the number of wikis, an hour is rebuilt about so often. */
const BATCHES = 10;
/** Lanes that failed come after all others. */
const LAST_BATCH = Number.MAX_SAFE_INTEGER;
const NO_TOTALS: SourceTotals = {
  rows: 0,
  known: 0,
  unusable: 0,
  bytes: 0,
  requests: 0,
  leastRequests: 0,
  done: 0,
  total: 0,
};

/** The state at the beginning. @param concurrency wikis that are asked for at once */
export function beginBackfill(plan: BackfillPlan, concurrency: number, startedAt: string): BackfillState {
  const state: BackfillState = {
    startedAt,
    plan,
    lanes: [],
    touched: { stream: [], api: [], dump: [] },
    toRebuild: [],
    stretches: [],
    missing: plan.missing,
    failed: [],
    totals: {},
    rebuilt: { hours: 0, edits: 0, changedRows: 0 },
  };
  return plan.stretches.reduce((sum, stretch) => withStretch(sum, stretch, concurrency), state);
}

/** The state with the lanes of one more stretch. */
export function withStretch(
  state: BackfillState,
  stretch: PlannedStretch,
  concurrency: number,
): BackfillState {
  const { source, from, to } = stretch;
  const sites = source === 'stream' ? [undefined] : state.plan.sites;
  const perBatch = Math.max(concurrency, Math.ceil(sites.length / BATCHES));
  // One stretch after the other: what is asked for later does not hold up what is asked for now.
  const first = Math.max(
    0,
    ...lanesOf(state, source).map(lane => (lane.batch === LAST_BATCH ? 0 : lane.batch + 1)),
  );
  const lanes = sites.map((site, i): Lane => ({
    source,
    ...(site !== undefined && { site }),
    batch: first + Math.floor(i / perBatch),
    from,
    to,
    at: from,
    rows: 0,
  }));
  const totals = state.totals[source] ?? NO_TOTALS;
  return {
    ...state,
    lanes: [...state.lanes, ...lanes],
    stretches: [...state.stretches, stretch],
    totals: {
      ...state.totals,
      [source]: { ...totals, total: totals.total + lanes.length * hoursIn(stretch) },
    },
  };
}

/** Lanes of a source that are not done. */
function lanesOf({ lanes }: BackfillState, source: BackfillSource): Lane[] {
  return lanes.filter(lane => lane.source === source);
}

/** The lane to go on with, of a source's present batch; `busy` ones are under way. */
export function nextLane(
  state: BackfillState,
  source: BackfillSource,
  isBusy: (lane: Lane) => boolean,
): Lane | undefined {
  const lanes = lanesOf(state, source);
  const batch = Math.min(...lanes.map(lane => lane.batch));
  return lanes.find(lane => lane.batch === batch && !isBusy(lane));
}

/** Whether two lanes are the same, at whatever place. */
export function isSameLane(a: Lane, b: Lane): boolean {
  return a.source === b.source && a.site?.wiki === b.site?.wiki && a.from === b.from;
}

/** The state after a lane's step. */
export function withStep(state: BackfillState, lane: Lane, step: StepResult): BackfillState {
  const { source } = lane;
  const { position: _, ...rest } = lane;
  const moved: Lane = {
    ...rest,
    at: step.at < lane.to ? step.at : lane.to,
    rows: lane.rows + step.rows,
    ...(step.position !== undefined && { position: step.position }),
  };
  const isDone = moved.at >= lane.to && step.position === undefined;
  const before = state.totals[source] ?? NO_TOTALS;
  const totals: SourceTotals = {
    rows: before.rows + step.rows,
    known: before.known + step.known,
    unusable: before.unusable + step.unusable,
    bytes: before.bytes + step.bytes,
    requests: before.requests + step.requests,
    leastRequests:
      before.leastRequests + (source === 'api' && isDone ? Math.max(1, Math.ceil(moved.rows / PAGE)) : 0),
    done: before.done + hoursIn({ from: lane.at, to: moved.at }),
    total: before.total,
  };
  return settle({
    ...state,
    lanes: state.lanes.flatMap(other => (!isSameLane(other, lane) ? [other] : isDone ? [] : [moved])),
    touched: { ...state.touched, [source]: [...new Set([...state.touched[source], ...step.hours])] },
    totals: { ...state.totals, [source]: totals },
  });
}

/** The state after a lane has failed: it is tried once more at the end, and then given up. */
export function withFailedLane(state: BackfillState, lane: Lane, reason: string): BackfillState {
  const { position: _, ...rest } = lane;
  if (lane.trouble === undefined) {
    const again: Lane = { ...rest, at: wholeHour(lane.at, lane.from), batch: LAST_BATCH, trouble: reason };
    return settle({
      ...state,
      lanes: state.lanes.map(other => (isSameLane(other, lane) ? again : other)),
    });
  }
  const { source, site, at, to } = lane;
  const failed: FailedWindow = {
    source,
    ...(site !== undefined && { wiki: site.wiki }),
    from: at,
    to,
    reason,
  };
  return settle({
    ...state,
    lanes: state.lanes.filter(other => !isSameLane(other, lane)),
    failed: [...state.failed, failed],
  });
}

/** The state without a lane that its source has nothing for. */
export function withoutLane(state: BackfillState, lane: Lane, why: string): BackfillState {
  const { source, site, at, to } = lane;
  const totals = state.totals[source] ?? NO_TOTALS;
  return settle({
    ...state,
    lanes: state.lanes.filter(other => !isSameLane(other, lane)),
    missing: [...state.missing, { from: at, to, why, ...(site !== undefined && { wiki: site.wiki }) }],
    totals: { ...state.totals, [source]: { ...totals, done: totals.done + hoursIn({ from: at, to }) } },
  });
}

/** The state once the first hour of those to be rebuilt is taken. */
export function takeHour(state: BackfillState): { hour: Hour | undefined; state: BackfillState } {
  const [hour, ...toRebuild] = state.toRebuild;
  return { hour, state: { ...state, toRebuild } };
}

/** Moves hours that no lane of the present batch will touch any more to those that are rebuilt. */
function settle(state: BackfillState): BackfillState {
  const toRebuild = new Set(state.toRebuild);
  const touched = { ...state.touched };
  for (const source of BACKFILL_SOURCES) {
    const lanes = lanesOf(state, source);
    const batch = Math.min(...lanes.map(lane => lane.batch));
    const frontierMs = Math.min(
      ...lanes.filter(lane => lane.batch === batch).map(lane => Date.parse(lane.at)),
    );
    const isPassed = (hour: Hour): boolean => (hourStartMs(hour) ?? 0) + HOUR_MS <= frontierMs;
    for (const hour of touched[source].filter(isPassed)) toRebuild.add(hour);
    touched[source] = touched[source].filter(hour => !isPassed(hour));
  }
  return { ...state, touched, toRebuild: [...toRebuild].sort() };
}

/** Whether everything is read; hours may still have to be rebuilt. */
export function isAllRead({ lanes }: BackfillState): boolean {
  return lanes.length === 0;
}

/** Of a stretch in hours, a part of one counting as such. */
function hoursIn({ from, to }: Stretch): number {
  return Math.max(0, Date.parse(to) - Date.parse(from)) / HOUR_MS;
}

function wholeHour(at: string, from: string): string {
  return isoMs(Math.max(Date.parse(from), Math.floor(Date.parse(at) / HOUR_MS) * HOUR_MS));
}
