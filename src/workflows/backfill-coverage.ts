/**
 * Which ranges a backfill has filled, so that they close gaps: fetched completely, for the wikis that are named, and
 * rebuilt. Pure.
 */
import { without } from '../core/backfill.ts';
import type { Covered, PlannedStretch, Stretch } from '../core/backfill.ts';
import { HOUR_MS, floorHourMs, hourStartMs, isoMs } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import { batchesOf } from './backfill-state.ts';
import type { BackfillState, Reader } from './backfill-state.ts';

/** Of a range, as long as hours wait to be rebuilt. */
const MOST_RECORDS = 100;

/** A range that is not covered. */
interface Incomplete extends Stretch {
  /** Absent: for all wikis. */
  readonly wiki?: string;
}

/** The wikis of a range. */
interface Names {
  /** What coverage says when all of them are covered; absent: every wiki that the installation keeps. */
  readonly named: readonly string[] | undefined;
  readonly all: readonly string[];
}

/** What is covered once nothing more is read. */
export function coverageOf(state: BackfillState): Covered[] {
  const incomplete = [...state.failed, ...state.missing];
  return state.stretches.flatMap(stretch =>
    ownPartOf(stretch, state).flatMap(piece => coverageIn(piece, namesIn(state), incomplete)),
  );
}

/**
 * What is covered while more is read, except for what `recorded` has. The wikis of a batch are covered together, up to
 * the slowest of them, and a batch among many less often: so there are never more records than hours.
 * @param rebuilding hours under way
 */
export function coverageSoFar(
  state: BackfillState,
  recorded: readonly Covered[],
  { concurrency, rebuilding }: { concurrency: number; rebuilding: readonly Hour[] },
): Covered[] {
  const waiting = [...Object.values(state.touched).flat(), ...state.toRebuild, ...rebuilding];
  // Then the records would be in the way of the hours.
  const isBehind = state.toRebuild.length + rebuilding.length > 0;
  const waitingMs = waiting.map(hour => hourStartMs(hour) ?? 0);
  return state.stretches.flatMap(stretch => {
    const batches = stretch.source === 'stream' ? [[]] : batchesOf(state.plan.sites, concurrency);
    return batches.flatMap(sites => {
      const wikis = sites.map(({ wiki }) => wiki);
      const names: Names = batches.length === 1 ? namesIn(state) : { named: wikis, all: wikis };
      const readers = readersOf(state, stretch, new Set(wikis));
      const endMs = Math.min(
        Date.parse(stretch.to),
        ...readers.filter(({ trouble }) => trouble === undefined).map(readToMs),
        ...waitingMs.filter(ms => ms + HOUR_MS > Date.parse(stretch.from)),
      );
      if (endMs <= Date.parse(stretch.from)) return [];
      const to = isoMs(endMs);
      // One that is retried at the end does not hold up the others.
      const retried = readers
        .filter(({ trouble }) => trouble !== undefined)
        .map(reader => ({ from: isoMs(readToMs(reader)), to: reader.to, ...wikiOf(reader) }));
      const covered = ownPartOf({ ...stretch, to }, state)
        .flatMap(piece => coverageIn(piece, names, [...state.failed, ...state.missing, ...retried]))
        .flatMap(piece => withoutRecorded(piece, recorded));
      const least = Math.max(batches.length, isBehind ? hoursIn([stretch]) / MOST_RECORDS : 0);
      return to === stretch.to || hoursIn(covered) >= least ? covered : [];
    });
  });
}

function namesIn({ plan }: BackfillState): Names {
  return { named: plan.wikis, all: plan.sites.map(({ wiki }) => wiki) };
}

/** Readers of a range that are not done. @param wikis of one batch; empty for the stream */
function readersOf(
  { lanes }: BackfillState,
  { source, from, to }: PlannedStretch,
  wikis: ReadonlySet<string>,
): Reader[] {
  return lanes.filter(
    reader =>
      reader.source === source &&
      reader.from < to &&
      reader.to > from &&
      (reader.site === undefined || wikis.has(reader.site.wiki)),
  );
}

/** Whole hours only: what an hour has from its reader is counted at its end. */
function readToMs({ at }: Reader): number {
  return floorHourMs(Date.parse(at));
}

function wikiOf({ site }: Reader): { wiki?: string } {
  return site === undefined ? {} : { wiki: site.wiki };
}

/** Without the hours that another source was asked for, because the stream no longer has their beginning. */
function ownPartOf(stretch: PlannedStretch, { stretches }: BackfillState): PlannedStretch[] {
  const { source } = stretch;
  if (source !== 'stream') return [stretch];
  const others = stretches.filter(other => other.source !== source);
  return without(stretch, others).map(piece => ({ source, ...piece }));
}

function coverageIn(
  { source, ...range }: PlannedStretch,
  { named, all }: Names,
  incomplete: readonly Incomplete[],
): Covered[] {
  const ofAll = incomplete.filter(({ wiki }) => wiki === undefined);
  const ofSome = incomplete
    .filter(({ wiki, from, to }) => wiki !== undefined && from < range.to && to > range.from)
    .map(each => ({ ...each, from: isoMs(floorHourMs(Date.parse(each.from))) }));
  const covered = (pieces: readonly Stretch[], wikis: readonly string[] | undefined): Covered[] =>
    pieces.map(piece => ({ source, ...piece, ...(wikis !== undefined && { wikis }) }));
  // The stream is read for all wikis at once.
  if (source === 'stream' || ofSome.length === 0) return covered(without(range, ofAll), named);
  const behind = new Set(ofSome.map(({ wiki }) => wiki));
  const groups = new Map<string, { pieces: Stretch[]; wikis: string[] }>();
  for (const wiki of all) {
    const own = behind.has(wiki) ? ofSome.filter(each => each.wiki === wiki) : [];
    const pieces = without(range, [...ofAll, ...own]);
    const key = JSON.stringify(pieces);
    const group = groups.get(key) ?? { pieces, wikis: [] };
    group.wikis.push(wiki);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ pieces, wikis }) => covered(pieces, wikis));
}

function withoutRecorded({ source, wikis, ...range }: Covered, recorded: readonly Covered[]): Covered[] {
  const same = recorded.filter(other => {
    if (other.source !== source) return false;
    if (other.wikis === undefined) return true;
    const has = new Set(other.wikis);
    return wikis?.every(wiki => has.has(wiki)) === true;
  });
  return without(range, same).map(piece => ({ source, ...piece, ...(wikis !== undefined && { wikis }) }));
}

function hoursIn(covered: readonly Stretch[]): number {
  return covered.reduce((sum, { from, to }) => sum + (Date.parse(to) - Date.parse(from)) / HOUR_MS, 0);
}
