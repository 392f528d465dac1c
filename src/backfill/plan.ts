/**
 * Everything that reads what ingest missed: the plan of a backfill and its cost, then one engine per source that stores
 * a step of it in bronze (`stream-window`, `api-page`, `dump-file`). The workflow calls them through activities. This
 * file makes the plan: which source to read for which part of the range, and of which wikis. It is made before anything
 * is read, so that a mistake in the input fails at once.
 */
import type { StreamDefinition } from '../contracts/stream-definition.ts';
import { PipelineError, messageOf } from '../contracts/errors.ts';
import type { BackfillPlan, PlanInput, WantedSource } from '../contracts/temporal/backfill.ts';
import { chooseSources } from '../core/backfill-cost.ts';
import { planStretches } from '../core/backfill.ts';
import type { Reaches } from '../core/backfill.ts';
import { isoMs } from '../core/time.ts';
import { oldestChange } from '../source/action-api/recent-changes.ts';
import { readSites } from '../source/action-api/sitematrix.ts';
import type { Site as PublicSite } from '../source/action-api/sitematrix.ts';
import { coversToMs, listSnapshots } from '../source/history-dump/snapshots.ts';
import { nearNames } from './near-names.ts';

export interface PlanDeps {
  readonly definition: Pick<StreamDefinition, 'countableTypes'>;
  /** Wikis that the installation keeps; empty: all. */
  readonly wikis: ReadonlySet<string>;
  readonly api: { readonly urlTemplate: string; readonly userAgent: string };
  readonly dumps: { readonly url: string; readonly userAgent: string };
}

/** How a plan is made: until when, and where warnings go. */
export interface Planning {
  readonly signal: AbortSignal;
  readonly warn: (message: string) => void;
}

/** What EventStreams keeps in practice; it promises nothing. */
const STREAM_KEPT_MS = 7 * 86_400_000;
/** A source deletes its oldest hours while we read, so they may be gone before we reach them. */
const MARGIN_MS = 2 * 3_600_000;
/** A wiki so busy that its oldest change shows how far back the API goes for all wikis. */
const REFERENCE = 'wikidatawiki';
/** For the list of wikis when only the stream is read. */
const SITES_TIMEOUT_MS = 10_000;
const SUGGESTIONS = 3;

/**
 * Makes the plan with a few requests.
 * @throws PipelineError `invalid_input` for an unknown wiki, or a range that its source does not have
 */
export async function makePlan(
  input: PlanInput,
  deps: PlanDeps,
  { signal, warn }: Planning,
): Promise<BackfillPlan> {
  const { source } = input;
  const wikis = input.wikis ?? (deps.wikis.size > 0 ? [...deps.wikis] : undefined);
  const publicSites = await listSites({ ...deps.api, signal }, source).catch((error: unknown) => {
    // The stream can be read without the list; only a misspelt wiki goes unnoticed.
    if (source !== 'stream') throw error;
    warn(`cannot check the names of the wikis: ${messageOf(error)}`);
    return undefined;
  });
  if (publicSites !== undefined) refuseUnknown(wikis, publicSites);
  const sites = (publicSites ?? [])
    .filter(({ wiki, isClosed }) => wikis?.includes(wiki) ?? !isClosed)
    .map(({ wiki, serverName }) => ({ wiki, serverName }));

  const nowMs = Date.now();
  const reference = publicSites?.find(({ wiki }) => wiki === REFERENCE) ?? publicSites?.[0];
  const apiFromMs =
    isWanted(source, 'api') && reference !== undefined
      ? await oldestChange({ ...deps.api, signal }, reference.serverName)
      : undefined;
  const snapshot = isWanted(source, 'dump')
    ? (await listSnapshots({ ...deps.dumps, signal })).at(-1)
    : undefined;
  const available: Reaches = {
    ...(source === 'auto' && { stream: { fromMs: nowMs - STREAM_KEPT_MS + MARGIN_MS, toMs: nowMs } }),
    // Named explicitly, the stream is read from wherever it starts.
    ...(source === 'stream' && { stream: { fromMs: 0, toMs: nowMs } }),
    ...(apiFromMs !== undefined && {
      api: { fromMs: apiFromMs + (source === 'auto' ? MARGIN_MS : 0), toMs: nowMs },
    }),
    ...(snapshot !== undefined && { dump: { fromMs: 0, toMs: coversToMs(snapshot) } }),
  };
  const choice = source === 'auto' ? chooseSources(wikis?.length) : undefined;
  const { stretches, missing } = planStretches(input, available, choice?.order);
  if (stretches.length === 0) throw nothingAvailable(input, available);
  const readsStreamOnly = source === 'stream' && stretches.every(range => range.source === 'stream');
  return {
    stretches,
    ...(choice !== undefined && { why: choice.why }),
    missing: missing.map(range => ({ ...range, why: whyMissing(source) })),
    sites: readsStreamOnly ? [] : sites,
    ...(wikis !== undefined && { wikis }),
    ...(snapshot !== undefined && { snapshot }),
    ...(apiFromMs !== undefined && { apiKeptMs: nowMs - apiFromMs - MARGIN_MS }),
  };
}

function isWanted(wanted: WantedSource, source: WantedSource): boolean {
  return wanted === 'auto' || wanted === source;
}

async function listSites(
  api: Parameters<typeof readSites>[0],
  source: WantedSource,
): Promise<readonly PublicSite[]> {
  // The stream needs the list least, so it does not wait long for it.
  const signal =
    source === 'stream' ? AbortSignal.any([api.signal, AbortSignal.timeout(SITES_TIMEOUT_MS)]) : api.signal;
  return readSites({ ...api, signal });
}

function refuseUnknown(wikis: readonly string[] | undefined, sites: readonly PublicSite[]): void {
  const names = sites.map(({ wiki }) => wiki);
  const unknown = wikis?.find(wiki => !names.includes(wiki));
  if (unknown === undefined) return;
  const near = nearNames(unknown, names, SUGGESTIONS);
  throw invalid(
    `backfill: there is no public wiki "${unknown}"; similar names: ${near.join(', ')}. ` +
      'Use the database name. Example: {"wikis":["enwiki"]} for en.wikipedia.org',
  );
}

function nothingAvailable({ from, to, source }: PlanInput, available: Reaches): PipelineError {
  const [range] = Object.values(available);
  const kept = range === undefined ? 'nothing' : `${isoMs(range.fromMs)} to ${isoMs(range.toMs)}`;
  return invalid(
    `backfill: source ${source} does not have ${from} to ${to}; it has ${kept}. ` +
      'Use source auto, which reads the history dumps for anything older than a month',
  );
}

function whyMissing(source: WantedSource): string {
  return source === 'auto'
    ? 'too old for the stream and the API, and the dump of its month is not published yet'
    : `outside what source ${source} has; source auto also tries the others`;
}

function invalid(message: string): PipelineError {
  return new PipelineError(message, {
    code: 'invalid_input',
    op: 'plan',
    subject: 'backfill',
    retryable: false,
  });
}
