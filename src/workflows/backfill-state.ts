/**
 * What a backfill has left to do: its readers, and the hours to rebuild once every reader has passed them. A reader takes
 * one range from one source: of all wikis from the stream, of one wiki from the API or the dumps. Pure, and plain JSON,
 * because the next run of the chain continues with it. Serialised fields keep their names: `lanes` are the readers,
 * `stretches` are ranges.
 */
import { BACKFILL_SOURCES } from '../core/backfill.ts';
import type { BackfillSource, Covered, MissingStretch, PlannedStretch, Stretch } from '../core/backfill.ts';
import { HOUR_MS, floorHourMs, hourStartMs, isoMs } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import type { BackfillPlan, Site, StepResult } from '../contracts/temporal/backfill.ts';

/** Reads one range from one source. */
export interface Reader extends Stretch {
  readonly source: BackfillSource;
  /** Absent for the stream. */
  readonly site?: Site;
  /** Batches are read one after the other; hours that a whole batch has passed are rebuilt. */
  readonly batch: number;
  /** ISO 8601: everything before it is stored. */
  readonly at: string;
  readonly position?: unknown;
  readonly rows: number;
  /** Why it failed; a reader is retried once at the end. */
  readonly trouble?: string;
}

/** A window that could not be read. */
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
  /** The fewest requests with which the same rows can be read. */
  readonly leastRequests: number;
  /** Hours of all readers: read so far, and in total. */
  readonly done: number;
  readonly total: number;
}

export interface Rebuilt {
  readonly hours: number;
  /** Edits in the hours that were rebuilt, distinct by revision. */
  readonly edits: number;
  readonly changedRows: number;
}

/** The whole state, with which the next run continues. */
export interface BackfillState {
  readonly startedAt: string;
  readonly plan: BackfillPlan;
  readonly lanes: readonly Reader[];
  /** Hours with new rows that some reader has yet to pass. */
  readonly touched: Readonly<Record<BackfillSource, readonly Hour[]>>;
  /** Hours with new rows that every reader has passed. */
  readonly toRebuild: readonly Hour[];
  readonly stretches: readonly PlannedStretch[];
  readonly missing: readonly MissingStretch[];
  readonly failed: readonly FailedWindow[];
  readonly totals: Readonly<Partial<Record<BackfillSource, SourceTotals>>>;
  readonly rebuilt: Rebuilt;
  /** Coverage that is recorded while more is read. */
  readonly recorded?: readonly Covered[];
}

/** Most rows in one response of the API. */
const PAGE = 500;
/** An hour is rebuilt about this often, whatever the number of wikis. */
const BATCHES = 10;
/** Failed readers come after all others. */
const LAST_BATCH = Number.MAX_SAFE_INTEGER;
const CANCELED = 'canceled before it was read';
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

/** The initial state. @param concurrency wikis that are read at once */
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
  return plan.stretches.reduce((sum, range) => withRange(sum, range, concurrency), state);
}

/** The state with the readers of one more range. */
export function withRange(state: BackfillState, range: PlannedStretch, concurrency: number): BackfillState {
  const { source, from, to } = range;
  const sites = source === 'stream' ? [undefined] : state.plan.sites;
  // Ranges are read one after the other, so a range that is added later does not delay the present one.
  const first = Math.max(
    0,
    ...readersOf(state, source).map(reader => (reader.batch === LAST_BATCH ? 0 : reader.batch + 1)),
  );
  const readers = batchesOf(sites, concurrency).flatMap((batch, i) =>
    batch.map((site): Reader => ({
      source,
      ...(site !== undefined && { site }),
      batch: first + i,
      from,
      to,
      at: from,
      rows: 0,
    })),
  );
  const totals = state.totals[source] ?? NO_TOTALS;
  return {
    ...state,
    lanes: [...state.lanes, ...readers],
    stretches: [...state.stretches, range],
    totals: {
      ...state.totals,
      [source]: { ...totals, total: totals.total + readers.length * hoursIn(range) },
    },
  };
}

/** The batches in which the wikis of a range are read. */
export function batchesOf<T>(sites: readonly T[], concurrency: number): T[][] {
  const perBatch = Math.max(concurrency, Math.ceil(sites.length / BATCHES));
  return Array.from({ length: Math.ceil(sites.length / perBatch) }, (_, i) =>
    sites.slice(i * perBatch, (i + 1) * perBatch),
  );
}

/** Readers of a source that are not done. */
function readersOf({ lanes }: BackfillState, source: BackfillSource): Reader[] {
  return lanes.filter(reader => reader.source === source);
}

/** The next reader of a source's current batch that is not busy. */
export function nextReader(
  state: BackfillState,
  source: BackfillSource,
  isBusy: (reader: Reader) => boolean,
): Reader | undefined {
  const readers = readersOf(state, source);
  const batch = Math.min(...readers.map(reader => reader.batch));
  return readers.find(reader => reader.batch === batch && !isBusy(reader));
}

/** Whether two values are the same reader, at different moments. */
export function isSameReader(a: Reader, b: Reader): boolean {
  return a.source === b.source && a.site?.wiki === b.site?.wiki && a.from === b.from;
}

