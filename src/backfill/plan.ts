/** Which source gives which part of a range, of which wikis: asked before anything is read, so that what is wrong fails at once. */
import { planStretches } from '../core/backfill.ts';
import type { Reaches } from '../core/backfill.ts';
import { DAY_MS, HOUR_MS } from '../core/time.ts';
import { PipelineError, messageOf } from '../contracts/errors.ts';
import { oldestChange } from '../source/action-api/recent-changes.ts';
import { readSites } from '../source/action-api/sitematrix.ts';
import type { Site as KnownSite } from '../source/action-api/sitematrix.ts';
import { coversToMs, listSnapshots } from '../source/history-dump/snapshots.ts';
import type { BackfillPlan, PlanInput, WantedSource } from '../contracts/temporal/backfill-steps.ts';

export interface PlanDeps {
  /** Wikis that the installation keeps; empty: all. */
  readonly wikis: ReadonlySet<string>;
  readonly api: { readonly urlTemplate: string; readonly userAgent: string };
  readonly dumps: { readonly url: string; readonly userAgent: string };
}

/** How a plan is made: until when, and who is told of what is not as it should be. */
export interface Planning {
  readonly signal: AbortSignal;
  readonly warn: (message: string) => void;
}

/** What EventStreams keeps by experience; it promises nothing. */
const STREAM_KEPT_MS = 7 * DAY_MS;
/** While we read the source goes on forgetting: its oldest hours may be gone when we come to them. */
const MARGIN_MS = 2 * HOUR_MS;
/** Busy enough for its oldest change to tell how far back all wikis reach. */
const REFERENCE = 'wikidatawiki';

/**
 * Makes the plan with a few requests.
 * @throws PipelineError `invalid_input` for a wiki that there is not, or a range that its source cannot give
 */
export async function makePlan(
  input: PlanInput,
  deps: PlanDeps,
  { signal, warn }: Planning,
): Promise<BackfillPlan> {
  const { source } = input;
  const wikis = input.wikis ?? (deps.wikis.size > 0 ? [...deps.wikis] : undefined);
  const known = await knownSites({ ...deps.api, signal }, source).catch((error: unknown) => {
    // The stream can be read without the list of wikis; only a misspelt one is not noticed then.
    if (source !== 'stream') throw error;
    warn(`wikis are not checked: ${messageOf(error)}`);
    return undefined;
  });
  if (known !== undefined) refuseUnknown(wikis, known);
  const sites = (known ?? [])
    .filter(({ wiki, isClosed }) => wikis?.includes(wiki) ?? !isClosed)
    .map(({ wiki, serverName }) => ({ wiki, serverName }));

  const nowMs = Date.now();
  const reference = known?.find(({ wiki }) => wiki === REFERENCE) ?? known?.[0];
  const apiFromMs =
    asks(source, 'api') && reference !== undefined
      ? await oldestChange({ ...deps.api, signal }, reference.serverName)
      : undefined;
  const snapshot = asks(source, 'dump') ? (await listSnapshots({ ...deps.dumps, signal })).at(-1) : undefined;
  const reaches: Reaches = {
    ...(source === 'auto' && { stream: { fromMs: nowMs - STREAM_KEPT_MS + MARGIN_MS, toMs: nowMs } }),
    // Asked for by name it says itself how far back it reaches.
    ...(source === 'stream' && { stream: { fromMs: 0, toMs: nowMs } }),
    ...(apiFromMs !== undefined && {
      api: { fromMs: apiFromMs + (source === 'auto' ? MARGIN_MS : 0), toMs: nowMs },
    }),
    ...(snapshot !== undefined && { dump: { fromMs: 0, toMs: coversToMs(snapshot) } }),
  };
  const { stretches, missing } = planStretches(input, reaches);
  if (stretches.length === 0) throw unreachableRange(input, reaches);
  return {
    stretches,
    missing: missing.map(stretch => ({ ...stretch, why: whyMissing(source) })),
    sites: stretches.every(stretch => stretch.source === 'stream') && source === 'stream' ? [] : sites,
    ...(wikis !== undefined && { wikis }),
    ...(snapshot !== undefined && { snapshot }),
    ...(apiFromMs !== undefined && { apiKeptMs: nowMs - apiFromMs - MARGIN_MS }),
  };
}

function asks(wanted: WantedSource, source: WantedSource): boolean {
  return wanted === 'auto' || wanted === source;
}

async function knownSites(
  api: Parameters<typeof readSites>[0],
  source: WantedSource,
): Promise<readonly KnownSite[]> {
  // One try for the stream, which needs it least; the others wait for it like for all else.
  const signal =
    source === 'stream' ? AbortSignal.any([api.signal, AbortSignal.timeout(10_000)]) : api.signal;
  return readSites({ ...api, signal });
}

function refuseUnknown(wikis: readonly string[] | undefined, known: readonly KnownSite[]): void {
  const names = known.map(({ wiki }) => wiki);
  const unknown = wikis?.find(wiki => !names.includes(wiki));
  if (unknown === undefined) return;
  const near = names
    .map(name => ({ name, distance: distance(name, unknown) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name);
  throw invalid(
    `backfill: there is no public wiki "${unknown}"; near are ${near.join(', ')}. ` +
      'Wikis go by their database name. Example: {"wikis":["enwiki"]} for en.wikipedia.org',
  );
}

function unreachableRange({ from, to, source }: PlanInput, reaches: Reaches): PipelineError {
  const [reach] = Object.values(reaches);
  const kept = reach === undefined ? 'nothing' : `${iso(reach.fromMs)} to ${iso(reach.toMs)}`;
  return invalid(
    `backfill: ${source} cannot give ${from} to ${to}: it has ${kept}. ` +
      'Take source auto, which asks the history dumps for what is older than a month',
  );
}

function whyMissing(source: WantedSource): string {
  return source === 'auto'
    ? 'neither stream, API nor dumps have it: the dump of its month is not out yet'
    : `the ${source} does not reach it; auto takes what the others have`;
}

function invalid(message: string): PipelineError {
  return new PipelineError(message, {
    code: 'invalid_input',
    op: 'plan',
    subject: 'backfill',
    retryable: false,
  });
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Letters to change, add or leave out to make one of the other (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(b).entries())
      next.push(
        Math.min((row[j] ?? 0) + (letter === other ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}
