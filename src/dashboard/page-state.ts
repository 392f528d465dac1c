/** ⑧ What the page has to say instead of, or beside, the chart. Pure: every state that can occur, decided in one place. */
import type { Edits } from '../api/schemas/edits.ts';
import { MAX_WIKIS } from '../contracts/limits.ts';
import { isWikiName } from '../core/wiki-name.ts';
import type { Wikis } from '../api/schemas/wikis.ts';
import type { EditsQuery } from './api-client.ts';
import type { Failure, PollState } from './poller.ts';
import type { Model } from './model.ts';

export type PageState =
  | { readonly kind: 'loading' }
  /** No answer yet, and the last attempt failed. */
  | { readonly kind: 'unreachable'; readonly failure: Failure }
  /** Gold holds no wiki at all: the pipeline has just started. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'unknown-wiki'; readonly wiki: string }
  | { readonly kind: 'empty'; readonly wiki: string }
  | { readonly kind: 'chart'; readonly wiki: string };

export interface PageInput {
  readonly wiki: string | undefined;
  readonly wikis: PollState<'all', Wikis>;
  readonly edits: PollState<EditsQuery, Edits>;
  /** False until it is known whether the data is simulated, or known that this cannot be found out now. */
  readonly originSettled: boolean;
  /** False until the gaps of the answer's minutes are known, or known not to be found out now. */
  readonly gapsSettled: boolean;
  readonly model: Model | undefined;
}

export function pageState({ wiki, wikis, edits, originSettled, gapsSettled, model }: PageInput): PageState {
  const known = wikis.kind === 'idle' ? undefined : wikis.answer?.value;
  if (wiki === undefined) {
    if (wikis.kind === 'failing' && known === undefined)
      return { kind: 'unreachable', failure: wikis.failure };
    return known?.length === 0 ? { kind: 'waiting' } : { kind: 'loading' };
  }
  if (!isWikiName(wiki)) return { kind: 'unknown-wiki', wiki };
  if (edits.kind === 'idle' || edits.answer === undefined || model === undefined) {
    return edits.kind === 'failing' ? { kind: 'unreachable', failure: edits.failure } : { kind: 'loading' };
  }
  // Never a chart of made-up data without its label, not even for a moment.
  if (!originSettled) return { kind: 'loading' };
  // Nor of minutes as 0 of which nothing is known.
  if (!gapsSettled) return { kind: 'loading' };
  if (model.hasEdits) return { kind: 'chart', wiki };
  if (known?.length === 0) return { kind: 'waiting' };
  // The list is cut at its limit: what is not in a full list may exist.
  const listed = known === undefined || known.length >= MAX_WIKIS || known.includes(wiki);
  return listed ? { kind: 'empty', wiki } : { kind: 'unknown-wiki', wiki };
}

/** The wiki to begin with: the largest that people look for, else the liveliest. */
export function firstWiki(wikis: Wikis): string | undefined {
  return wikis.includes('enwiki') ? 'enwiki' : wikis[0];
}
