/**
 * ⑤⑥ Rebuilds gold of an hour from bronze alone: counts all its parts, each revision once, and replaces the hour's rows
 * in one transaction. Parts applied before or meanwhile do not matter: the rows are those of bronze (invariants 2
 * and 6).
 */
import { flushOfKey, hourOfPartKey, hourPrefix, isForeignKey } from '../contracts/storage/object-keys.ts';
import { partsOfHour } from '../bronze/hour-parts.ts';
import type { HourParts } from '../bronze/hour-parts.ts';
import { listKeys } from '../store/list-keys.ts';
import type { StreamDefinition } from '../contracts/stream-definition.ts';
import type { HourAudit, RebuildHourInput, RebuildProgress } from '../contracts/temporal/transform.ts';
import { HOUR_MS, hourStartMs, isoMs, isoSeconds } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import type { GoldReader, GoldWriter } from '../gold/gold-store.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { countHourParts } from './count-hour-parts.ts';
import type { CountedHour } from './count-hour-parts.ts';
import { foreignLinesOf } from './foreign-lines.ts';
import type { ForeignLines } from './foreign-lines.ts';
import { fillHour } from './fill-hour.ts';
import { readPartOf } from './read-part.ts';
import { auditOf } from './hour-audit.ts';

export interface RebuildDeps {
  readonly store: ObjectStore;
  readonly gold: Pick<GoldWriter, 'replaceHour' | 'fillHour' | 'appliedForeign' | 'unapplied'> &
    Pick<GoldReader, 'reads'>;
  readonly definition: StreamDefinition;
  readonly latenessMs: number;
}

