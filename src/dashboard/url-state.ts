/**
 * What the page shows, as the query of its address: a permalink. Reading never fails: an address that was shortened
 * or mistyped shows the nearest view. Every value is written, so that a changed default changes no old link.
 */
import { DEFAULT_MINUTES, MAX_MINUTES } from '../contracts/limits.ts';

/** Minutes that the moving average can span; 0 is off. */
export const AVERAGES = [0, 3, 5, 15] as const;
type Average = (typeof AVERAGES)[number];

export interface View {
  /** Undefined: not chosen yet, the page picks one. May be no wiki at all when the address says so. */
  readonly wiki: string | undefined;
  readonly minutes: number;
  readonly average: Average;
  /** Whether the line of human edits is drawn. */
  readonly human: boolean;
  /** Whether the line of bot edits is drawn. */
  readonly bot: boolean;
}

/** The view that `location.search` asks for. */
export function readView(search: string): View {
  const query = new URLSearchParams(search);
  const wiki = query.get('wiki')?.trim().slice(0, 64) ?? '';
  const average = AVERAGES.find(span => String(span) === query.get('ma'));
  return {
    wiki: wiki === '' ? undefined : wiki,
    minutes: readMinutes(query.get('minutes')) ?? DEFAULT_MINUTES,
    average: average ?? 0,
    human: query.get('human') !== '0',
    bot: query.get('bot') !== '0',
  };
}

/** The query of a view, with its question mark. */
export function writeView({ wiki, minutes, average, human, bot }: View): string {
  const query = new URLSearchParams();
  if (wiki !== undefined) query.set('wiki', wiki);
  query.set('minutes', String(minutes));
  query.set('ma', String(average));
  query.set('human', human ? '1' : '0');
  query.set('bot', bot ? '1' : '0');
  return `?${query.toString()}`;
}

/** Whole minutes within what the API gives, or undefined when the text is no number of minutes. */
export function readMinutes(text: string | null): number | undefined {
  if (text === null || !/^\s*\d{1,9}\s*$/.test(text)) return undefined;
  return Math.min(Math.max(Number(text), 1), MAX_MINUTES);
}
