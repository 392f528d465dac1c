/**
 * ⑤⑥ Gold of an hour, from bronze alone: every part is read, each revision counts once, and the hour's rows are put in
 * the place of what gold has, in one transaction. Whatever was applied before, or is applied meanwhile, the rows are
 * those of bronze (invariants 2 and 6).
 */
import { Context } from '@temporalio/activity';
import { backfillSourceOf, backfillWikiOf, hasIds } from '../contracts/storage/object-keys.ts';
import { countDistinct } from '../core/minute-counts.ts';
import type { HourCounts, PartLines } from '../core/minute-counts.ts';
import { PipelineError } from '../contracts/errors.ts';
import { HOUR_MS, hourStartMs, isoMs } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import { openPart } from '../bronze/parts.ts';
import type { GoldSource } from '../contracts/storage/gold-source.ts';
import type { GoldWriter } from '../gold/gold-store.ts';
import { hoursWithParts, partsOfHour } from '../bronze/hour-parts.ts';
import type { HourParts } from '../bronze/hour-parts.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { toFailure } from '../activities/failure.ts';
import type { Note } from '../activities/heartbeat.ts';

export interface RebuildDeps {
  readonly store: ObjectStore;
  readonly gold: GoldWriter;
  readonly editTypes: ReadonlySet<string>;
  readonly latenessMs: number;
}

export interface RebuildHourInput {
  readonly hour: Hour;
  /** True when the watermark has passed the hour. */
  readonly isSealed: boolean;
}

/** What a rebuild found; also kept in `gold.hours`. */
export interface HourAudit {
  readonly hour: Hour;
  readonly parts: number;
  readonly events: number;
  readonly edits: number;
  readonly distinct: number;
  /** Edits whose revision another part, or another line, had before. */
  readonly duplicates: number;
  readonly late: number;
  readonly unusable: number;
  readonly rows: number;
  /** Rows that gold had otherwise, lacked, or had too many. */
  readonly changedRows: number;
  /** Gaps of the stream that reach into the hour. */
  readonly gaps: number;
  /** True when bronze no longer has all that was counted: only what a backfill brought was put in place. */
  readonly isPartial?: true;
  /** The stretch in which the stream was read, ISO 8601. */
  readonly covered?: readonly [from: string, to: string];
}

/** A part can be committed and applied while an hour is being counted: it is counted again then. */
const MAX_TRIES = 10;

/** Puts an hour's rows in place, counted from its parts. */
export async function rebuildHour(
  { hour, isSealed }: RebuildHourInput,
  deps: RebuildDeps,
  note: Note,
): Promise<HourAudit> {
  try {
    for (let tries = 1; ; tries += 1) {
      const parts = await partsOfHour(deps.store, hour);
      const outcome = await rebuildFrom(parts, hour, isSealed, deps, note);
      if (outcome.kind === 'replaced') return outcome.audit;
      const gone = await goneOf(outcome.uncounted, hour, deps.store);
      if (gone.length > 0) return await fillFrom(outcome, gone, deps);
      if (tries === MAX_TRIES)
        throw new Error(`${hour} got new parts at each of ${tries} tries to rebuild it`);
    }
  } catch (error) {
    throw toFailure(error);
  }
}

type Outcome =
  | { readonly kind: 'replaced'; readonly audit: HourAudit }
  | (Stale & { readonly kind: 'stale'; readonly uncounted: readonly string[] });

/** What was counted of an hour of which gold has more. */
interface Stale {
  readonly hour: Hour;
  readonly keys: readonly string[];
  readonly counts: HourCounts;
  readonly sources: readonly GoldSource[];
}

async function rebuildFrom(
  parts: HourParts,
  hour: Hour,
  isSealed: boolean,
  deps: RebuildDeps,
  note: Note,
): Promise<Outcome> {
  const { keys, readFromMs } = parts;
  const startMs = hourStartMs(hour) ?? 0;
  const endMs = startMs + HOUR_MS;
  const sources = new Map<string, GoldSource>();
  const counts = await countDistinct(
    open(keys, deps.store, sources, note),
    deps.editTypes,
    endMs + deps.latenessMs,
  );
  const covered =
    readFromMs === undefined || readFromMs >= endMs
      ? undefined
      : ([Math.max(startMs, readFromMs), Math.min(endMs, Date.now())] as const);
  const outcome = await deps.gold.replaceHour({
    hour,
    keys,
    counts,
    sources: [...sources.values()],
    isSealed,
    covered,
  });
  if (outcome.kind === 'stale') return { ...outcome, hour, keys, counts, sources: [...sources.values()] };
  const { changedRows, gaps } = outcome;
  const audit = { ...auditOf(hour, keys, counts, { changedRows, gaps }), ...coveredOf(covered) };
  return { kind: 'replaced', audit };
}

