/** ⑦ `GET /api/v1/status`: origin and freshness of the counts. The dashboard's SIMULATED label depends on it. */
import { shownUrl } from '../../core/shown-url.ts';
import { isoMs, isoSeconds } from '../../core/time.ts';
import type { GoldReader } from '../../gold/gold-store.ts';
import { LIVE } from '../plugins/not-modified.ts';
import type { ApiRoutes } from '../route-context.ts';
import { jsonResponse, readProblems } from '../schemas/problem.ts';
import { MAX_UNREADABLE, Status } from '../schemas/status.ts';

export const statusRoutes: ApiRoutes = (app, { gold, now, version, temporalUiUrl }) => {
  const schema = {
    tags: ['service'],
    operationId: 'status',
    summary: 'Origin and freshness of the counts',
    response: { 200: jsonResponse('Origin and freshness of the counts.', Status), ...readProblems },
  };
  app.get('/api/v1/status', { schema, config: LIVE }, async () => {
    const nowMs = now();
    const [sources, lastMinute] = await Promise.all([gold.sources(), gold.lastMinute()]);
    return {
      version,
      gold: gold.kind,
      now: isoMs(nowMs),
      ...(lastMinute !== undefined && { lastMinute: isoSeconds(lastMinute) }),
      simulated: sources.some(source => source.simulated),
      // Rows of older versions can contain a query.
      sources: sources.map(({ url, simulated }) => ({ url: shownUrl(url), simulated })),
      ...unreadableIn(gold),
      ...(temporalUiUrl !== undefined && { temporalUiUrl }),
    };
  });
};

function unreadableIn(gold: GoldReader): Pick<Status, 'unreadable'> {
  const found = gold.unreadable?.() ?? [];
  if (found.length === 0) return {};
  const first = found.slice(0, MAX_UNREADABLE);
  return {
    unreadable: {
      count: found.length,
      first: first.map(({ key, problem, sinceMs }) => ({ key, problem, since: isoMs(sinceMs) })),
    },
  };
}