/** The state after a reader's step. */
export function withStep(state: BackfillState, reader: Reader, step: StepResult): BackfillState {
  const { source } = reader;
  const { position: _, ...rest } = reader;
  const moved: Reader = {
    ...rest,
    at: step.at < reader.to ? step.at : reader.to,
    rows: reader.rows + step.rows,
    ...(step.position !== undefined && { position: step.position }),
  };
  const isDone = moved.at >= reader.to && step.position === undefined;
  const before = state.totals[source] ?? NO_TOTALS;
  const totals: SourceTotals = {
    rows: before.rows + step.rows,
    known: before.known + step.known,
    unusable: before.unusable + step.unusable,
    bytes: before.bytes + step.bytes,
    requests: before.requests + step.requests,
    leastRequests:
      before.leastRequests + (source === 'api' && isDone ? Math.max(1, Math.ceil(moved.rows / PAGE)) : 0),
    done: before.done + hoursIn({ from: reader.at, to: moved.at }),
    total: before.total,
  };
  return settle({
    ...state,
    lanes: state.lanes.flatMap(other => (!isSameReader(other, reader) ? [other] : isDone ? [] : [moved])),
    touched: { ...state.touched, [source]: [...new Set([...state.touched[source], ...step.hours])] },
    totals: { ...state.totals, [source]: totals },
  });
}

/** The state after a reader has failed: it is retried once at the end, then given up. */
export function withFailedReader(state: BackfillState, reader: Reader, reason: string): BackfillState {
  const { position: _, ...rest } = reader;
  if (reader.trouble === undefined) {
    const again: Reader = {
      ...rest,
      at: wholeHour(reader.at, reader.from),
      batch: LAST_BATCH,
      trouble: reason,
    };
    return settle({
      ...state,
      lanes: state.lanes.map(other => (isSameReader(other, reader) ? again : other)),
    });
  }
  const { source, site, at, to } = reader;
  const failed: FailedWindow = {
    source,
    ...(site !== undefined && { wiki: site.wiki }),
    from: at,
    to,
    reason,
  };
  return settle({
    ...state,
    lanes: state.lanes.filter(other => !isSameReader(other, reader)),
    failed: [...state.failed, failed],
  });
}

/** The state without a reader whose source has nothing for it. */
export function withoutReader(state: BackfillState, reader: Reader, why: string): BackfillState {
  const { source, site, at, to } = reader;
  const totals = state.totals[source] ?? NO_TOTALS;
  return settle({
    ...state,
    lanes: state.lanes.filter(other => !isSameReader(other, reader)),
    missing: [...state.missing, { from: at, to, why, ...(site !== undefined && { wiki: site.wiki }) }],
    totals: { ...state.totals, [source]: { ...totals, done: totals.done + hoursIn({ from: at, to }) } },
  });
}

/**
 * The state of a backfill that is canceled: nothing more is read, and every hour with new rows is rebuilt.
 * @param alsoStored hours that may have rows which no step has reported
 */
export function withoutRest(state: BackfillState, alsoStored: readonly Hour[]): BackfillState {
  const hours = [...state.toRebuild, ...Object.values(state.touched).flat(), ...alsoStored];
  const unread = state.lanes.map(({ source, site, from, at, to }): FailedWindow => ({
    source,
    ...(site !== undefined && { wiki: site.wiki }),
    from: wholeHour(at, from),
    to,
    reason: CANCELED,
  }));
  return {
    ...state,
    lanes: [],
    touched: { stream: [], api: [], dump: [] },
    toRebuild: [...new Set(hours)].sort(),
    failed: [...state.failed, ...unread],
  };
}

/** The state with an hour that could not be rebuilt. */
export function withFailedHour(state: BackfillState, hour: Hour, why: string): BackfillState {
  const fromMs = hourStartMs(hour) ?? 0;
  const window = { source: 'stream' as const, from: isoMs(fromMs), to: isoMs(fromMs + HOUR_MS) };
  return { ...state, failed: [...state.failed, { ...window, reason: `not rebuilt: ${why}` }] };
}

/** The next hour to rebuild, and the state without it. */
export function takeHour(state: BackfillState): { hour: Hour | undefined; state: BackfillState } {
  const [hour, ...toRebuild] = state.toRebuild;
  return { hour, state: { ...state, toRebuild } };
}

/** Moves hours that every reader of the current batch has passed to those that are rebuilt. */
function settle(state: BackfillState): BackfillState {
  const toRebuild = new Set(state.toRebuild);
  const touched = { ...state.touched };
  for (const source of BACKFILL_SOURCES) {
    const readers = readersOf(state, source);
    const batch = Math.min(...readers.map(reader => reader.batch));
    const frontierMs = Math.min(
      ...readers.filter(reader => reader.batch === batch).map(reader => Date.parse(reader.at)),
    );
    const isPassed = (hour: Hour): boolean => (hourStartMs(hour) ?? 0) + HOUR_MS <= frontierMs;
    for (const hour of touched[source].filter(isPassed)) toRebuild.add(hour);
    touched[source] = touched[source].filter(hour => !isPassed(hour));
  }
  return { ...state, touched, toRebuild: [...toRebuild].sort() };
}

/** Whether everything is read; hours may still wait to be rebuilt. */
export function isAllRead({ lanes }: BackfillState): boolean {
  return lanes.length === 0;
}

/** Length of a range in hours, with fractions. */
function hoursIn({ from, to }: Stretch): number {
  return Math.max(0, Date.parse(to) - Date.parse(from)) / HOUR_MS;
}

function wholeHour(at: string, from: string): string {
  return isoMs(Math.max(Date.parse(from), floorHourMs(Date.parse(at))));
}
