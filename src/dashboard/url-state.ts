/**
 * The view as the query string of the page, so that its address is a permalink. Reading never fails: a shortened or
 * mistyped address shows the nearest valid view. Every value is written, so that old links survive a changed default.
 */
import { DEFAULT_MINUTES, MAX_MINUTES, MAX_SERIES } from '../contracts/limits.ts';
import { isInstant, isoSeconds, minuteOf } from '../core/time.ts';
import { ALL_WIKIS, isWikiName } from '../core/wiki-name.ts';
import type { Zone } from './ticks.ts';

/** Lengths of the moving average in minutes; 0 is off. */
export const AVERAGES = [0, 3, 5, 15] as const;
type Average = (typeof AVERAGES)[number];

/** Below the chart. */
export const TABS = ['wikis', 'table', 'pipeline'] as const;
export type Tab = (typeof TABS)[number];

/** With the first one, as many as the API answers for at once. */
export const MOST_COMPARED = MAX_SERIES - 1;

/** Some adjoining minutes, [from, to) in epoch seconds. */
export interface Selection {
  readonly from: number;
  readonly to: number;
}

export interface View {
  /** Undefined until chosen. From an address, it may be any text. */
  readonly wiki: string | undefined;
  readonly minutes: number;
  /** Where a frozen range ends, epoch seconds; undefined: the range ends now, and moves with it. */
  readonly end: number | undefined;
  /** What the panel beside the chart is about; undefined: the whole range if that is frozen, else nothing. */
  readonly selected: Selection | undefined;
  /** Wikis that the first one is compared with: at most `MOST_COMPARED`, without repetition. */
  readonly compare: readonly string[];
  /** Whether each of the compared wikis is drawn relative to its own average. */
  readonly indexed: boolean;
  /** Whether the same time a week ago is drawn too. */
  readonly weekAgo: boolean;
  readonly average: Average;
  /** Of the time axis. */
  readonly zone: Zone;
  readonly tab: Tab;
  /** Whether the line of human edits is drawn. */
  readonly human: boolean;
  /** Whether the line of bot edits is drawn. */
  readonly bot: boolean;
}

/** The view that `location.search` asks for. */
export function readView(search: string): View {
  const query = new URLSearchParams(search);
  const wiki = query.get('wiki')?.trim().slice(0, 64) ?? '';
  const compare = comparedIn(query.get('compare'), wiki);
  const average = AVERAGES.find(span => String(span) === query.get('ma'));
  return {
    wiki: wiki === '' ? undefined : wiki,
    ...readRange(query),
    selected: readSelection(query),
    compare,
    indexed: query.get('index') === '1',
    weekAgo: query.get('week') === '1',
    average: average ?? 0,
    zone: query.get('tz') === 'local' ? 'local' : 'utc',
    tab: TABS.find(tab => tab === query.get('tab')) ?? TABS[0],
    human: query.get('human') !== '0',
    bot: query.get('bot') !== '0',
  };
}

/** The query of a view, with its question mark. */
export function writeView(view: View): string {
  const { wiki, minutes, end, selected, compare, indexed, weekAgo, average, zone, tab, human, bot } = view;
  const query = new URLSearchParams();
  if (wiki !== undefined) query.set('wiki', wiki);
  if (compare.length > 0) query.set('compare', compare.join(','));
  if (indexed) query.set('index', '1');
  if (weekAgo) query.set('week', '1');
  if (end === undefined) query.set('minutes', String(minutes));
  else {
    query.set('from', isoSeconds(end - minutes * 60));
    query.set('to', isoSeconds(end));
  }
  if (selected !== undefined) {
    query.set('at', isoSeconds(selected.from));
    query.set('for', String((selected.to - selected.from) / 60));
  }
  query.set('ma', String(average));
  if (zone === 'local') query.set('tz', zone);
  if (tab !== TABS[0]) query.set('tab', tab);
  query.set('human', human ? '1' : '0');
  query.set('bot', bot ? '1' : '0');
  return `?${query.toString()}`;
}

/** The wikis of a view, the first one first. */
export function wikisOf({ wiki, compare }: Pick<View, 'wiki' | 'compare'>): readonly string[] {
  return wiki === undefined ? [] : [wiki, ...compare];
}

/** Names of wikis that can be compared with another. */
function comparedIn(text: string | null, wiki: string): readonly string[] {
  const names = (text ?? '').split(',').map(name => name.trim());
  const others = names.filter(name => isWikiName(name) && name !== wiki && name !== ALL_WIKIS);
  return [...new Set(others)].slice(0, MOST_COMPARED);
}

function readSelection(query: URLSearchParams): Selection | undefined {
  const [at, minutes] = [query.get('at'), readMinutes(query.get('for') ?? '1')];
  if (at === null || minutes === undefined || !isInstant(at)) return undefined;
  const from = minuteOf(Date.parse(at) / 1000);
  return from < 0 ? undefined : { from, to: from + minutes * 60 };
}

function readRange(query: URLSearchParams): Pick<View, 'minutes' | 'end'> {
  const frozen = rangeBetween(query.get('from'), query.get('to'));
  return frozen ?? { minutes: readMinutes(query.get('minutes')) ?? DEFAULT_MINUTES, end: undefined };
}

/** The whole minutes that two times in ISO 8601 enclose; undefined where they are no range. */
export function rangeBetween(from: string | null, to: string | null) {
  if (from === null || to === null || !isInstant(from) || !isInstant(to)) return undefined;
  const [start, end] = [minuteOf(Date.parse(from) / 1000), -minuteOf(-Date.parse(to) / 1000)];
  if (start >= end || start < 0) return undefined;
  return { minutes: Math.min((end - start) / 60, MAX_MINUTES), end };
}

/** Whole minutes, clamped to the API's limits; undefined when the text is not a whole number. */
export function readMinutes(text: string | null): number | undefined {
  if (text === null || !/^\s*\d{1,9}\s*$/.test(text)) return undefined;
  return Math.min(Math.max(Number(text), 1), MAX_MINUTES);
}
