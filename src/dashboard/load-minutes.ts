/**
 * ⑧ The counts of a range, with what is known of its minutes. What is known is asked first: a minute that was read before
 * the counts were fetched has its count, while the other way round a new minute would pass for one without edits.
 *
 * A range that is too long for minutes begins with buckets, and ends with minutes all the same: live events are of minutes,
 * and so are the figures.
 */
import { isoSeconds } from '../core/time.ts';
import { ApiProblem, minutesToAsk } from './api-client.ts';
import type { Asked, RangeQuery, SeriesAnswer } from './api-client.ts';
import type { Knowledge } from './knowledge.ts';
import type { Buckets } from './load-buckets.ts';
import { rangeAsked } from './range.ts';

/** A minute with an edit. */
export interface MinuteRow {
  readonly ts: string;
  readonly total: number;
  readonly human: number;
  readonly bot: number;
}

export interface Minutes {
  /** Minutes with an edit. */
  readonly rows: readonly MinuteRow[];
  readonly knowledge: Knowledge;
  /** What lies before the minutes; absent: nothing. */
  readonly buckets?: Buckets;
}

export interface MinutesLoaderOptions {
  readonly loadBuckets: (query: RangeQuery, signal: AbortSignal) => Promise<Buckets | undefined>;
  readonly loadRows: (asked: Asked, signal: AbortSignal) => Promise<readonly MinuteRow[]>;
  readonly loadKnowledge: (asked: Asked, signal: AbortSignal) => Promise<Knowledge>;
  /** How long an answer about the minutes is used, ms, while the counts have no new minute. */
  readonly keepMs: (query: RangeQuery) => number;
  readonly nowMs: () => number;
}

interface Kept {
  readonly question: string;
  readonly knowledge: Knowledge;
  readonly atMs: number;
  /** Newest minute with an edit, when it was asked. */
  readonly newest: string | undefined;
}

/** Without an answer, the last one is still true of its minutes; after this long it says too little. */
const OUTDATED_MS = 60_000;
const NO_SUCH_WIKI: Minutes = { rows: [], knowledge: { kind: 'no-such-wiki' } };

/** A loader that asks about the minutes more rarely than for their counts. */
export function createMinutesLoader(options: MinutesLoaderOptions) {
  const { loadBuckets, loadRows, loadKnowledge, keepMs, nowMs } = options;
  let kept: Kept | undefined;
  let isBehind = false;

  const load = async (query: RangeQuery, signal: AbortSignal): Promise<Minutes> => {
    const buckets = await loadBuckets(query, signal);
    const asked: Asked = buckets === undefined ? minutesAsked(query) : { wiki: query.wiki, ...buckets.rest };
    const answer = (rows: Minutes['rows'], knowledge: Knowledge): Minutes => ({
      rows,
      knowledge,
      ...(buckets === undefined ? {} : { buckets }),
    });
    const question = JSON.stringify([query, buckets?.rest.from]);
    const last = kept?.question === question ? kept : undefined;
    const ageMs = last === undefined ? Infinity : nowMs() - last.atMs;
    if (last !== undefined && !isBehind && ageMs < keepMs(query)) {
      const rows = await loadRows(asked, signal);
      isBehind = rows.at(-1)?.ts !== last.newest;
      return answer(rows, last.knowledge);
    }
    const told = await loadKnowledge(asked, signal);
    if (told.kind === 'no-such-wiki') return NO_SUCH_WIKI;
    const failed = told.kind === 'unavailable';
    const knowledge = failed && last !== undefined && ageMs < OUTDATED_MS ? last.knowledge : told;
    const rows = await loadRows(asked, signal);
    if (!failed) {
      kept = { question, knowledge, atMs: nowMs(), newest: rows.at(-1)?.ts };
      isBehind = false;
    }
    return answer(rows, knowledge);
  };
  return (query: RangeQuery, signal: AbortSignal): Promise<Minutes> =>
    load(query, signal).catch((error: unknown) => {
      if (error instanceof ApiProblem && error.status === 404) return NO_SUCH_WIKI;
      throw error;
    });
}

/** More than are shown: see `minutesToAsk`. */
function minutesAsked(query: RangeQuery): Asked {
  return rangeAsked({ ...query, minutes: minutesToAsk(query.minutes) });
}

/** The minutes with an edit of a series by minutes. */
export function rowsOf({ from, wikis: [columns] }: SeriesAnswer): MinuteRow[] {
  const first = Date.parse(from) / 1000;
  return (columns?.human ?? []).flatMap((human, at) => {
    const bot = columns?.bot[at] ?? 0;
    if (human === null || human + bot === 0) return [];
    return [{ ts: isoSeconds(first + at * 60), total: human + bot, human, bot }];
  });
}
