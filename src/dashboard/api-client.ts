/** ⑧ The page's requests, typed by the API's own schemas, so that a renamed field does not compile. Same origin only. */
import type { Backfills } from '../api/schemas/backfills.ts';
import type { Edits } from '../api/schemas/edits.ts';
import type { Gaps } from '../api/schemas/gaps.ts';
import { MAX_MINUTES, MAX_WIKIS } from '../contracts/limits.ts';
import type { Problem } from '../api/schemas/problem.ts';
import type { Status } from '../api/schemas/status.ts';
import type { Wikis } from '../api/schemas/wikis.ts';
import { AVERAGES } from './url-state.ts';

export interface EditsQuery {
  readonly wiki: string;
  readonly minutes: number;
}

/**
 * How many minutes to request to show `minutes` of them: the longest average needs some before the first, and the
 * figures of the last hour need that hour even when the chart shows less.
 */
export function minutesToAsk(minutes: number): number {
  const forFigures = 75;
  return Math.min(Math.max(minutes, forFigures) + Math.max(...AVERAGES), MAX_MINUTES);
}

/** Path of a wiki's minutes, for requests and links. */
export function editsPath({ wiki, minutes }: EditsQuery): string {
  return `/edits?${new URLSearchParams({ wiki, minutes: String(minutes) }).toString()}`;
}

export function loadEdits(query: EditsQuery, signal: AbortSignal): Promise<Edits> {
  return getJson<Edits>(editsPath(query), signal);
}

/** Path of the gaps that affect a wiki, for requests and links. */
export function gapsPath({ wiki, minutes }: EditsQuery): string {
  return `/api/v1/gaps?${new URLSearchParams({ wiki, minutes: String(minutes) }).toString()}`;
}

export function loadGaps(query: EditsQuery, signal: AbortSignal): Promise<Gaps> {
  return getJson<Gaps>(gapsPath(query), signal);
}

export function loadBackfills({ wiki, minutes }: EditsQuery, signal: AbortSignal): Promise<Backfills> {
  const query = new URLSearchParams({ wiki, minutes: String(minutes) });
  return getJson<Backfills>(`/api/v1/backfills?${query.toString()}`, signal);
}

export function loadWikis(_query: 'all', signal: AbortSignal): Promise<Wikis> {
  return getJson<Wikis>(`/wikis?limit=${MAX_WIKIS}`, signal);
}

export function loadStatus(_query: 'all', signal: AbortSignal): Promise<Status> {
  return getJson<Status>('/api/v1/status', signal);
}

/** @throws Error with a message to show on the page, without a full stop. */
async function getJson<T>(path: string, signal: AbortSignal): Promise<T> {
  const response = await fetch(path, { signal, headers: { accept: 'application/json' } }).catch(() => {
    throw new Error('no connection to the API');
  });
  if (response.ok) return (await response.json()) as T;
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  const detail = (problem.detail ?? response.statusText).replace(/\.$/, '');
  throw new Error(`the API responded with ${response.status}: ${detail}`);
}
