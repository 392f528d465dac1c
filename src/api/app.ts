/**
 * ⑦ Builds the HTTP service: plugins first, then routes, in an explicit order. It does not listen: `server.ts` opens
 * the port, tests inject requests.
 *
 * This folder holds the HTTP edge only: plugins, routes, and the schemas that the dashboard shares. Data comes from
 * `GoldReader`.
 */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { LogController, fastify } from 'fastify';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Explain } from '../contracts/explanation.ts';
import type { LiveSource } from '../contracts/live-source.ts';
import { DEFAULT_REQUESTS_PER_MINUTE } from '../contracts/limits.ts';
import type { GoldReader } from '../gold/gold-store.ts';
import { UsualOfWikis } from '../gold/usual-of-wikis.ts';
import { INGEST_ID } from '../recentchange/definition.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { BackfillRuns } from '../temporal/backfill-runs.ts';
import type { ReadPipeline } from '../temporal/pipeline-reader.ts';
import { HttpProblem } from './http-problem.ts';
import { LiveHub } from './live-hub.ts';
import { readLiveNews } from './live-news.ts';
import { limitConnections } from './limit-connections.ts';
import { ExpensiveQuestions } from './expensive-questions.ts';
import { Explanations } from './explanations.ts';
import { answerBrokenRequest, registerBrokenRequests } from './plugins/broken-requests.ts';
import { ANY_ORIGIN, registerCors, registerPreflights } from './plugins/cors.ts';
import { registerCompression } from './plugins/compression.ts';
import { registerNotModified } from './plugins/not-modified.ts';
import { registerOpenapi } from './plugins/openapi.ts';
import { registerParameters } from './plugins/parameters.ts';
import { answerError, registerProblems } from './plugins/problems.ts';
import { registerRateLimits } from './plugins/rate-limits.ts';
import { nameRequest, registerRequestId, requestIdOf } from './plugins/request-id.ts';
import { registerRequestMetrics } from './plugins/request-metrics.ts';
import { sharedSerializers } from './plugins/serializers.ts';
import { registerSecurity } from './plugins/security.ts';
import { registerDashboard } from './routes/dashboard.ts';
import { editsRoutes } from './routes/edits.ts';
import { anomaliesRoutes } from './routes/anomalies.ts';
import { expectationRoutes } from './routes/expectation.ts';
import { explainRoutes } from './routes/explain.ts';
import { backfillRunsRoutes } from './routes/backfill-runs.ts';
import { backfillsRoutes } from './routes/backfills.ts';
import { coverageRoutes } from './routes/coverage.ts';
import { liveRoutes } from './routes/live.ts';
import { feedsRoutes } from './routes/feeds.ts';
import { gapsRoutes } from './routes/gaps.ts';
import { healthRoutes } from './routes/health.ts';
import { hoursRoutes } from './routes/hours.ts';
import { pipelineRoutes } from './routes/pipeline.ts';
import { seriesRoutes } from './routes/series.ts';
import { statusRoutes } from './routes/status.ts';
import { wikiListRoutes } from './routes/wiki-list.ts';
import { wikisRoutes } from './routes/wikis.ts';

export interface ApiDependencies {
  readonly gold: GoldReader;
  /** Directory of the built dashboard. */
  readonly dashboardDir: string;
  /** Version of this software, for `status` and the OpenAPI description. */
  readonly version: string;
  /** Linked from the dashboard, if known. */
  readonly temporalUiUrl?: string | undefined;
  /** Wikis that the installation keeps; absent or empty: all. */
  readonly keptWikis?: readonly string[];
  /** Asks Temporal for the run of ingest; without it, the API says that it cannot ask. */
  readonly pipeline?: ReadPipeline | undefined;
  /** Undefined: nothing is logged. */
  readonly log?: FastifyBaseLogger | undefined;
  /** LATENESS_SEC: how late events may be. */
  readonly latenessMs?: number;
  /** The clock, epoch ms. */
  readonly now?: () => number;
  /** Lists, starts and controls backfills; without it, the API says that it cannot ask. */
  readonly backfills?: BackfillRuns | undefined;
  /** ADMIN_TOKEN; undefined: nobody may change anything. */
  readonly adminToken?: string | undefined;
  /** Reads bronze to explain a range; without it, the API says that it cannot. */
  readonly explain?: Explain | undefined;
  /** The newest minutes as they come; without it, nobody can watch. */
  readonly live?: LiveSource | undefined;
  /** CORS_ORIGINS: whose pages may read. Absent: those of any origin. */
  readonly corsOrigins?: readonly string[];
  /** RATE_LIMIT_PER_MINUTE: units that one client address has in a minute; 0: no limit. */
  readonly requestsPerMinute?: number;
  /** TRUSTED_PROXIES: whose `X-Forwarded-For` says who the client is. Absent or empty: nobody's. */
  readonly trustedProxies?: readonly string[];
  /** Counts answers, if it is watched. */
  readonly metrics?: Metrics | undefined;
  /** Tests use shorter ones. */
  readonly limits?: Partial<ConnectionLimits>;
}

