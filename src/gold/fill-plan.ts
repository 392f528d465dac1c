/**
 * Which rows a backfill may change in an hour whose bronze is incomplete, so that a rebuild is impossible. Pure; both
 * stores of gold apply this plan.
 *
 * - Where the stream was not read, the backfill is right: its rows replace those of its wikis.
 * - Elsewhere gold is right. A row is added only for a minute of a wiki that gold has nothing of, and only from a
 *   source that counts edits exactly as the stream does.
 */
import type { MinuteRow } from '../core/minute-counts.ts';
import { openMinutes } from '../core/open-minutes.ts';
import type { ReadStretch } from '../core/open-minutes.ts';
import type { FilledHour } from './gold-store.ts';

export interface FillPlan {
  /** Minutes (epoch seconds) not wholly read from the stream: their rows of `wikis` become `replacing`. */
  readonly openMinutes: readonly number[];
  readonly wikis: readonly string[];
  readonly replacing: readonly MinuteRow[];
  /** Rows of other minutes, to add where gold has no row for the same minute and wiki. */
  readonly adding: readonly MinuteRow[];
}

/**
 * @param read where the stream was read, according to the hour's audit and the known gaps
 * @param from rows of minutes before this epoch second are an older project's (`older-rows.ts`)
 */
export function planFill(
  { hour, rows, wikis, areRowsExact }: Pick<FilledHour, 'hour' | 'rows' | 'wikis' | 'areRowsExact'>,
  read: ReadStretch,
  from = Number.NEGATIVE_INFINITY,
): FillPlan {
  const minutes = openMinutes(hour, read).filter(minute => minute >= from);
  const isOpen = new Set(minutes);
  const isFilled = new Set(wikis);
  const filling = rows.filter(({ minute, wiki }) => minute >= from && isFilled.has(wiki));
  return {
    openMinutes: minutes,
    wikis,
    replacing: filling.filter(({ minute }) => isOpen.has(minute)),
    adding: areRowsExact ? filling.filter(({ minute }) => !isOpen.has(minute)) : [],
  };
}

/** Applies the plan to rows in memory. */
export function fillRows(
  rows: readonly MinuteRow[],
  { openMinutes: minutes, wikis, replacing, adding }: FillPlan,
): MinuteRow[] {
  const isOpen = new Set(minutes);
  const isFilled = new Set(wikis);
  const kept = rows.filter(({ minute, wiki }) => !(isOpen.has(minute) && isFilled.has(wiki)));
  const minuteOfWiki = ({ minute, wiki }: MinuteRow): string => `${minute} ${wiki}`;
  const isKnown = new Set(kept.map(minuteOfWiki));
  return [...kept, ...replacing, ...adding.filter(row => !isKnown.has(minuteOfWiki(row)))];
}
