/** ⑦ `GET /api/v1/series`: counts of up to five wikis by steps of time. */
import { ALL_WIKIS } from '../../core/wiki-name.ts';
import { needKnownWiki } from '../known-wiki.ts';
import { leaving } from '../leaving.ts';
import { wrongParameter } from '../plugins/parameters.ts';
import { endOfMinute } from '../range.ts';
import { readSeries } from '../read-series.ts';
import type { ApiRoutes } from '../route-context.ts';
import { parameterProblem, readProblems, unknownWikiProblem } from '../schemas/problem.ts';
import { SeriesQuery, seriesResponse } from '../schemas/series.ts';
import { bucketsAsked } from '../series-range.ts';
import { CONTENT_TYPES, seriesText, versionOf } from '../series-text.ts';
import type { WikiColumns } from '../series-text.ts';

/** A week of one wiki. Longer questions wait for their turn. */
const CHEAP_MINUTES = 7 * 24 * 60;
/** How many wikis have an edit in a minute, roughly: what all of them cost. */
const WIKIS_A_MINUTE = 100;

export const seriesRoutes: ApiRoutes = (app, { gold, now, keptWikis, latenessMs, questions }) => {
  const schema = {
    tags: ['counts'],
    operationId: 'readSeries',
    summary: 'Counts of wikis by steps of time',
    querystring: SeriesQuery,
    response: { 200: seriesResponse, ...parameterProblem, ...unknownWikiProblem, ...readProblems },
  };
  app.get('/api/v1/series', { schema }, async (request, reply) => {
    const { format = 'json' } = request.query;
    const wikis = wikisOf(request.query.wiki);
    const nowMs = now();
    const buckets = bucketsAsked(request.query, nowMs);
    const minutes =
      ((buckets.to - buckets.from) / 60) * (wikis[0] === ALL_WIKIS ? WIKIS_A_MINUTE : wikis.length);
    const asked = { minutes, cheapMinutes: CHEAP_MINUTES, left: leaving(reply) };
    return questions.answer(asked, async stopSignal => {
      const deps = { gold, keptWikis, latenessMs, nowMs, end: endOfMinute(nowMs), stopSignal };
      const series = await readSeries(wikis, buckets, deps);
      for (const { wiki } of series.wikis.filter(isEmpty))
        if (wiki !== ALL_WIKIS) await needKnownWiki(wiki, gold);
      const version = versionOf(buckets, series);
      reply.header('etag', `"${version}-${format}"`).header('cache-control', 'no-cache');
      return reply.type(CONTENT_TYPES[format]).send(seriesText(format, buckets, series, version));
    });
  });
};

/** @throws WrongParameters when `all` is one of several */
function wikisOf(text: string): string[] {
  const wikis = [...new Set(text.split(','))];
  if (wikis.length === 1 || !wikis.includes(ALL_WIKIS)) return wikis;
  const expected = `database names of wikis, or ${ALL_WIKIS} alone`;
  throw wrongParameter('wiki', text, expected, `wiki=${ALL_WIKIS}`);
}

/** Whatever is known of all wikis says nothing of whether there is this one. */
function isEmpty({ human, bot }: WikiColumns): boolean {
  return [...human, ...bot].every(count => count === null || count === 0);
}
