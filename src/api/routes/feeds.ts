/** ⑦ `GET /feeds/anomalies.atom` and `.json`, `/feeds/{wiki}.atom` and `.json`: what was unusual, for feed readers. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FEED_DAYS } from '../../contracts/limits.ts';
import { wikiInfo } from '../../core/wiki-names.ts';
import { feedEntries } from '../anomaly-entries.ts';
import { atomText, jsonFeed } from '../feed-text.ts';
import type { Feed } from '../feed-text.ts';
import { needKnownWiki } from '../known-wiki.ts';
import type { ApiRoutes } from '../route-context.ts';
import {
  ATOM,
  FeedParameters,
  FeedQuery,
  JSON_FEED,
  atomResponse,
  jsonFeedResponse,
} from '../schemas/feeds.ts';
import { parameterProblem, readProblems, unknownWikiProblem } from '../schemas/problem.ts';

const DAY = 86_400;
/** What a client may have sent as its `Host`. */
const HOST = /^[a-z0-9.:[\]-]{1,255}$/i;

interface FeedAsked {
  /** Absent: every wiki. */
  readonly wiki?: string;
  readonly ending: 'atom' | 'json';
  readonly bots?: 'leave' | 'include';
}

export const feedsRoutes: ApiRoutes = (app, { gold, now }) => {
  const feedOf = async (
    request: FastifyRequest,
    { wiki, ending, bots = 'leave' }: FeedAsked,
  ): Promise<Feed> => {
    if (wiki !== undefined) await needKnownWiki(wiki, gold);
    const second = Math.floor(now() / 1000);
    // Of whole days, so that the feed stays the same while nothing is new.
    const from = (Math.floor(second / DAY) - FEED_DAYS) * DAY;
    const [found, sources] = await Promise.all([
      gold.anomalies({ from, to: second + 1, wiki }),
      gold.sources(),
    ]);
    const anomalies = found.filter(({ account }) => bots === 'include' || account === 'human');
    const entries = feedEntries(anomalies);
    const name = wiki === undefined ? 'wikigauge' : `wikigauge, ${wikiInfo(wiki).english}`;
    const isSimulated = sources.some(({ simulated }) => simulated);
    return {
      id: `urn:wikigauge:feed:${wiki ?? 'anomalies'}${bots === 'include' ? ':bots' : ''}`,
      title: `${name}: unusually many edits${isSimulated ? ' (SIMULATED)' : ''}`,
      base: baseOf(request),
      path: `/feeds/${wiki ?? 'anomalies'}.${ending}${bots === 'include' ? '?bots=include' : ''}`,
      page: wiki === undefined ? '/' : `/?wiki=${wiki}`,
      updated: Math.max(from, ...entries.map(({ updated }) => updated)),
      entries,
    };
  };
  const atom = async (request: FastifyRequest, reply: FastifyReply, asked: Omit<FeedAsked, 'ending'>) =>
    reply.type(`${ATOM}; charset=utf-8`).send(atomText(await feedOf(request, { ending: 'atom', ...asked })));
  const json = async (request: FastifyRequest, reply: FastifyReply, asked: Omit<FeedAsked, 'ending'>) =>
    reply
      .type(`${JSON_FEED}; charset=utf-8`)
      .send(jsonFeed(await feedOf(request, { ending: 'json', ...asked })));
  const ofAll = {
    tags: ['feeds'],
    querystring: FeedQuery,
  };
  const ofWiki = { ...ofAll, params: FeedParameters };
  const problems = { ...parameterProblem, ...readProblems };
  const problemsOfWiki = { ...unknownWikiProblem, ...problems };

  app.get(
    '/feeds/anomalies.atom',
    {
      schema: {
        ...ofAll,
        operationId: 'atomOfAnomalies',
        summary: 'What was unusual, as Atom',
        response: { 200: atomResponse, ...problems },
      },
    },
    (request, reply) => atom(request, reply, request.query),
  );
  app.get(
    '/feeds/anomalies.json',
    {
      schema: {
        ...ofAll,
        operationId: 'jsonFeedOfAnomalies',
        summary: 'What was unusual, as JSON Feed',
        response: { 200: jsonFeedResponse, ...problems },
      },
    },
    (request, reply) => json(request, reply, request.query),
  );
  app.get(
    '/feeds/:wiki.atom',
    {
      schema: {
        ...ofWiki,
        operationId: 'atomOfWiki',
        summary: 'What was unusual in a wiki, as Atom',
        response: { 200: atomResponse, ...problemsOfWiki },
      },
    },
    (request, reply) => atom(request, reply, { ...request.params, ...request.query }),
  );
  app.get(
    '/feeds/:wiki.json',
    {
      schema: {
        ...ofWiki,
        operationId: 'jsonFeedOfWiki',
        summary: 'What was unusual in a wiki, as JSON Feed',
        response: { 200: jsonFeedResponse, ...problemsOfWiki },
      },
    },
    (request, reply) => json(request, reply, { ...request.params, ...request.query }),
  );
};

/** As the client knows the service; empty where it has not said it. */
function baseOf({ protocol, host }: FastifyRequest): string {
  return HOST.test(host ?? '') ? `${protocol}://${host}` : '';
}
