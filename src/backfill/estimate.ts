/** What a backfill would cost: requests, bytes and hours, estimated from samples and file sizes before it starts. */
import type { BackfillPlan, Site } from '../contracts/temporal/backfill.ts';
import type { PlannedStretch } from '../core/backfill.ts';
import { isObject } from '../core/json.ts';
import { mapBounded } from '../core/map-bounded.ts';
import { HOUR_MS } from '../core/time.ts';
import { readChanges } from '../source/action-api/recent-changes.ts';
import { filesCovering, listFiles } from '../source/history-dump/snapshots.ts';
import type { PlanDeps } from './plan.ts';

/** What one range of the plan would cost. */
export interface Estimate extends PlannedStretch {
  /** Hours, multiplied by the number of wikis where these are read one by one. */
  readonly hours: number;
  /** Connections to the stream, requests to the API, files of dumps. */
  readonly requests: number;
  /** To download: uncompressed for the stream and the API, compressed for dumps. Undefined when sizes are unknown. */
  readonly bytes: number | undefined;
  /** How many wikis were sampled, when not all were. */
  readonly sampled?: number;
}

/** Events of all wikis a second, and bytes of one: measured on the real stream in 2024 to 2026. */
const STREAM = { perSecond: 45, bytes: 1_200 };
/** Hours that one connection of a backfill reads. */
const STREAM_WINDOW_HOURS = 6;
const PAGE = 500;
/** Bytes of a row of the API. */
const ROW_BYTES = 450;
/** Wikis to sample. The others are assumed to be like them on average. */
const SAMPLES = 10;

/** Requests one page of some wikis, and the lists of dump files. Reads nothing else. */
export async function estimate(plan: BackfillPlan, deps: PlanDeps, signal: AbortSignal): Promise<Estimate[]> {
  return mapBounded(plan.stretches, 1, async range => {
    const hours = (Date.parse(range.to) - Date.parse(range.from)) / HOUR_MS;
    if (range.source === 'stream') {
      const bytes = hours * 3_600 * STREAM.perSecond * STREAM.bytes;
      return { ...range, hours, requests: Math.ceil(hours / STREAM_WINDOW_HOURS), bytes };
    }
    const ofWikis = { ...range, hours: hours * plan.sites.length };
    return range.source === 'api'
      ? { ...ofWikis, ...(await ofApi(range, plan.sites, deps, signal)) }
      : { ...ofWikis, ...(await ofDumps(range, plan, deps, signal)) };
  });
}

type Cost = Pick<Estimate, 'requests' | 'bytes' | 'sampled'>;

/** From the first page of each sampled wiki: how much of the range 500 rows cover. */
async function ofApi(
  { from, to }: PlannedStretch,
  sites: readonly Site[],
  { api, definition: { countableTypes: types } }: PlanDeps,
  signal: AbortSignal,
): Promise<Cost> {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const { sampled, scale, sampling } = sampleOf(sites);
  const rows = await mapBounded(sampled, 1, async ({ serverName }) => {
    const window = { serverName, fromMs, toMs, types };
    const page = await readChanges({ ...api, signal }, window);
    const last = page.rows.at(-1);
    const lastMs = isObject(last) ? Date.parse(String(last['timestamp'])) : Number.NaN;
    if (page.next === undefined || !(lastMs > fromMs)) return page.rows.length;
    return (page.rows.length * (toMs - fromMs)) / (lastMs - fromMs);
  });
  const requests = rows.reduce((sum, count) => sum + Math.max(1, Math.ceil(count / PAGE)), 0);
  const bytes = rows.reduce((sum, count) => sum + count, 0) * ROW_BYTES;
  return { requests: Math.ceil(requests * scale), bytes: bytes * scale, ...sampling };
}

/** From the lists of files of each sampled wiki. */
async function ofDumps(
  { from, to }: PlannedStretch,
  { sites, snapshot = '' }: BackfillPlan,
  { dumps }: PlanDeps,
  signal: AbortSignal,
): Promise<Cost> {
  const { sampled, scale, sampling } = sampleOf(sites);
  const files = await mapBounded(sampled, 1, async ({ wiki }) => {
    const listed = await listFiles({ ...dumps, signal }, snapshot, wiki);
    return filesCovering(listed, snapshot, Date.parse(from), Date.parse(to));
  });
  const sizes = files.flat().map(({ bytes }) => bytes);
  const known = sizes.filter(size => size !== undefined);
  return {
    requests: Math.ceil(sizes.length * scale),
    bytes: known.length < sizes.length ? undefined : known.reduce((sum, size) => sum + size, 0) * scale,
    ...sampling,
  };
}

/** The wikis to sample, and by how much to multiply what they cost. */
function sampleOf(sites: readonly Site[]): {
  sampled: readonly Site[];
  scale: number;
  sampling: Pick<Estimate, 'sampled'>;
} {
  const sampled = sites.slice(0, SAMPLES);
  return {
    sampled,
    scale: sites.length / Math.max(1, sampled.length),
    sampling: sampled.length < sites.length ? { sampled: sampled.length } : {},
  };
}
