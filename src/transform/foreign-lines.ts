/**
 * The lines of an older project in one hour, for a recount that was asked for. Its parts reach over their hours, so the
 * index says which of them have lines here. A recount replaces rows, so it needs all of them: if one that was counted is
 * gone, or cannot be read, the older rows have to stay.
 */
import { foreignKeys, foreignKeysReaching, indexForeign, indexed, reaches } from '../bronze/foreign-parts.ts';
import type { ForeignSpan } from '../bronze/foreign-parts.ts';
import { hourOfPartKey, hourPrefix } from '../contracts/storage/object-keys.ts';
import type { StreamDefinition } from '../contracts/stream-definition.ts';
import type { Recount } from '../contracts/temporal/transform.ts';
import { DAY_MS, HOUR_MS, hourOf, hourStartMs, minuteOf } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import type { GoldWriter } from '../gold/gold-store.ts';
import { listKeys } from '../store/list-keys.ts';
import type { ObjectStore } from '../store/object-store.ts';

/** A part that was never indexed is taken to reach this far at most. */
const UNKNOWN_REACH_MS = DAY_MS;

export interface ForeignLines {
  /** Parts with lines of the hour. */
  readonly keys: readonly string[];
  /** Epoch seconds: lines of these parts in the hour end before this instant. */
  readonly to: number | undefined;
  /** Counted parts that may have had lines of the hour and are gone or damaged. */
  readonly missing: readonly string[];
}

export interface ForeignDeps {
  readonly store: ObjectStore;
  readonly gold: Pick<GoldWriter, 'appliedForeign'>;
  readonly definition: Pick<StreamDefinition, 'judge'>;
}

export async function foreignLinesOf(
  hour: Hour,
  recount: Recount,
  { store, gold, definition: { judge } }: ForeignDeps,
  signal: AbortSignal,
): Promise<ForeignLines> {
  const startMs = hourStartMs(hour) ?? 0;
  const endMs = startMs + HOUR_MS;
  const found =
    recount === 'indexed'
      ? await foreignKeys(store, startMs, endMs)
      : await foreignKeysReaching(store, startMs, endMs);
  await indexForeign(found, { store, judge, signal, areDamagedSkipped: true });

  const spans = await indexed(store);
  const reaching = spans.filter(span => reaches(span, hour));
  const present = await presentAmong(store, reaching);
  const gone = reaching.filter(({ key }) => !present.has(key)).map(({ key }) => key);
  const known = new Set(spans.map(({ key }) => key));
  const applied = await gold.appliedForeign(hourOf((startMs - UNKNOWN_REACH_MS) / 1000), hour);
  const unknown = applied.filter(key => !known.has(key));
  const here = reaching.filter(({ key }) => present.has(key));
  return {
    keys: here.map(({ key }) => key),
    to: endOf(here, endMs / 1000),
    missing: [...gone, ...unknown],
  };
}

function endOf(spans: readonly ForeignSpan[], end: number): number | undefined {
  if (spans.length === 0) return undefined;
  const last = Math.max(...spans.map(({ lastAt }) => lastAt));
  return Math.min(minuteOf(last) + 60, end);
}

async function presentAmong(store: ObjectStore, spans: readonly ForeignSpan[]): Promise<Set<string>> {
  const hours = new Set(spans.flatMap(({ key }) => hourOfPartKey(key) ?? []));
  const present = new Set<string>();
  for (const hour of hours) for (const key of await listKeys(store, hourPrefix(hour))) present.add(key);
  return present;
}
