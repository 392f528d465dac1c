/**
 * ⑧ The counts of a wiki, with what is known of its minutes. What is known is asked first: a minute that was read before
 * the counts were fetched has its count, while the other way round a new minute would pass for one without edits.
 */
import type { Edits, EditsQuery } from './api-client.ts';
import type { Knowledge } from './knowledge.ts';

export interface Minutes {
  /** Minutes with an edit. */
  readonly rows: Edits;
  readonly knowledge: Knowledge;
}

export interface MinutesLoaderOptions {
  readonly loadEdits: (query: EditsQuery, signal: AbortSignal) => Promise<Edits>;
  readonly loadKnowledge: (query: EditsQuery, signal: AbortSignal) => Promise<Knowledge>;
  /** How long an answer about the minutes is used, ms, while the counts have no new minute. */
  readonly keepMs: (query: EditsQuery) => number;
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

/** A loader that asks about the minutes more rarely than for their counts. */
export function createMinutesLoader({ loadEdits, loadKnowledge, keepMs, nowMs }: MinutesLoaderOptions) {
  let kept: Kept | undefined;
  let isBehind = false;
  return async (query: EditsQuery, signal: AbortSignal): Promise<Minutes> => {
    const question = JSON.stringify(query);
    const last = kept?.question === question ? kept : undefined;
    const ageMs = last === undefined ? Infinity : nowMs() - last.atMs;
    if (last !== undefined && !isBehind && ageMs < keepMs(query)) {
      const rows = await loadEdits(query, signal);
      isBehind = rows.at(-1)?.ts !== last.newest;
      return { rows, knowledge: last.knowledge };
    }
    const asked = await loadKnowledge(query, signal);
    const failed = asked.kind === 'unavailable';
    const knowledge = failed && last !== undefined && ageMs < OUTDATED_MS ? last.knowledge : asked;
    const rows = await loadEdits(query, signal);
    if (!failed) {
      kept = { question, knowledge, atMs: nowMs(), newest: rows.at(-1)?.ts };
      isBehind = false;
    }
    return { rows, knowledge };
  };
}
