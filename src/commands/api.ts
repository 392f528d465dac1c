/** `wikigauge api`: one process with the API and the dashboard, configured by environment variables. */
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { runApi } from '../api/server.ts';
import { explainRange } from '../insight/explain/explain-range.ts';
import { INGEST_ID, recentChange } from '../recentchange/definition.ts';
import { readDetails } from '../recentchange/details.ts';
import { backfillRuns } from '../temporal/backfill-runs.ts';
import { lazyClient } from '../temporal/client.ts';
import { pipelineReader } from '../temporal/pipeline-reader.ts';
import { createLogger } from '../telemetry/log.ts';
import { liveSource } from '../live/source.ts';
import { feedFinder } from './feed-finder.ts';
import { packageVersion, readConfigWithGold } from './environment.ts';

/**
 * How much the heap may grow before garbage is collected. A long range makes much of it and keeps little, so by default,
 * which is up to 300 %, most of the memory of this process would be garbage.
 */
const HEAP_GROWTH_PERCENT = 20;

/** The heap has no limit of this kind before garbage was collected once: it would grow to 150 MB first. */
function limitHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
}

export async function apiCommand(): Promise<void> {
  limitHeapGrowth();
  const config = readConfigWithGold();
  const log = createLogger('api', config.LOG_LEVEL);
  const definition = recentChange(config.EDIT_TYPES);
  const pipeline = pipelineReader(process.env, INGEST_ID);
  await runApi(config, {
    dashboardDir: fileURLToPath(new URL('../../dashboard', import.meta.url)),
    version: packageVersion(),
    temporalUiUrl: config.TEMPORAL_UI_URL,
    keptWikis: config.FILTER_WIKI,
    latenessMs: config.LATENESS_SEC * 1000,
    pipeline,
    liveOf: gold => liveSource({ gold, findFeed: feedFinder(config.LIVE_URL, pipeline), logger: log }),
    explainOf: store => (range, stopSignal) =>
      explainRange(range, { store, definition, readDetails }, stopSignal),
    backfills: backfillRuns(lazyClient(process.env)),
    adminToken: config.ADMIN_TOKEN,
    corsOrigins: config.CORS_ORIGINS,
    requestsPerMinute: config.RATE_LIMIT_PER_MINUTE,
    trustedProxies: config.TRUSTED_PROXIES,
    log,
    print: line => console.log(line),
  });
}