function auditOf(
  hour: Hour,
  keys: readonly string[],
  { rows, events, edits, distinct, late, unusable }: HourCounts,
  { changedRows, gaps }: Pick<HourAudit, 'changedRows' | 'gaps'>,
): HourAudit {
  return {
    hour,
    parts: keys.length,
    events,
    edits,
    distinct,
    duplicates: edits - distinct,
    late,
    unusable,
    rows: rows.length,
    changedRows,
    gaps,
  };
}

function coveredOf(covered: readonly [number, number] | undefined): Pick<HourAudit, 'covered'> {
  return covered === undefined ? {} : { covered: [isoMs(covered[0]), isoMs(covered[1])] };
}

/** Opens one part after the other, so that one is in memory at a time; notes where they came from. */
async function* open(
  keys: readonly string[],
  store: ObjectStore,
  sources: Map<string, GoldSource>,
  note: Note,
): AsyncGenerator<PartLines> {
  for (const [at, key] of keys.entries()) {
    note({ read: at, of: keys.length });
    Context.current().cancellationSignal.throwIfAborted();
    const { chunks, source } = await openPart(store, key);
    sources.set(source.url, source);
    yield { chunks, needsId: hasIds(key) };
  }
}

/** Parts that gold has and that were not counted are new, or gone from bronze: those that are gone. */
async function goneOf(uncounted: readonly string[], hour: Hour, store: ObjectStore): Promise<string[]> {
  const { keys } = await partsOfHour(store, hour);
  const there = new Set(keys);
  return uncounted.filter(key => !there.has(key));
}

/**
 * What bronze no longer holds cannot be rebuilt: the rows stay as they are, but for what a backfill brought of
 * stretches in which the stream was not read.
 * @throws PipelineError `bronze_expired` where no backfill brought anything
 */
async function fillFrom(
  { hour, keys, counts, sources }: Stale,
  gone: readonly string[],
  { gold }: RebuildDeps,
): Promise<HourAudit> {
  const backfilled = keys.filter(key => backfillSourceOf(key) !== undefined);
  if (backfilled.length === 0) throw expired(hour, gone);
  const isOfAll = backfilled.some(key => backfillWikiOf(key) === undefined);
  const wikis = isOfAll
    ? counts.rows.map(row => row.wiki)
    : backfilled.flatMap(key => backfillWikiOf(key) ?? []);
  const changedRows = await gold.fillHour({
    hour,
    keys,
    rows: counts.rows,
    wikis: [...new Set(wikis)],
    areRowsExact: keys.every(key => backfillSourceOf(key) !== 'dump'),
    sources,
  });
  return { ...auditOf(hour, keys, counts, { changedRows, gaps: 0 }), isPartial: true };
}

function expired(hour: Hour, gone: readonly string[]): PipelineError {
  return new PipelineError(
    `bronze no longer holds ${gone.length} parts of ${hour} that were counted, such as ${gone[0]}`,
    {
      code: 'bronze_expired',
      op: 'rebuild hour',
      subject: hour,
      retryable: false,
      hint: 'The rows of the hour stay as they are; what bronze no longer holds is not rebuilt. A backfill adds what is missing.',
    },
  );
}

export interface ListHoursInput {
  /** ISO 8601; hours that begin in [from, to). */
  readonly from: string;
  readonly to: string;
}

/** The hours of a range that bronze has anything of. */
export async function listHours(
  { from, to }: ListHoursInput,
  { store }: Pick<RebuildDeps, 'store'>,
): Promise<{ hours: Hour[] }> {
  try {
    return { hours: await hoursWithParts(store, Date.parse(from), Date.parse(to)) };
  } catch (error) {
    throw toFailure(error);
  }
}

/** Makes the schema where it is missing, as after a drop. */
export async function prepareGold(gold: Pick<GoldWriter, 'prepare'>): Promise<void> {
  try {
    await gold.prepare();
  } catch (error) {
    throw toFailure(error);
  }
}
