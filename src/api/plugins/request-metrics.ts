/** Counts answers and how long they took, by the route's pattern: a path that a client makes up is no label. */
import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../../telemetry/metrics.ts';

export function registerRequestMetrics(app: FastifyInstance, metrics: Metrics): void {
  const answers = metrics.counter('wikigauge_http_requests_total', 'Answers, by route and status.');
  const seconds = metrics.seconds('wikigauge_http_request_seconds', 'Time until an answer was sent.');
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unmatched';
    answers.add({ method: request.method, route, status: String(reply.statusCode) });
    seconds.observe({ route }, reply.elapsedTime / 1000);
  });
}
