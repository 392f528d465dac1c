/**
 * The whole measurement: starts its own servers in a temporary folder, then measures all cases in parallel. Takes about
 * ten minutes, nearly all of it waiting for the stream.
 *
 * This folder measures what the pipeline costs on AWS: a replay of the simulated stream, a proxy that counts requests, the
 * prices, and the page docs/costs.md made from the results. Bills, tables and the page are pure functions of a
 * measurement, so that tests need no servers.
 */
import { declarations } from '../../src/config/declarations.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/time.ts';
import { machine } from '../machine.ts';
import { DEFAULTS } from '../simulator/options.ts';
import { runCase } from './case-run.ts';
import type { MeasuredRange } from './case-run.ts';
import { measureDays } from './compaction.ts';
import type { CostCase, Measured } from './measured.ts';
import { measureReading, openAged } from './reading.ts';
import type { Aged } from './reading.ts';
import { Replay } from './replay.ts';
import { withOwnServers } from './surroundings.ts';
import type { Env, Surroundings } from './surroundings.ts';

export interface MeasureSettings {
  /** How many times faster than live the stream runs. Every measured FLUSH_MAX_SEC is divided by it. */
  readonly speed: number;
  /** Whole hours of event time. */
  readonly hours: number;
  /** How to run wikigauge, as a command and its first arguments; `worker`, for example, is appended. */
  readonly program: readonly string[];
  readonly env: Env;
  /** Called with the connection settings of the servers, for clients in this process. */
  readonly onServers: (env: Readonly<Record<string, string>>) => void;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

const DEFAULT_FLUSH_SEC = declarations.FLUSH_MAX_SEC.fallback;
const ONE_WIKI = ['enwiki'];
/** Age of the old gold: listings are long by then. */
export const YEAR_DAYS = 365;
/** The four cases that the page compares, and one that flushes more often. */
const CASES: readonly CostCase[] = [
  { name: 'all wikis, S3', wikis: [], gold: 's3', flushSec: DEFAULT_FLUSH_SEC },
  { name: 'one wiki, S3', wikis: ONE_WIKI, gold: 's3', flushSec: DEFAULT_FLUSH_SEC },
  { name: 'all wikis, database', wikis: [], gold: 'postgres', flushSec: DEFAULT_FLUSH_SEC },
  { name: 'one wiki, database', wikis: ONE_WIKI, gold: 'postgres', flushSec: DEFAULT_FLUSH_SEC },
  { name: 'all wikis, S3, FLUSH_MAX_SEC=60', wikis: [], gold: 's3', flushSec: 60 },
];
const AUDIENCES = [
  { goldDays: 7, pages: 1, listens: true },
  { goldDays: 7, pages: 10, listens: true },
  { goldDays: YEAR_DAYS, pages: 1, listens: true },
  { goldDays: 7, pages: 1, listens: false },
];
/** The simulated rate crosses its daily mean at 9:00 UTC, so an odd number of hours around it is as busy as an average day. */
const MEAN_MS = 9 * HOUR_MS;
/** The measured range starts and ends mid-hour, far from any seal; reading starts at the top of that hour. */
const LEAD_MS = HOUR_MS / 2;
/** Prevents a continue-as-new within the measured range; its requests are measured separately. */
const NO_NEW_RUN = { 'limit.historyCount.suggestContinueAsNew': 1_000_000 };

/** @throws Error when a server or process fails */
export async function measure({ speed, hours, onServers, ...own }: MeasureSettings): Promise<Measured> {
  return withOwnServers({ ...own, purpose: 'costs', dynamicConfig: NO_NEW_RUN }, around => {
    onServers(around.stack);
    return measureAll(hours, speed, around);
  });
}

async function measureAll(hours: number, speed: number, around: Surroundings): Promise<Measured> {
  const { print, onClose } = around;
  const at = new Date();
  const { rate, seed } = DEFAULTS;
  const today = Math.floor(at.getTime() / DAY_MS) * DAY_MS;
  // Yesterday, because a replay must not reach the present.
  const beginMs = today - DAY_MS + MEAN_MS + LEAD_MS - Math.ceil(hours / 2) * HOUR_MS;
  const fromMs = beginMs - LEAD_MS;
  const replay = await Replay.open({ seed, rate, fromMs, speed });
  onClose(() => replay.close());
  const madeUp = { seed, rate, streamUrl: replay.streamUrl };

  print('Filling buckets with a week and a year of gold …');
  const aged: Aged[] = [];
  for (const audience of AUDIENCES) aged.push(await openAged(audience, madeUp, around));
  print('Compacting a day of gold …');
  const day = new Date(today - DAY_MS).toISOString().slice(0, 10);
  const days = await measureDays(day, ONE_WIKI, madeUp, around);

  const range: MeasuredRange = { streamUrl: replay.streamUrl, speed, fromMs, beginMs, hours };
  const minutes = Math.ceil((hours * HOUR_MS + LEAD_MS) / speed / MINUTE_MS);
  print(`Replaying ${hours} hours of the stream at ${speed} times live speed, about ${minutes} minutes …`);
  const [cases, readings] = await Promise.all([
    Promise.all(CASES.map((costs, i) => runCase(`costs-case-${i}`, costs, range, around))),
    Promise.all(aged.map(gold => measureReading(gold, madeUp, around))),
  ]);
  const listings = aged.map(({ listing }) => listing);
  return { at: at.toISOString(), machine: machine(), speed, rate, seed, cases, days, listings, readings };
}
