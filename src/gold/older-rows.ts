/**
 * Rows that an older project wrote into gold before we began (docs/migrating.md). A rebuild that has not counted the
 * lines of that project must not touch them: rows of the minutes before the handover stay. Backfills are the exception:
 * where they have loaded a wiki completely, their rows replace the older ones. Pure; both stores of gold apply this plan.
 */
import { backfillSourceOf, backfillWikiOf, backfillWindowOf } from '../contracts/storage/object-keys.ts';
import type { Gap } from '../core/gaps.ts';
import type { MinuteRow } from '../core/minute-counts.ts';
import type { Hour } from '../core/time.ts';
import type { RebuiltHour } from './gold-store.ts';
import { hourSeconds } from './hour-seconds.ts';

/** Rows of `wikis` in `minutes` become exactly `rows`. */
export interface LoadedRows {
  /** First epoch seconds. */
  readonly minutes: readonly number[];
  readonly wikis: readonly string[];
  readonly rows: readonly MinuteRow[];
}

/** How a rebuilt hour is written. */
export interface RebuildPlan {
  /** Epoch seconds within the hour or at its end: rows from here on become exactly `rows`. */
  readonly from: number;
  readonly rows: readonly MinuteRow[];
  /** Earlier rows that are replaced nevertheless. */
  readonly loaded: readonly LoadedRows[];
}

/**
 * @param keys every part that was counted
 * @param before rows of minutes before this epoch second are an older project's; undefined when there are none
 */
export function planRebuild(
  hour: Hour,
  { keys, rows }: { readonly keys: readonly string[]; readonly rows: readonly MinuteRow[] },
  before: number | undefined,
): RebuildPlan {
  const [start, end] = hourSeconds(hour);
  const from = Math.min(Math.max(before ?? start, start), end);
  if (from === start) return { from, rows, loaded: [] };
  return {
    from,
    rows: rows.filter(({ minute }) => minute >= from),
    loaded: loadedBefore(from, hour, keys, rows),
  };
}

/** Rows of minutes before this epoch second are an older project's; undefined when it handed nothing over. */
export function handoverEndOf(gaps: readonly Gap[]): number | undefined {
  const ends = gaps.filter(({ cause }) => cause === 'handover').map(({ to }) => Date.parse(to) / 1000);
  return ends.length === 0 ? undefined : Math.max(...ends);
}

/** Where the older project's rows end in a rebuilt hour, epoch seconds; without a recorded handover, all its rows stay. */
export function olderBefore(
  /** End of the handover, or of what the last rebuild kept or recounted. */
  handoverEnd: number | undefined,
  {
    hour,
    recountedTo,
    uncountedForeign = [],
  }: Pick<RebuiltHour, 'hour' | 'recountedTo' | 'uncountedForeign'>,
): number | undefined {
  if (recountedTo !== undefined) return undefined;
  return handoverEnd ?? (uncountedForeign.length > 0 ? hourSeconds(hour)[1] : undefined);
}

/** Which rows a plan keeps, for the outcome of a rebuild. */
export function keptBy({ from }: RebuildPlan, hour: Hour): { readonly keptBefore?: number } {
  return from > hourSeconds(hour)[0] ? { keptBefore: from } : {};
}

/** What backfills have loaded of the minutes before `from`. */
export function loadedBefore(
  from: number,
  hour: Hour,
  keys: readonly string[],
  rows: readonly MinuteRow[],
): LoadedRows[] {
  const [start] = hourSeconds(hour);
  const older = rows.filter(({ minute }) => minute < from);
  const windows = new Map<string, [number, number][]>();
  for (const key of keys) {
    const source = backfillSourceOf(key);
    const window = backfillWindowOf(key);
    if (source === undefined || window === undefined) continue;
    const name = `${source} ${backfillWikiOf(key) ?? ''}`;
    windows.set(name, [...(windows.get(name) ?? []), [start + window[0], start + window[1]]]);
  }
  return [...windows].map(([name, ranges]): LoadedRows => {
    const wiki = name.slice(name.indexOf(' ') + 1);
    const minutes = wholeMinutes(joined(ranges), start, from);
    const isLoaded = new Set(minutes);
    const inRange = older.filter(row => isLoaded.has(row.minute) && (wiki === '' || row.wiki === wiki));
    // The name of a part with all wikis does not say which of them were kept.
    const wikis = wiki === '' ? [...new Set(inRange.map(row => row.wiki))] : [wiki];
    return { minutes, wikis, rows: inRange };
  });
}

/** Applies the plan to rows in memory. */
export function rebuiltRows(
  current: readonly MinuteRow[],
  { from, rows, loaded }: RebuildPlan,
): readonly MinuteRow[] {
  const kept = current.filter(({ minute }) => minute < from);
  return [...loadedInto(kept, loaded), ...rows];
}

/** Replaces what backfills have loaded. */
export function loadedInto(current: readonly MinuteRow[], loaded: readonly LoadedRows[]): MinuteRow[] {
  return loaded.reduce<MinuteRow[]>(
    (before, { minutes, wikis, rows }) => {
      const isLoaded = new Set(minutes);
      const others = before.filter(({ minute, wiki }) => !isLoaded.has(minute) || !wikis.includes(wiki));
      return [...others, ...rows];
    },
    [...current],
  );
}

/** Ranges that overlap or touch become one: a page of the API ends in the middle of a minute. */
function joined(ranges: readonly (readonly [number, number])[]): [number, number][] {
  const result: [number, number][] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}

function wholeMinutes(ranges: readonly (readonly [number, number])[], start: number, end: number): number[] {
  const minutes: number[] = [];
  for (let minute = start; minute < end; minute += 60)
    if (ranges.some(([from, to]) => from <= minute && minute + 60 <= to)) minutes.push(minute);
  return minutes;
}