/** What one client, or many, can hold on to. */
export interface ConnectionLimits {
  /** A connection has this long to send the headers of its first request, and of each later one once it has begun. */
  readonly headersMs: number;
  /** A request has this long to arrive completely. */
  readonly requestMs: number;
  /** Of a body. The input of a backfill is the only one that is read. */
  readonly bodyBytes: number;
  /** Further connections are closed at once; those of viewers are not among them. */
  readonly connections: number;
  /** Of the live route. Further ones are answered 503. */
  readonly viewers: number;
  /** A viewer that reads nothing for this long is dropped. */
  readonly stuckMs: number;
}

const LIMITS: ConnectionLimits = {
  headersMs: 10_000,
  requestMs: 20_000,
  bodyBytes: 64 << 10,
  connections: 1_000,
  viewers: 10_000,
  stuckMs: 30_000,
};

/** As LATENESS_SEC has it by default. */
const LATENESS_MS = 300_000;

const ROUTES = [
  wikisRoutes,
  editsRoutes,
  seriesRoutes,
  wikiListRoutes,
  liveRoutes,
  coverageRoutes,
  expectationRoutes,
  anomaliesRoutes,
  explainRoutes,
  gapsRoutes,
  hoursRoutes,
  backfillsRoutes,
  backfillRunsRoutes,
  healthRoutes,
  statusRoutes,
  pipelineRoutes,
  feedsRoutes,
];

function withoutTemporal(sinceMs: number): ReadPipeline {
  return async () => ({ kind: 'away', what: 'This API is not connected to Temporal.', sinceMs });
}

const notConnected = async (): Promise<never> => {
  throw new HttpProblem(503, 'This API is not connected to Temporal.');
};
const NO_BACKFILLS: BackfillRuns = { list: notConnected, start: notConnected, control: notConnected };

/** The service, ready to listen or to inject requests into. */
export async function buildApp(dependencies: ApiDependencies): Promise<FastifyInstance> {
  const { gold, dashboardDir, version, temporalUiUrl, keptWikis = [], log, now = Date.now } = dependencies;
  const { pipeline = withoutTemporal(now()), backfills = NO_BACKFILLS, adminToken } = dependencies;
  const { latenessMs = LATENESS_MS, corsOrigins = [ANY_ORIGIN] } = dependencies;
  const { requestsPerMinute = DEFAULT_REQUESTS_PER_MINUTE, trustedProxies = [] } = dependencies;
  const limits = { ...LIMITS, ...dependencies.limits };
  const app: FastifyInstance = fastify({
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestMs,
    http: {
      headersTimeout: limits.headersMs,
      connectionsCheckingInterval: Math.min(1_000, limits.headersMs),
      requireHostHeader: false,
    },
    genReqId: requestIdOf,
    schemaController: { compilersFactory: { buildSerializer: sharedSerializers } },
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    ...(log !== undefined && { loggerInstance: log }),
    // The dashboard polls every two seconds: two lines per request would drown the rest of the log.
    logController: new LogController({ disableRequestLogging: true }),
    // Requests that arrive while closing still succeed: gold is closed after the service.
    return503OnClosing: false,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, request, reply) => {
      nameRequest(reply);
      allowOrigin(request, reply);
      count(request, reply);
      answerError(error, request, reply.header('cache-control', 'no-store'));
    },
  });
  const source = dependencies.live;
  const hub =
    source &&
    new LiveHub({
      gold,
      keptWikis,
      latenessMs,
      now,
      source,
      readNews: nowMs => readLiveNews({ gold, pipeline, ingestId: INGEST_ID }, nowMs),
      mostViewers: limits.viewers,
      stuckMs: limits.stuckMs,
    });
  limitConnections(app.server, limits.connections, () => hub?.viewers ?? 0);
  // Before the service waits for its answers to end: these have no end.
  app.addHook('preClose', async () => hub?.close());
  if (dependencies.metrics !== undefined) registerRequestMetrics(app, dependencies.metrics);
  registerRequestId(app);
  const allowOrigin = registerCors(app, corsOrigins);
  registerParameters(app);
  registerProblems(app);
  registerNotModified(app);
  registerCompression(app);
  await registerSecurity(app);
  // From here on a request can be refused: what every answer has is set.
  const count = registerRateLimits(app, requestsPerMinute);
  registerPreflights(app);
  registerBrokenRequests(app);
  await registerOpenapi(app, version);

  const typed = app.withTypeProvider<TypeBoxTypeProvider>();
  const questions = new ExpensiveQuestions();
  const context = {
    gold,
    version,
    temporalUiUrl,
    keptWikis,
    now,
    pipeline,
    backfills,
    adminToken,
    ingestId: INGEST_ID,
    questions,
    latenessMs,
    explanations:
      dependencies.explain && new Explanations({ explain: dependencies.explain, gold, questions }),
    live: hub,
    usual: new UsualOfWikis(gold, keptWikis),
  };
  for (const routes of ROUTES) routes(typed, context);
  await registerDashboard(app, dashboardDir);
  await app.ready();
  return app;
}
