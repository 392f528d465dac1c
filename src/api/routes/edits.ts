/** ⑦ `GET /edits`: edits per minute of one wiki. */
import { isoSeconds } from '../../core/time.ts';
import { isWikiName } from '../../core/wiki-name.ts';
import type { MinuteEdits } from '../../gold/gold-store.ts';
import { firstMinute } from '../range.ts';
import type { ApiRoutes } from '../route-context.ts';
import { Edits, EditsQuery } from '../schemas/edits.ts';
import type { Minute } from '../schemas/edits.ts';
import { parameterProblem, readProblems } from '../schemas/problem.ts';

/** What old clients mean when they name none. */
const DEFAULT_WIKI = 'enwiki';

export const editsRoutes: ApiRoutes = (app, { gold, now }) => {
  const schema = {
    tags: ['counts'],
    operationId: 'listEdits',
    summary: 'Edits per minute of a wiki',
    querystring: EditsQuery,
    response: { 200: Edits, ...parameterProblem, ...readProblems },
  };
  app.get('/edits', { schema }, async request => {
    const { wiki = DEFAULT_WIKI, minutes } = request.query;
    // No wiki has another name, and a database may refuse to look for some texts.
    if (!isWikiName(wiki)) return [];
    const rows = await gold.edits(wiki, firstMinute(now(), minutes));
    return rows.map(toMinute);
  });
};

function toMinute({ minute, human, bot }: MinuteEdits): Minute {
  return { ts: isoSeconds(minute), total: human + bot, human, bot };
}
