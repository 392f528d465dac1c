/**
 * ⑤⑥ Rebuilds gold of an hour from bronze alone: counts all its parts, each revision once, and replaces the hour's rows
 * in one transaction. Parts applied before or meanwhile do not matter: the rows are those of bronze (invariants 2
 * and 6).
 */
import { isForeignKey } from '../contracts/storage/object-keys.ts';
import { partsOfHour } from '../bronze/hour-parts.ts';
import type { HourParts } from '../bronze/hour-parts.ts';
import type { StreamDefinition } from '../contracts/stream-definition.ts';
import type { HourAudit, RebuildHourInput, RebuildProgress } from '../contracts/temporal/transform.ts';
import { HOUR_MS, hourStartMs, isoMs, isoSeconds } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import type { GoldWriter, HourOutcome } from '../gold/gold-store.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { countHourParts } from './count-hour-parts.ts';
import type { CountedHour } from './count-hour-parts.ts';
import { fillHour } from './fill-hour.ts';
import { auditOf } from './hour-audit.ts';

export interface RebuildDeps {
  readonly store: ObjectStore;
  readonly gold: Pick<GoldWriter, 'replaceHour' | 'fillHour'>;
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
  { hour, isSealed }: RebuildHourInput,
  deps: RebuildDeps,
  host: RebuildHost,
): Promise<HourAudit> {
  const foreign = new Set<string>();
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

async function rebuildFrom(
  parts: HourParts,
  hour: Hour,
  isSealed: boolean,
  /** Parts of an older project in gold's ledger; grows as they are found. */
  foreign: Set<string>,
  { store, gold, definition, latenessMs }: RebuildDeps,
  { signal, onProgress }: RebuildHost,
): Promise<Outcome> {
  const startMs = hourStartMs(hour) ?? 0;
  const endMs = startMs + HOUR_MS;
  const lateAfterMs = endMs + latenessMs;
  const counted = await countHourParts(parts, { hour, store, definition, lateAfterMs, signal, onProgress });
  const { readFromMs } = parts;
  const covered =
    readFromMs === undefined || readFromMs >= endMs
      ? undefined
      : ([Math.max(startMs, readFromMs), Math.min(endMs, Date.now())] as const);
  const replace = (): Promise<HourOutcome> =>
    gold.replaceHour({ hour, ...counted, isSealed, covered, uncountedForeign: [...foreign] });
  let outcome = await replace();
  // Parts of an older project are not ours to count: its rows stay.
  while (outcome.kind === 'stale') {
    const ours = outcome.uncounted.filter(key => !isForeignKey(key));
    for (const key of outcome.uncounted) if (isForeignKey(key)) foreign.add(key);
    if (ours.length > 0) return { kind: 'stale', uncounted: ours, counted };
    outcome = await replace();
  }
  const audit = {
    ...auditOf(hour, counted, outcome),
    ...isoRange(covered),
    ...keptRows(outcome.keptBefore, foreign.size),
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
