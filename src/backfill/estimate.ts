/** What a backfill would take, before it is begun: requests, bytes and hours, by samples and file sizes. */
import { HOUR_MS } from '../core/time.ts';
import type { PlannedStretch } from '../core/backfill.ts';
import { mapBounded } from '../core/map-bounded.ts';
import { isObject } from '../core/json.ts';
import type { BackfillPlan, Site } from '../contracts/temporal/backfill.ts';
import { readChanges } from '../source/action-api/recent-changes.ts';
import { filesCovering, listFiles } from '../source/history-dump/snapshots.ts';
import type { PlanDeps } from './plan.ts';

/** What one stretch takes. */
export interface Estimate extends PlannedStretch {
  /** Hours, times wikis where they are read one by one. */
  readonly hours: number;
  /** Connections to the stream, requests to the API, files of dumps. */
  readonly requests: number;
  /** To be received: uncompressed for the stream and the API, files for dumps. Undefined where nobody says. */
  readonly bytes: number | undefined;
  /** Wikis that a sample stands for, when not each was asked. */
  readonly sampled?: number;
}

/** Events of all wikis a second, and bytes of one: measured on the real stream in 2024 to 2026. */
const STREAM = { perSecond: 45, bytes: 1_200 };
/** Hours that one connection of a backfill reads. */
const STREAM_WINDOW_HOURS = 6;
const PAGE = 500;
/** Bytes of a row of the API. */
const ROW_BYTES = 450;
/** Wikis that are asked for a page before the rest is reckoned from them. */
const SAMPLES = 10;

/** Asks for a page of some wikis and for the names of the dumps' files; reads nothing else. */
export async function estimate(plan: BackfillPlan, deps: PlanDeps, signal: AbortSignal): Promise<Estimate[]> {
  return mapBounded(plan.stretches, 1, async stretch => {
    const hours = (Date.parse(stretch.to) - Date.parse(stretch.from)) / HOUR_MS;
    if (stretch.source === 'stream') {
      const bytes = hours * 3_600 * STREAM.perSecond * STREAM.bytes;
      return { ...stretch, hours, requests: Math.ceil(hours / STREAM_WINDOW_HOURS), bytes };
    }
    const ofWikis = { ...stretch, hours: hours * plan.sites.length };
    return stretch.source === 'api'
      ? { ...ofWikis, ...(await ofApi(stretch, plan.sites, deps, signal)) }
      : { ...ofWikis, ...(await ofDumps(stretch, plan, deps, signal)) };
  });
}

type Cost = Pick<Estimate, 'requests' | 'bytes' | 'sampled'>;

/** From one page a wiki: how long 500 rows take there. */
async function ofApi(
  { from, to }: PlannedStretch,
  sites: readonly Site[],
  { api }: PlanDeps,
  signal: AbortSignal,
): Promise<Cost> {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const sampled = sites.slice(0, SAMPLES);
  const rows = await mapBounded(sampled, 1, async ({ serverName }) => {
    const window = { serverName, fromMs, toMs, types: ['edit', 'new'] };
    const page = await readChanges({ ...api, signal }, window);
    const last = page.rows.at(-1);
    const lastMs = isObject(last) ? Date.parse(String(last['timestamp'])) : Number.NaN;
    if (page.next === undefined || !(lastMs > fromMs)) return page.rows.length;
    return (page.rows.length * (toMs - fromMs)) / (lastMs - fromMs);
  });
  const scale = sites.length / Math.max(1, sampled.length);
  const requests = rows.reduce((sum, count) => sum + Math.max(1, Math.ceil(count / PAGE)), 0) * scale;
  const bytes = rows.reduce((sum, count) => sum + count, 0) * ROW_BYTES * scale;
  return {
    requests: Math.ceil(requests),
    bytes,
    ...(sampled.length < sites.length && { sampled: sampled.length }),
  };
}

async function ofDumps(
  { from, to }: PlannedStretch,
  { sites, snapshot = '' }: BackfillPlan,
  { dumps }: PlanDeps,
  signal: AbortSignal,
): Promise<Cost> {
  const sampled = sites.slice(0, SAMPLES);
  const files = await mapBounded(sampled, 1, async ({ wiki }) => {
    const listed = await listFiles({ ...dumps, signal }, snapshot, wiki);
    return filesCovering(listed, snapshot, Date.parse(from), Date.parse(to));
  });
  const scale = sites.length / Math.max(1, sampled.length);
  const sizes = files.flat().map(({ bytes }) => bytes);
  const known = sizes.filter(size => size !== undefined);
  return {
    requests: Math.ceil(sizes.length * scale),
    bytes: known.length < sizes.length ? undefined : known.reduce((sum, size) => sum + size, 0) * scale,
    ...(sampled.length < sites.length && { sampled: sampled.length }),
  };
}
