/** ⑦ `GET /wikis`: which wikis have counts. */
import type { ApiRoutes } from '../route-context.ts';
import { parameterProblem, readProblems } from '../schemas/problem.ts';
import { DEFAULT_WIKIS } from '../../contracts/limits.ts';
import { Wikis, WikisQuery } from '../schemas/wikis.ts';

export const wikisRoutes: ApiRoutes = (app, { gold }) => {
  const schema = {
    tags: ['counts'],
    operationId: 'listWikis',
    summary: 'Wikis with counts, most recently active first',
    querystring: WikisQuery,
    response: { 200: Wikis, ...parameterProblem, ...readProblems },
  };
  app.get('/wikis', { schema }, request => gold.wikis(request.query.limit ?? DEFAULT_WIKIS));
};
