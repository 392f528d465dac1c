/** ⑦ `GET /api/v1/expectation`: how many edits are usual, and within which band. */
import { isoSeconds } from '../../core/time.ts';
import { ALL_WIKIS } from '../../core/wiki-name.ts';
import type { Buckets } from '../../core/steps.ts';
import { expectationOf } from '../../core/usual/expectation.ts';
import type { Usual } from '../../core/usual/usual.ts';
import { needKnownWiki } from '../known-wiki.ts';
import { leaving } from '../leaving.ts';
import { rounded } from '../rounded.ts';
import type { ApiRoutes } from '../route-context.ts';
import { Expectation, ExpectationQuery } from '../schemas/expectation.ts';
import type { ExpectedBand } from '../schemas/expectation.ts';
import { jsonResponse, parameterProblem, readProblems, unknownWikiProblem } from '../schemas/problem.ts';
import { bucketsAsked } from '../series-range.ts';
import { wikisAsked } from '../wikis-asked.ts';

/** The past of a wiki, which is read once an hour. */
const PAST_MINUTES = 13 * 7 * 24 * 60;
const CHEAP_MINUTES = PAST_MINUTES;
const DECIMALS = 2;

export const expectationRoutes: ApiRoutes = (app, { gold, now, questions, usual }) => {
  const schema = {
    tags: ['counts'],
    operationId: 'readExpectation',
    summary: 'How many edits are usual',
    querystring: ExpectationQuery,
    response: {
      200: jsonResponse('What is usual.', Expectation),
      ...parameterProblem,
      ...unknownWikiProblem,
      ...readProblems,
    },
  };
  app.get('/api/v1/expectation', { schema }, async (request, reply) => {
    const wikis = wikisAsked(request.query.wiki);
    const nowMs = now();
    const buckets = bucketsAsked(request.query, nowMs);
    for (const wiki of wikis) if (wiki !== ALL_WIKIS) await needKnownWiki(wiki, gold);
    const minutes = wikis.length * PAST_MINUTES;
    const asked = { minutes, cheapMinutes: CHEAP_MINUTES, left: leaving(reply) };
    return questions.answer(asked, async stopSignal => {
      const answered: Expectation['wikis'] = [];
      for (const wiki of wikis) {
        stopSignal.throwIfAborted();
        const { human, bot } = await usual.of(wiki, Math.floor(nowMs / 1000));
        answered.push({ wiki, human: bandOf(human, buckets), bot: bandOf(bot, buckets) });
      }
      const { from, to, stepSec } = buckets;
      return { from: isoSeconds(from), to: isoSeconds(to), stepSec, wikis: answered } satisfies Expectation;
    });
  });
};

function bandOf(usual: Usual, { from, stepSec, count }: Buckets): ExpectedBand {
  const band: { [K in 'mean' | 'low' | 'high']: (number | null)[] } = { mean: [], low: [], high: [] };
  let dispersion: number | null = null;
  for (let at = 0; at < count; at += 1) {
    const start = from + at * stepSec;
    const expected = expectationOf(usual, { from: start, to: start + stepSec });
    const isKnown = expected.kind === 'expected';
    band.mean.push(isKnown ? rounded(expected.mean, DECIMALS) : null);
    band.low.push(isKnown ? rounded(expected.low, DECIMALS) : null);
    band.high.push(isKnown ? rounded(expected.high, DECIMALS) : null);
    if (isKnown) dispersion = rounded(expected.dispersion, DECIMALS);
  }
  return { ...band, dispersion };
}
