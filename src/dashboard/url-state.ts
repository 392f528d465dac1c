/**
 * The view as the query string of the page, so that its address is a permalink. Reading never fails: a shortened or
 * mistyped address shows the nearest valid view. Every value is written, so that old links survive a changed default.
 */
import { DEFAULT_MINUTES, MAX_MINUTES } from '../contracts/limits.ts';

/** Lengths of the moving average in minutes; 0 is off. */
export const AVERAGES = [0, 3, 5, 15] as const;
type Average = (typeof AVERAGES)[number];

export interface View {
  /** Undefined until chosen. From an address, it may be any text. */
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

/** Whole minutes, clamped to the API's limits; undefined when the text is not a whole number. */
export function readMinutes(text: string | null): number | undefined {
  if (text === null || !/^\s*\d{1,9}\s*$/.test(text)) return undefined;
  return Math.min(Math.max(Number(text), 1), MAX_MINUTES);
}