export interface RebuildHost {
  /** Cancels the rebuild between two parts. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RebuildProgress) => void;
}

/** A part can be committed and applied while an hour is being counted; the hour is then counted again. */
const MAX_TRIES = 10;

/**
 * Counts an hour's parts and replaces its rows.
 * @throws PipelineError `bronze_expired` when counted parts have been deleted and no backfill can fill in
 */
export async function rebuildHour(
  input: RebuildHourInput,
  deps: RebuildDeps,
  host: RebuildHost,
): Promise<HourAudit> {
  const { hour, isSealed, recount } = input;
  if (recount === undefined) return rebuildOurs(input, [], deps, host);
  for (let tries = 1; ; tries += 1) {
    const foreign = await foreignLinesOf(hour, recount, deps, host.signal);
    if (foreign.keys.length === 0 || foreign.missing.length > 0)
      return rebuildOurs(input, foreign.missing, deps, host);
    const parts = await partsOfHour(deps.store, deps.definition.logKeys, hour);
    const outcome = await replaceFrom(parts, { hour, isSealed, foreign, kept: [] }, deps, host);
    if (outcome.kind === 'replaced') return outcome.audit;
    // One of ours may have come since. Without one of the others the older rows stay.
    const listed = new Set(await listKeys(deps.store, hourPrefix(hour)));
    const isLost = outcome.uncounted.some(key => isForeignKey(key) || !listed.has(key));
    if (isLost || tries === MAX_TRIES)
      return rebuildOurs(input, outcome.uncounted.filter(isForeignKey), deps, host);
  }
}

/** Counts our own parts; rows of an older project stay. @param missing parts of that project that are known to be gone */
async function rebuildOurs(
  { hour, isSealed }: RebuildHourInput,
  missing: readonly string[],
  deps: RebuildDeps,
  host: RebuildHost,
): Promise<HourAudit> {
  const foreign = new Set<string>(missing);
  for (let tries = 1; ; tries += 1) {
    const parts = await partsOfHour(deps.store, deps.definition.logKeys, hour);
    const outcome = await rebuildFrom(parts, hour, isSealed, foreign, deps, host);
    if (outcome.kind === 'replaced') return outcome.audit;
    const deletedKeys = await deletedOf(outcome.uncounted, hour, deps);
    if (deletedKeys.length > 0) return await fillHour(hour, outcome.counted, deletedKeys, deps.gold);
    if (tries === MAX_TRIES)
      throw new Error(`${hour} got new parts during each of ${tries} tries to rebuild it`);
  }
}

type Outcome =
  | { readonly kind: 'replaced'; readonly audit: HourAudit }
  /** Gold has parts that were not counted: nothing was changed. */
  | { readonly kind: 'stale'; readonly counted: CountedHour; readonly uncounted: readonly string[] };

/** Replaces the hour; while gold has more parts of an older project than we know of, once more with those kept. */
async function rebuildFrom(
  parts: HourParts,
  hour: Hour,
  isSealed: boolean,
  /** Parts of an older project in gold's ledger; grows as they are found. */
  kept: Set<string>,
  deps: RebuildDeps,
  host: RebuildHost,
): Promise<Outcome> {
  const counted = await countParts(parts.keys, hour, deps, host);
  for (;;) {
    const outcome = await replaceWith(counted, parts, { hour, isSealed, kept: [...kept] }, deps);
    if (outcome.kind === 'replaced') return outcome;
    const ours = outcome.uncounted.filter(key => !isForeignKey(key));
    for (const key of outcome.uncounted) if (isForeignKey(key)) kept.add(key);
    if (ours.length > 0) return { ...outcome, uncounted: ours };
  }
}

interface Replacing {
  readonly hour: Hour;
  readonly isSealed: boolean;
  /** Lines of an older project that are counted too. */
  readonly foreign?: ForeignLines;
  /** Parts of that project that are not. */
  readonly kept: readonly string[];
}

async function replaceFrom(
  parts: HourParts,
  replacing: Replacing,
  deps: RebuildDeps,
  host: RebuildHost,
): Promise<Outcome> {
  const keys = [...parts.keys, ...(replacing.foreign?.keys ?? [])];
  return replaceWith(await countParts(keys, replacing.hour, deps, host), parts, replacing, deps);
}

/**
 * A part of the stream is visible before it is added to gold, so the rebuild may come first. What such a part adds is
 * counted separately: it is new, and corrects nothing. Parts of backfills and replays are never added, they do correct.
 */
async function countParts(
  keys: readonly string[],
  hour: Hour,
  { store, gold, definition, latenessMs }: RebuildDeps,
  { signal, onProgress }: RebuildHost,
): Promise<CountedHour> {
  const lateAfterMs = (hourStartMs(hour) ?? 0) + HOUR_MS + latenessMs;
  const ofStream = keys.filter(key => flushOfKey(key) !== undefined && hourOfPartKey(key) === hour);
  const pending = await gold.unapplied(ofStream);
  return countHourParts({ keys }, { hour, store, definition, lateAfterMs, pending, signal, onProgress });
}

async function replaceWith(
  counted: CountedHour,
  { readFromMs }: HourParts,
  { hour, isSealed, foreign, kept }: Replacing,
  { gold }: RebuildDeps,
): Promise<Outcome> {
  const startSec = (hourStartMs(hour) ?? 0) / 1000;
  const reads = await gold.reads(startSec, startSec + HOUR_MS / 1000);
  const nowMs = Date.now();
  const covered = readPartOf(hour, readFromMs, reads, nowMs);
  const outcome = await gold.replaceHour({
    ...counted,
    hour,
    content: { at: isoMs(nowMs), ...counted.content },
    // Parts of earlier hours are in the ledger of theirs.
    keys: counted.keys.filter(key => hourOfPartKey(key) === hour),
    isSealed,
    covered,
    uncountedForeign: kept,
    ...(foreign !== undefined && { recountedTo: foreign.to }),
  });
  if (outcome.kind === 'stale') return { ...outcome, counted };
  const audit = {
    ...auditOf(hour, counted, outcome),
    ...isoRange(covered),
    ...keptRows(outcome.keptBefore, kept.length),
    ...(foreign !== undefined && { foreignParts: foreign.keys.length }),
  };
  return { kind: 'replaced', audit };
}

function keptRows(
  keptBefore: number | undefined,
  keptParts: number,
): Pick<HourAudit, 'keptBefore' | 'keptParts'> {
  return keptBefore === undefined ? {} : { keptBefore: isoSeconds(keptBefore), keptParts };
}

function isoRange(covered: readonly [number, number] | undefined): Pick<HourAudit, 'covered'> {
  return covered === undefined ? {} : { covered: [isoMs(covered[0]), isoMs(covered[1])] };
}

/** Uncounted parts are either new or deleted from bronze; returns the deleted ones. */
async function deletedOf(
  uncounted: readonly string[],
  hour: Hour,
  { store, definition }: RebuildDeps,
): Promise<string[]> {
  const { keys } = await partsOfHour(store, definition.logKeys, hour);
  const present = new Set(keys);
  return uncounted.filter(key => !present.has(key));
}
