/** ⑦ `GET /api/v1/coverage`: what is known of the minutes of a wiki, so that a hole is not taken for a zero. */
import { MAX_COVERAGE_MINUTES } from '../../contracts/limits.ts';
import { floorHourMs, isoSeconds } from '../../core/time.ts';
import { ALL_WIKIS } from '../../core/wiki-name.ts';
import { needKnownWiki } from '../known-wiki.ts';
import { leaving } from '../leaving.ts';
import { wrongParameter } from '../plugins/parameters.ts';
import { RANGE_EXAMPLES, rangeAsked } from '../range.ts';
import { readCoverage } from '../read-coverage.ts';
import type { ApiRoutes } from '../route-context.ts';
import { quietHours } from '../shown-expectation.ts';
import { CoverageOfWiki, CoverageQuery } from '../schemas/coverage.ts';
import { jsonResponse, parameterProblem, readProblems, unknownWikiProblem } from '../schemas/problem.ts';

/** Longer questions wait for their turn: gold in S3 reads every hour. */
const CHEAP_MINUTES = 24 * 60;

export const coverageRoutes: ApiRoutes = (app, { gold, now, keptWikis, latenessMs, questions }) => {
  const schema = {
    tags: ['counts'],
    operationId: 'readCoverage',
    summary: 'What is known of the minutes of a wiki',
    querystring: CoverageQuery,
    response: {
      200: jsonResponse('Segments of a range.', CoverageOfWiki),
      ...parameterProblem,
      ...unknownWikiProblem,
      ...readProblems,
    },
  };
  app.get('/api/v1/coverage', { schema }, async (request, reply) => {
    const { wiki } = request.query;
    const nowMs = now();
    const [from, to] = rangeAsked(request.query, nowMs);
    const minutes = (to - from) / 60;
    if (minutes > MAX_COVERAGE_MINUTES) throw tooLong(request.query);
    if (wiki !== ALL_WIKIS) await needKnownWiki(wiki, gold);
    const asked = { minutes, cheapMinutes: CHEAP_MINUTES, left: leaving(reply) };
    return questions.answer(asked, async stopSignal => {
      const range = { fromMs: from * 1000, toMs: to * 1000 };
      const deps = { gold, keptWikis, latenessMs, nowMs, stopSignal };
      const [covered] = await readCoverage([wiki], range, deps);
      const { segments = [], completeThroughMs } = covered ?? {};
      const expectations = await gold.expectations(floorHourMs(from * 1000) / 1000, to);
      return {
        wiki,
        from: isoSeconds(from),
        to: isoSeconds(to),
        completeThrough: completeThroughMs === undefined ? null : isoMinute(completeThroughMs),
        segments: segments.map(({ fromMs, toMs, state, reason }) => ({
          from: isoMinute(fromMs),
          to: isoMinute(toMs),
          state,
          reason,
        })),
        quiet: quietHours(wiki, expectations),
      } satisfies CoverageOfWiki;
    });
  });
};

function tooLong({ minutes, from }: { readonly minutes?: number; readonly from?: string }): Error {
  const expected = `at most ${MAX_COVERAGE_MINUTES} minutes, which is a week`;
  return minutes === undefined
    ? wrongParameter('from', from ?? null, `${expected}, before to`, RANGE_EXAMPLES.from)
    : wrongParameter('minutes', String(minutes), expected, 'minutes=180');
}

function isoMinute(ms: number): string {
  return isoSeconds(ms / 1000);
}
