/** ⑦ `GET /api/v1/gaps`: what the source could not give, so that nobody takes it for minutes without edits. */
import { HOUR_MS, ceilHourMs, floorHourMs, isoSeconds } from '../../core/time.ts';
import { openGaps } from '../../core/gaps.ts';
import type { Gap as StoredGap } from '../../core/gaps.ts';
import { firstMinute } from '../range.ts';
import type { ApiRoutes } from '../routes.ts';
import { Gaps, GapsQuery } from '../schemas/gaps.ts';
import type { Gap } from '../schemas/gaps.ts';
import { parameterProblem, readProblems } from '../schemas/problem.ts';

export const gapsRoutes: ApiRoutes = (app, { gold, now }) => {
  const schema = {
    tags: ['counts'],
    operationId: 'listGaps',
    summary: 'What the source could not give',
    querystring: GapsQuery,
    response: { 200: Gaps, ...parameterProblem, ...readProblems },
  };
  app.get('/api/v1/gaps', { schema }, async request => {
    const { minutes, wiki } = request.query;
    const from = firstMinute(now(), minutes);
    const [gaps, coverage] = await Promise.all([gold.gaps(from), gold.coverage(from)]);
    return openGaps(gaps, coverage, wiki).map(toGap);
  });
};

function toGap({ id, cause, topic, from, to, missing }: StoredGap): Gap {
  return {
    id,
    cause,
    ...(topic !== undefined && { topic }),
    from,
    to,
    ...(missing !== undefined && { missing }),
    backfill: wholeHours(Date.parse(from), Date.parse(to)),
  };
}

/** The hours that a stretch touches, and what fills them. One at least: an instant is missing edits too. */
function wholeHours(fromMs: number, toMs: number): Gap['backfill'] {
  const firstMs = floorHourMs(fromMs);
  const endMs = Math.max(ceilHourMs(toMs), firstMs + HOUR_MS);
  const from = isoSeconds(firstMs / 1000);
  const to = isoSeconds(endMs / 1000);
  return { from, to, command: `npm run backfill -- --from ${from} --to ${to}` };
}
