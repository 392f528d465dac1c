/** ⑦ `GET /api/v1/live`: the newest minutes of up to five wikis, as server-sent events. */
import { ALL_WIKIS } from '../../core/wiki-name.ts';
import { HttpProblem } from '../http-problem.ts';
import { needKnownWiki } from '../known-wiki.ts';
import { LIVE } from '../plugins/not-modified.ts';
import type { ApiRoutes } from '../route-context.ts';
import { LiveQuery, liveResponse } from '../schemas/live.ts';
import { parameterProblem, readProblems, unknownWikiProblem } from '../schemas/problem.ts';
import { wikisAsked } from '../wikis-asked.ts';

/** No proxy is to compress, collect or keep it. */
const UNBUFFERED = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
};

export const liveRoutes: ApiRoutes = (app, { gold, live }) => {
  const schema = {
    tags: ['counts'],
    operationId: 'watchMinutes',
    summary: 'The newest minutes as they come',
    querystring: LiveQuery,
    response: { 200: liveResponse, ...parameterProblem, ...unknownWikiProblem, ...readProblems },
  };
  // A HEAD would have to end what has no end.
  app.get('/api/v1/live', { schema, config: LIVE, exposeHeadRoute: false }, async (request, reply) => {
    const wikis = wikisAsked(request.query.wiki);
    for (const wiki of wikis) if (wiki !== ALL_WIKIS) await needKnownWiki(wiki, gold);
    // The answer before it has no end, so this one would never be sent, and take the place of a viewer.
    if (reply.raw.socket === null)
      throw new HttpProblem(503, 'This connection watches already; open another.');
    if (live === undefined) throw new HttpProblem(503, 'This API does not follow the newest minutes.');
    if (live.isFull) throw new HttpProblem(503, 'Too many viewers watch live already; try again later.');
    const lastEventId = request.headers['last-event-id'];
    reply.hijack();
    const headers = { ...reply.getHeaders(), ...UNBUFFERED };
    for (const [name, value] of Object.entries(headers))
      if (value !== undefined) reply.raw.setHeader(name, value);
    reply.raw.writeHead(200);
    live.add(reply.raw, wikis, typeof lastEventId === 'string' ? lastEventId : undefined);
    return reply;
  });
};
