/** `wikigauge doctor`: checks everything that a run needs, one line each, and says how to fix what is wrong. */
import { randomUUID } from 'node:crypto';
import type { Config } from '../config/declarations.ts';
import { messageOf, PipelineError } from '../contracts/errors.ts';
import { sourceProblems } from '../source/known-problems.ts';
import { fetchOnSite } from '../source/same-site.ts';
import { shownUrl } from '../core/shown-url.ts';
import { temporalProblems } from '../temporal/known-problems.ts';
import { openRuns, pollersOf } from '../temporal/pollers.ts';
import { ensureSearchAttributes } from '../temporal/search-attributes.ts';
import { withClient, withGold, withStore } from './connections.ts';
import { readConfig } from './environment.ts';
import { proxyAdvice } from './proxy-advice.ts';

export interface Check {
  readonly name: string;
  /** Resolves with what was found; rejects with what is wrong. */
  readonly look: () => Promise<string>;
}

/** Prints one line per check; exit code 1 when any fails. */
export async function doctorCommand(extraChecks: readonly Check[] = []): Promise<void> {
  // Throws when settings are wrong, with all of them in one message.
  const config = readConfig();
  for (const { name, look } of checksFor(config, extraChecks)) {
    try {
      console.log(`✔ ${name.padEnd(12)} ${await look()}`);
    } catch (error) {
      process.exitCode = 1;
      const hint = error instanceof PipelineError && error.hint !== '' ? `\n  → ${error.hint}` : '';
      console.log(`✘ ${name.padEnd(12)} ${messageOf(error)}${hint}`);
    }
  }
}

function checksFor(config: Config, extraChecks: readonly Check[]): Check[] {
  return [
    { name: 'Node', look: async () => process.versions.node },
    { name: 'settings', look: async () => 'valid' },
    ...extraChecks,
    { name: 'stream', look: () => checkStream(config) },
    { name: 'Temporal', look: checkTemporal },
    { name: 'workers', look: checkWorkers },
    { name: 'S3', look: () => checkS3(config) },
    ...config.GOLD.map(kind => ({
      name: kind === 's3' ? 'gold in S3' : 'Postgres',
      look: () => checkGold({ ...config, GOLD: [kind] }),
    })),
  ];
}

async function checkStream({ EVENTSTREAMS_URL, USER_AGENT }: Config): Promise<string> {
  const address = shownUrl(EVENTSTREAMS_URL);
  const headers = { Accept: 'text/event-stream', 'User-Agent': USER_AGENT };
  const response = await fetchOnSite(EVENTSTREAMS_URL, {
    headers,
    signal: AbortSignal.timeout(8_000),
  }).catch((error: unknown) => {
    throw problem(
      `${address}: ${messageOf(error)}`,
      proxyAdvice(process.env) ?? sourceProblems.noNetwork.remedy,
    );
  });
  await response.body?.cancel();
  if (response.status === 200) return address;
  const { blocked, wrongStream } = sourceProblems;
  const hint = response.status === 403 ? blocked.remedy : wrongStream.remedy;
  throw problem(`${address} responded with ${response.status}`, hint);
}

async function checkTemporal(): Promise<string> {
  return withClient(async client => {
    const { areBackfillsIndexed } = await ensureSearchAttributes(client);
    const except = areBackfillsIndexed ? '' : ', except those of backfills, which cannot be found by wiki';
    return `namespace ${client.options.namespace}, search attributes exist${except}`;
  });
}

/** Work on a queue without a worker waits without end, and nothing else shows it. */
async function checkWorkers(): Promise<string> {
  return withClient(async client => {
    const queues = await pollersOf(client, Date.now());
    const workers = new Set(queues.flatMap(queue => queue.workers));
    const unserved = queues.filter(queue => queue.workers.length === 0).map(({ queue }) => queue);
    if (unserved.length === 0) return `${workers.size} running; every task queue has one`;
    if (unserved.length === queues.length && (await openRuns(client)) === 0)
      return 'none is running, and no run waits for one; start one with: npm run worker';
    throw problem(
      unserved.length === queues.length
        ? temporalProblems.noWorker.shows
        : temporalProblems.unservedQueues.shows({ queues: unserved.join(', ') }),
      temporalProblems.noWorker.remedy,
    );
  });
}

async function checkS3(config: Config): Promise<string> {
  return withStore(config, async store => {
    await store.prepare(randomUUID());
    return `bucket ${config.BUCKET}, conditional writes work`;
  });
}

async function checkGold(config: Config): Promise<string> {
  const postgres = { maxConnections: 1, applicationName: 'wikigauge doctor', statementTimeoutMs: 5_000 };
  return withGold(config, postgres, async ({ store, gold }) => {
    if (gold.kind === 's3') await store.prepareVersions(randomUUID());
    const sources = await gold.sources();
    return sources.length === 0
      ? 'up to date, empty'
      : `up to date, with counts from ${sources.map(({ url }) => shownUrl(url)).join(', ')}`;
  });
}

function problem(message: string, hint: string): PipelineError {
  return new PipelineError(message, {
    code: 'bad_configuration',
    op: 'check',
    subject: '',
    retryable: false,
    hint,
  });
}
