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
import type { GoldReader } from '../gold/gold-store.ts';
import { registerOpenapi } from './plugins/openapi.ts';
import { registerParameters } from './plugins/parameters.ts';
import { answerError, registerProblems } from './plugins/problems.ts';
import { registerSecurity } from './plugins/security.ts';
import { registerDashboard } from './routes/dashboard.ts';
import { editsRoutes } from './routes/edits.ts';
import { backfillsRoutes } from './routes/backfills.ts';
import { gapsRoutes } from './routes/gaps.ts';
import { healthRoutes } from './routes/health.ts';
import { statusRoutes } from './routes/status.ts';
import { wikisRoutes } from './routes/wikis.ts';

export interface ApiDependencies {
  readonly gold: GoldReader;
  /** Directory of the built dashboard. */
  readonly dashboardDir: string;
  /** Version of this software, for `status` and the OpenAPI description. */
  readonly version: string;
  /** Linked from the dashboard, if known. */
  readonly temporalUiUrl?: string | undefined;
  /** Undefined: nothing is logged. */
  readonly log?: FastifyBaseLogger | undefined;
  /** The clock, epoch ms. */
  readonly now?: () => number;
}

/** The service, ready to listen or to inject requests into. */
export async function buildApp(dependencies: ApiDependencies): Promise<FastifyInstance> {
  const { gold, dashboardDir, version, temporalUiUrl, log, now = Date.now } = dependencies;
  const app: FastifyInstance = fastify({
    ...(log !== undefined && { loggerInstance: log }),
    // The dashboard polls every two seconds: two lines per request would drown the rest of the log.
    logController: new LogController({ disableRequestLogging: true }),
    // Requests that arrive while closing still succeed: gold is closed after the service.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => {
      answerError(error, request, reply);
    },
  });
  registerParameters(app);
  registerProblems(app);
  await registerSecurity(app);
  await registerOpenapi(app, version);

  const typed = app.withTypeProvider<TypeBoxTypeProvider>();
  for (const routes of [wikisRoutes, editsRoutes, gapsRoutes, backfillsRoutes, healthRoutes, statusRoutes]) {
    routes(typed, { gold, version, temporalUiUrl, now });
  }
  await registerDashboard(app, dashboardDir);
  await app.ready();
  return app;
}
