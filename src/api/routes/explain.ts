/** ⑦ `GET /api/v1/explain`: why a wiki had the edits that it had, read from bronze once more. */
import type { ExplainedPage as FoundPage, Explanation as Found } from '../../contracts/explanation.ts';
import { explanationText } from '../../contracts/explanation-text.ts';
import { MAX_EXPLAINED_MINUTES } from '../../contracts/limits.ts';
import { isoSeconds } from '../../core/time.ts';
import { ALL_WIKIS } from '../../core/wiki-name.ts';
import { HttpProblem } from '../http-problem.ts';
import { needKnownWiki } from '../known-wiki.ts';
import { leaving } from '../leaving.ts';
import { wrongParameter } from '../plugins/parameters.ts';
import { rangeAsked } from '../range.ts';
import { rounded } from '../rounded.ts';
import type { ApiRoutes } from '../route-context.ts';
import { ExplainQuery, Explanation } from '../schemas/explain.ts';
import type { ExplainedCause, ExplainedPage } from '../schemas/explain.ts';
import {
  jsonResponse,
  parameterProblem,
  problemResponse,
  readProblems,
  unknownWikiProblem,
} from '../schemas/problem.ts';

const SHARE_DECIMALS = 3;
const NO_STORE =
  'This API cannot read bronze, so it cannot explain anything: give it BUCKET and keys that may read it. Counts are answered without it.';

export const explainRoutes: ApiRoutes = (app, { gold, now, explanations }) => {
  const schema = {
    tags: ['counts'],
    operationId: 'explainRange',
    summary: 'Why a wiki had the edits that it had',
    querystring: ExplainQuery,
    response: {
      200: jsonResponse('What was found, and the most likely reason.', Explanation),
      ...parameterProblem,
      ...unknownWikiProblem,
      ...readProblems,
      503: problemResponse(503, 'Bronze or gold cannot be read.', NO_STORE),
    },
  };
  app.get('/api/v1/explain', { schema }, async (request, reply) => {
    const { wiki } = request.query;
    const [from, to] = rangeAsked(request.query, now());
    if (to - from > 60 * MAX_EXPLAINED_MINUTES) throw tooLong(request.query.to, from);
    if (wiki !== ALL_WIKIS) await needKnownWiki(wiki, gold);
    if (explanations === undefined) throw new HttpProblem(503, NO_STORE);
    return shown({ wiki, from, to }, await explanations.of({ wiki, from, to }, leaving(reply)));
  });
};

function tooLong(to: string, from: number): Error {
  const expected = `at most ${MAX_EXPLAINED_MINUTES} minutes after from`;
  return wrongParameter('to', to, expected, `to=${isoSeconds(from + 60 * MAX_EXPLAINED_MINUTES)}`);
}

interface Asked {
  readonly wiki: string;
  readonly from: number;
  readonly to: number;
}

function shown({ wiki, from, to }: Asked, explanation: Found): Explanation {
  const { facts, cause, parts, unreadParts, isSimulated } = explanation;
  const { busiest, newcomers, newcomerChanges, changes } = facts;
  const shareOf = (part: number): number => rounded(changes === 0 ? 0 : part / changes, SHARE_DECIMALS);
  const pageOf = (page: FoundPage): ExplainedPage => shownPage(page, shareOf(page.changes));
  return {
    wiki,
    from: isoSeconds(from),
    to: isoSeconds(to),
    sentence: explanationText(explanation),
    cause: shownCause(cause, pageOf),
    edits: facts.edits,
    botEdits: facts.botEdits,
    changes,
    bytesAdded: facts.bytesAdded,
    bytesRemoved: facts.bytesRemoved,
    newPages: facts.newPages,
    pages: facts.pages,
    accounts: facts.accounts,
    newcomers: { accounts: newcomers, changes: newcomerChanges },
    types: [...facts.types],
    logs: [...facts.logs],
    tags: [...facts.tags],
    topPages: facts.topPages.map(pageOf),
    ...(busiest !== undefined && {
      busiestAccount: {
        ...(busiest.url !== undefined && { url: busiest.url }),
        changes: busiest.changes,
        share: shareOf(busiest.changes),
        bot: busiest.isBot,
      },
    }),
    busierWikis: facts.busierWikis.map(({ wiki, edits, factor }) => ({
      wiki,
      edits,
      factor: rounded(factor, 1),
    })),
    parts,
    unreadParts,
    simulated: isSimulated,
  };
}

function shownPage(
  { wiki, title, url, changes, accounts, restored, isNew }: FoundPage,
  share: number,
): ExplainedPage {
  return {
    wiki,
    title,
    ...(url !== undefined && { url }),
    changes,
    share,
    accounts,
    restored,
    ...(isNew && { new: true as const }),
  };
}

function shownCause(cause: Found['cause'], pageOf: (page: FoundPage) => ExplainedPage): ExplainedCause {
  const { kind } = cause;
  const page = 'page' in cause ? cause.page : undefined;
  return {
    kind,
    ...('share' in cause && { share: rounded(cause.share, SHARE_DECIMALS) }),
    ...('accounts' in cause && { accounts: cause.accounts }),
    ...(page !== undefined && { page: pageOf(page) }),
  };
}
