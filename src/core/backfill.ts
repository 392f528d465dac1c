/**
 * The vocabulary of a backfill: its sources and the time range each one has, the plan that assigns every hour of a
 * range to one source, and the coverage that records what was fetched.
 */
import { ceilHourMs, isoMs } from './time.ts';

/**
 * `stream`: EventStreams again, all wikis in one pass. `api`: the Action API, one wiki at a time. `dump`: the
 * mediawiki_history dumps, whose bot flag is that of the account, not of the edit.
 */
export type BackfillSource = 'stream' | 'api' | 'dump';

/** Best first: the order in which they win when several have the same revision, and in which sources are tried by default. */
export const BACKFILL_SOURCES = ['stream', 'api', 'dump'] as const satisfies readonly BackfillSource[];

/** A range of time, [from, to), ISO 8601. */
export interface Stretch {
  readonly from: string;
  readonly to: string;
}

/** A range and the source that provides it. */
export interface PlannedStretch extends Stretch {
  readonly source: BackfillSource;
}

/** A range that no source provides, and why. */
export interface MissingStretch extends Stretch {
  readonly why: string;
  /** Absent when it is missing for all wikis. */
  readonly wiki?: string;
}

/** The range that a source can provide, [fromMs, toMs), epoch ms. */
export interface Reach {
  readonly fromMs: number;
  readonly toMs: number;
}

export type Reaches = Readonly<Partial<Record<BackfillSource, Reach>>>;

/**
 * Assigns each hour of a range to the first source that has it; sources that `reaches` leaves out are not used.
 * @param order in which sources are tried
 */
export function planStretches(
  { from, to }: Stretch,
  reaches: Reaches,
  order: readonly BackfillSource[] = BACKFILL_SOURCES,
): { stretches: PlannedStretch[]; missing: Stretch[] } {
  const stretches: PlannedStretch[] = [];
  let left: Reach[] = [{ fromMs: Date.parse(from), toMs: Date.parse(to) }];
  for (const source of order) {
    const reach = reaches[source];
    if (reach === undefined) continue;
    // Whole hours only: with two sources in one hour, each minute would need to record its own.
    const whole = { fromMs: ceilHourMs(reach.fromMs), toMs: reach.toMs };
    const next: Reach[] = [];
    for (const range of left) {
      const taken = intersection(range, whole);
      if (taken === undefined) {
        next.push(range);
        continue;
      }
      stretches.push({ source, ...isoStretch(taken) });
      next.push(...difference(range, taken));
    }
    left = next;
  }
  const byTime = (a: Stretch, b: Stretch): number => (a.from < b.from ? -1 : 1);
  return { stretches: stretches.sort(byTime), missing: left.map(isoStretch).sort(byTime) };
}

/** A range that a backfill has fetched completely. */
export interface Coverage extends Stretch {
  /** The same for the same range, source and wikis. */
  readonly id: string;
  readonly source: BackfillSource;
  /** Absent: every wiki that the installation keeps. */
  readonly wikis?: readonly string[];
}

export type Covered = Omit<Coverage, 'id'>;

/**
 * Joins ranges that overlap or touch, of the same source and the same wikis, and drops those that another one of more
 * wikis contains; by start.
 */
export function joinCoverage<T extends Covered>(ranges: readonly T[]): T[] {
  const joined = new Map<string, T[]>();
  for (const range of [...ranges].sort(byStart)) {
    const key = `${range.source} ${range.wikis === undefined ? '' : [...range.wikis].sort().join()}`;
    const known = joined.get(key) ?? [];
    joined.set(key, known);
    const last = known.at(-1);
    if (last === undefined || last.to < range.from) known.push(range);
    else if (last.to < range.to) known[known.length - 1] = { ...last, to: range.to };
  }
  const all = [...joined.values()].flat();
  return all.filter(range => !all.some(other => other !== range && contains(other, range))).sort(byStart);
}

function contains(outer: Covered, inner: Covered): boolean {
  if (outer.source !== inner.source || outer.from > inner.from || outer.to < inner.to) return false;
  if (outer.wikis === undefined) return true;
  const names = new Set(outer.wikis);
  return inner.wikis?.every(wiki => names.has(wiki)) === true;
}

function byStart(a: Stretch, b: Stretch): number {
  return a.from < b.from ? -1 : a.from > b.from ? 1 : 0;
}

/** What of a source is read, and what there is, in the same unit. */
export interface Portion {
  readonly done: number;
  readonly total: number;
}

/**
 * How much longer a backfill takes, ms, judged by what it has read so far; infinite while a source has read nothing. The
 * sources are read side by side, so the slowest one decides.
 */
export function msLeft(portions: readonly Portion[], elapsedMs: number): number {
  return Math.max(
    0,
    ...portions.map(({ done, total }) => (total <= done ? 0 : (elapsedMs * (total - done)) / done)),
  );
}

/** What is left of a range after subtracting others. */
export function without(range: Stretch, others: readonly Stretch[]): Stretch[] {
  let left: Reach[] = [msOf(range)];
  for (const other of others.map(msOf)) {
    left = left.flatMap(piece => {
      const taken = intersection(piece, other);
      return taken === undefined ? [piece] : difference(piece, taken);
    });
  }
  return left.map(isoStretch);
}

function msOf({ from, to }: Stretch): Reach {
  return { fromMs: Date.parse(from), toMs: Date.parse(to) };
}

function isoStretch({ fromMs, toMs }: Reach): Stretch {
  return { from: isoMs(fromMs), to: isoMs(toMs) };
}

function intersection(a: Reach, b: Reach): Reach | undefined {
  const fromMs = Math.max(a.fromMs, b.fromMs);
  const toMs = Math.min(a.toMs, b.toMs);
  return fromMs < toMs ? { fromMs, toMs } : undefined;
}

/** @param taken is within `whole` */
function difference(whole: Reach, taken: Reach): Reach[] {
  return [
    { fromMs: whole.fromMs, toMs: taken.fromMs },
    { fromMs: taken.toMs, toMs: whole.toMs },
  ].filter(({ fromMs, toMs }) => fromMs < toMs);
}
