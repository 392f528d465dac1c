/**
 * The stream of recent changes, the one that wikigauge counts. This folder has everything that is particular to it: its
 * names and keys, the judge of its events, what is counted by default, and how. Only entries (worker, API, commands) and
 * the settings import it; all others get the definition as a value.
 */
import type { StreamDefinition } from '../contracts/stream-definition.ts';
import { logKeys } from '../contracts/storage/object-keys.ts';
import type { BackfillRules, JudgeRules, Reading } from '../core/reading.ts';
import { readRecentChange } from './judge.ts';
import { RecentChangeLines } from './line-reader.ts';
import { MinuteRows } from './minute-rows.ts';

const NAME = 'recentchange';

/** Where Wikimedia serves it. */
export const STREAM_URL = `https://stream.wikimedia.org/v2/stream/${NAME}`;
/** Id of the workflow that ingests it. */
export const INGEST_ID = `ingest-${NAME}`;
/** Types that can be counted, and those that are by default. */
export const COUNTABLE_TYPES = ['edit', 'new'] as const;
export const DEFAULT_TYPES: readonly (typeof COUNTABLE_TYPES)[number][] = ['edit'];

/** The stream, with the types of events that count as edits. */
export function recentChange(types: readonly string[] = DEFAULT_TYPES): StreamDefinition {
  const countedTypes = new Set(types);
  function judge(text: string, rules: JudgeRules): Reading;
  function judge(text: string, rules: JudgeRules | BackfillRules): Reading<string | undefined>;
  function judge(text: string, rules: JudgeRules | BackfillRules): Reading<string | undefined> {
    return readRecentChange(text, countedTypes, rules);
  }
  return {
    name: NAME,
    // The first stream keeps the top of the bucket.
    prefix: '',
    logKeys: logKeys(NAME),
    countableTypes: COUNTABLE_TYPES,
    countedTypes,
    judge,
    lineReader: new RecentChangeLines(countedTypes),
    newFold: () => new MinuteRows(),
  };
}
