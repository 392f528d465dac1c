/**
 * What a backfill is made of: sources and how far each reaches, the plan that gives every part of a range its source,
 * and the record of what was brought. Pure.
 */
import { HOUR_MS, isoMs } from './time.ts';

/**
 * `stream`: EventStreams again, all wikis in one pass. `api`: the Action API, one wiki at a time. `dump`: the
 * mediawiki_history dumps, in which the bot flag is the account's.
 */
export type BackfillSource = 'stream' | 'api' | 'dump';

/** The best first: the order in which they are asked, and in which a revision counts. */
export const BACKFILL_SOURCES = ['stream', 'api', 'dump'] as const satisfies readonly BackfillSource[];

/** Instants in [from, to), ISO 8601. */
export interface Stretch {
  readonly from: string;
  readonly to: string;
}

/** A part of a range, and who gives it. */
export interface PlannedStretch extends Stretch {
  readonly source: BackfillSource;
}

/** What nobody gives, and why. */
export interface MissingStretch extends Stretch {
  readonly why: string;
  /** Absent where it is missing for all wikis. */
  readonly wiki?: string;
}

/** Instants in [fromMs, toMs) that a source can give. */
export interface Reach {
  readonly fromMs: number;
  readonly toMs: number;
}

export type Reaches = Readonly<Partial<Record<BackfillSource, Reach>>>;

/** Gives each hour of a range to the best source that reaches it; sources without a reach are not asked. */
export function planStretches(
  { from, to }: Stretch,
  reaches: Reaches,
): { stretches: PlannedStretch[]; missing: Stretch[] } {
  const stretches: PlannedStretch[] = [];
  let left: Reach[] = [{ fromMs: Date.parse(from), toMs: Date.parse(to) }];
  for (const source of BACKFILL_SOURCES) {
    const reach = reaches[source];
    if (reach === undefined) continue;
    // Whole hours: two sources of one hour would have to be told apart minute by minute.
    const whole = { fromMs: ceilHour(reach.fromMs), toMs: reach.toMs };
    const next: Reach[] = [];
    for (const stretch of left) {
      const taken = intersection(stretch, whole);
      if (taken === undefined) {
        next.push(stretch);
        continue;
      }
      stretches.push({ source, ...isoStretch(taken) });
      next.push(...difference(stretch, taken));
    }
    left = next;
  }
  const byTime = (a: Stretch, b: Stretch): number => (a.from < b.from ? -1 : 1);
  return { stretches: stretches.sort(byTime), missing: left.map(isoStretch).sort(byTime) };
}

/** What a backfill has brought of a stretch: nothing of it is missing any more. */
export interface Coverage extends Stretch {
  /** The same for the same stretch, source and wikis. */
  readonly id: string;
  readonly source: BackfillSource;
  /** Absent: all that the installation keeps. */
  readonly wikis?: readonly string[];
}

/** What is left of a stretch once others are taken from it. */
export function without(stretch: Stretch, others: readonly Stretch[]): Stretch[] {
  let left: Reach[] = [msOf(stretch)];
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

/** @param taken lies within `whole` */
function difference(whole: Reach, taken: Reach): Reach[] {
  return [
    { fromMs: whole.fromMs, toMs: taken.fromMs },
    { fromMs: taken.toMs, toMs: whole.toMs },
  ].filter(({ fromMs, toMs }) => fromMs < toMs);
}

function ceilHour(ms: number): number {
  return Math.ceil(ms / HOUR_MS) * HOUR_MS;
}
