/** ⑦ `GET /api/v1/backfills`: ranges filled from other sources than the live stream, and what `bot` means there. */
import type { Coverage } from '../../core/backfill.ts';
import { firstMinute } from '../range.ts';
import type { ApiRoutes } from '../route-context.ts';
import { Backfills, BackfillsQuery } from '../schemas/backfills.ts';
import type { Backfill } from '../schemas/backfills.ts';
import { parameterProblem, readProblems } from '../schemas/problem.ts';

export const backfillsRoutes: ApiRoutes = (app, { gold, now }) => {
  const schema = {
    tags: ['counts'],
    operationId: 'listBackfills',
    summary: 'Ranges filled by backfills',
    querystring: BackfillsQuery,
    response: { 200: Backfills, ...parameterProblem, ...readProblems },
  };
  app.get('/api/v1/backfills', { schema }, async request => {
    const { minutes, wiki } = request.query;
    const covered = await gold.coverage(firstMinute(now(), minutes));
    return covered
      .filter(({ wikis }) => wiki === undefined || wikis === undefined || wikis.includes(wiki))
      .map(toBackfill);
  });
};

function toBackfill({ source, from, to, wikis }: Coverage): Backfill {
  return {
    from,
    to,
    source,
    bot: source === 'dump' ? 'account' : 'change',
    ...(wikis !== undefined && { wikis: [...wikis] }),
  };
}
