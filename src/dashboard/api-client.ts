/**
 * ⑧ The page's requests. Parameters and answers have the types of the API's description (`api-types.ts`), so that a
 * renamed field does not compile. Same origin only.
 */
import { MAX_MINUTES, MAX_WIKIS } from '../contracts/limits.ts';
import type { Step } from '../core/steps.ts';
import type { Operations, Schemas } from './api-types.ts';
import { AVERAGES } from './url-state.ts';

type ReadPath = keyof Operations extends infer Name
  ? Name extends `GET ${infer Path}`
    ? Path
    : never
  : never;
type Query<P extends ReadPath> = Operations[`GET ${P}`]['query'];
export type Answer<P extends ReadPath> = Operations[`GET ${P}`]['answer'];

export type Gaps = Answer<'/api/v1/gaps'>;
export type Gap = Gaps[number];
export type Backfills = Answer<'/api/v1/backfills'>;
export type Coverage = Answer<'/api/v1/coverage'>;
export type Wikis = Answer<'/wikis'>;
export type WikiRow = Answer<'/api/v1/wikis'>[number];
export type Pipeline = Answer<'/api/v1/pipeline'>;
export type Status = Answer<'/api/v1/status'>;
export type Expectation = Answer<'/api/v1/expectation'>;

export type SeriesAnswer = Answer<'/api/v1/series'>;

/** The minutes of a wiki: the last ones, or a range of times. Times as the API writes them. */
export type Asked = { readonly wiki: string } & (
  { readonly minutes: number } | { readonly from: string; readonly to: string }
);

/** The last minutes of a wiki. */
export interface LastMinutes {
  readonly wiki: string;
  readonly minutes: number;
}

/** What the page shows of a wiki. */
export interface RangeQuery extends LastMinutes {
  /** Where a frozen range ends, epoch seconds; absent: now. */
  readonly end?: number;
  /** The last so many minutes contain the range, and those before it that are asked for too. */
  readonly within: number;
  /** Length of a bucket of the chart. */
  readonly step: Step;
}

/**
 * How many minutes to request to show `minutes` of them: the longest average needs some before the first, and the
 * figures of the last hour need that hour even when the chart shows less.
 */
export function minutesToAsk(minutes: number): number {
  const forFigures = 75;
  return Math.min(Math.max(minutes, forFigures) + Math.max(...AVERAGES), MAX_MINUTES);
}

/** Path of the counts of a range, for links. */
export function seriesPath(asked: Asked, step: Step, format: 'json' | 'csv' = 'json'): string {
  return address('/api/v1/series', { ...asked, step, ...(format === 'csv' ? { format } : {}) });
}

/** Path of the gaps that affect a wiki, for links. */
export function gapsPath(query: LastMinutes): string {
  return address('/api/v1/gaps', query);
}

export function loadSeries(asked: Asked, step: Step, signal: AbortSignal): Promise<SeriesAnswer> {
  return read('/api/v1/series', { ...asked, step }, signal);
}

/** How many edits are usual. */
export function loadExpectation(asked: Asked, step: Step, signal: AbortSignal): Promise<Expectation> {
  return read('/api/v1/expectation', { ...asked, step }, signal);
}

export function loadGaps(query: LastMinutes, signal: AbortSignal): Promise<Gaps> {
  return read('/api/v1/gaps', query, signal);
}

export function loadBackfills(query: LastMinutes, signal: AbortSignal): Promise<Backfills> {
  return read('/api/v1/backfills', query, signal);
}

export function loadWikis(_query: 'all', signal: AbortSignal): Promise<Wikis> {
  return read('/wikis', { limit: MAX_WIKIS }, signal);
}

/** The busiest of the last hour first. */
export function loadWikiRows(
  query: { readonly q?: string; readonly limit: number; readonly sparkline?: number },
  signal: AbortSignal,
): Promise<readonly WikiRow[]> {
  return read('/api/v1/wikis', query, signal);
}

export function loadStatus(_query: 'all', signal: AbortSignal): Promise<Status> {
  return read('/api/v1/status', undefined, signal);
}

export function loadPipeline(_query: 'all', signal: AbortSignal): Promise<Pipeline> {
  return read('/api/v1/pipeline', undefined, signal);
}

export function loadCoverage(asked: Asked, signal: AbortSignal): Promise<Coverage> {
  return read('/api/v1/coverage', asked, signal);
}

/** The API answered with a problem. */
export class ApiProblem extends Error {
  readonly status: number;
  /** What happened, and what to change. */
  readonly detail: string;
  /** Each parameter or field that is wrong. */
  readonly fields: readonly Schemas['WrongParameter'][];

  constructor(status: number, detail: string, fields: readonly Schemas['WrongParameter'][] = []) {
    super(`the API responded with ${status}: ${detail.replace(/\.$/, '')}`);
    this.status = status;
    this.detail = detail;
    this.fields = fields;
  }
}

/** Asks one of the routes that read. @throws as `send` */
export function read<P extends ReadPath>(path: P, query: Query<P>, signal: AbortSignal): Promise<Answer<P>> {
  const headers = { accept: 'application/json' };
  return send<Answer<P>>(address(path, query), { signal, headers });
}

/** The answer, as JSON. @throws Error with a message to show on the page, without a full stop. */
export async function send<T>(url: string, request: RequestInit): Promise<T> {
  const response = await fetch(url, request).catch(() => {
    throw new Error('no connection to the API');
  });
  if (response.ok) return (await response.json()) as T;
  const problem = (await response.json().catch(() => ({}))) as Partial<Schemas['Problem']>;
  throw new ApiProblem(response.status, problem.detail ?? response.statusText, problem.errors);
}

/** The path with its query; a field without a value is left out. */
function address<P extends ReadPath>(path: P, query: Query<P>): string {
  const fields: Readonly<Record<string, string | number | undefined>> = { ...query };
  const given = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] satisfies [string, string]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}
