/** ⑧ Decides in one place which state the page is in: the chart, or a message instead of it. Pure. */
import type { RangeQuery, Wikis } from './api-client.ts';
import type { Minutes } from './load-minutes.ts';
import { MAX_WIKIS } from '../contracts/limits.ts';
import { isWikiName } from '../core/wiki-name.ts';
import type { Failure, PollState } from './poller.ts';
import type { Model } from './model.ts';

export type PageState =
  | { readonly kind: 'loading' }
  /** No response yet, and the last attempt failed. */
  | { readonly kind: 'unreachable'; readonly failure: Failure }
  /** Gold is empty: the pipeline has just started. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'unknown-wiki'; readonly wiki: string }
  | { readonly kind: 'chart'; readonly wiki: string };

export interface PageInput {
  readonly wiki: string | undefined;
  readonly wikis: PollState<'all', Wikis>;
  readonly edits: PollState<RangeQuery, Minutes>;
  /** The response with what was told since; undefined without one. */
  readonly shown: Minutes | undefined;
  /** Whether the request for the data's origin has succeeded or failed. */
  readonly originSettled: boolean;
  /** Whether the request for the gaps of these minutes has succeeded or failed. */
  readonly gapsSettled: boolean;
  readonly model: Model | undefined;
}

export function pageState(input: PageInput): PageState {
  const { wiki, wikis, edits, shown, originSettled, gapsSettled, model } = input;
  const known = wikis.kind === 'idle' ? undefined : wikis.answer?.value;
  if (wiki === undefined) {
    if (wikis.kind === 'failing' && known === undefined)
      return { kind: 'unreachable', failure: wikis.failure };
    return known?.length === 0 ? { kind: 'waiting' } : { kind: 'loading' };
  }
  if (!isWikiName(wiki)) return { kind: 'unknown-wiki', wiki };
  if (edits.kind === 'idle' || shown === undefined || model === undefined) {
    return edits.kind === 'failing' ? { kind: 'unreachable', failure: edits.failure } : { kind: 'loading' };
  }
  // Never show simulated data without its label, not even for a moment.
  if (!originSettled) return { kind: 'loading' };
  // Never show minutes without data as 0.
  if (!gapsSettled) return { kind: 'loading' };
  const { rows, knowledge, buckets } = shown;
  const hasEdits = buckets?.series.total.some(edits => (edits ?? 0) > 0) ?? false;
  if (rows.length > 0 || hasEdits) return { kind: 'chart', wiki };
  if (known?.length === 0) return { kind: 'waiting' };
  if (knowledge.kind === 'no-such-wiki') return { kind: 'unknown-wiki', wiki };
  if (knowledge.kind === 'known') return { kind: 'chart', wiki };
  // A full list was cut at its limit, so a wiki missing from it may exist.
  const listed = known === undefined || known.length >= MAX_WIKIS || known.includes(wiki);
  return { kind: listed ? 'chart' : 'unknown-wiki', wiki };
}

/** The wiki to start with: English Wikipedia, else the most recently active one. */
export function firstWiki(wikis: Wikis): string | undefined {
  return wikis.includes('enwiki') ? 'enwiki' : wikis[0];
}
