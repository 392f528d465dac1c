/** What tells one backfill from another in a list of runs: a summary for people, and search attributes. */
import type { SearchAttributePair } from '@temporalio/common';
import { ALL_WIKIS } from '../../core/wiki-name.ts';
import type { BackfillInput } from './backfill-input.ts';
import { FROM, SOURCE, WIKI } from './search-attributes.ts';

/** Wikis that a summary names: Temporal refuses one of more than 400 bytes. */
const NAMED = 4;
/** Wikis that are indexed: Temporal limits the size of a value. */
const INDEXED = 50;

/** `enwiki, dewiki · 2026-11-20 10:00 to 2026-11-21 10:00 UTC · source auto`. */
export function backfillSummary({ from, to, source, wikis }: BackfillInput): string {
  return `${namesOf(wikis)} · ${minuteOf(from)} to ${minuteOf(to)} UTC · source ${source}`;
}

/** @param wikis that are wanted; absent: all */
export function backfillAttributes(
  { from, source }: Pick<BackfillInput, 'from' | 'source'>,
  wikis: readonly string[] | undefined,
): SearchAttributePair[] {
  return [
    { key: WIKI, value: wikis?.slice(0, INDEXED) ?? [ALL_WIKIS] },
    { key: SOURCE, value: source },
    { key: FROM, value: new Date(from) },
  ];
}

function namesOf(wikis: readonly string[] | undefined): string {
  if (wikis === undefined) return 'all wikis';
  const more = wikis.length - NAMED;
  return [...wikis.slice(0, NAMED), ...(more > 0 ? [`${more} more wikis`] : [])].join(', ');
}

function minuteOf(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}
