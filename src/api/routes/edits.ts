/** ⑦ `GET /edits`: the minutes of one wiki, as the seed answered them. */
import { isoSeconds, minuteOf } from '../../core/time.ts';
import type { MinuteEdits } from '../../storage/gold.ts';
import type { ApiRoutes } from '../routes.ts';
import { Edits, EditsQuery } from '../schemas/edits.ts';
import type { Minute } from '../schemas/edits.ts';
import { DEFAULT_MINUTES } from '../schemas/limits.ts';
import { parameterProblem, readProblems } from '../schemas/problem.ts';

export const editsRoutes: ApiRoutes = (app, { gold, now }) => {
  const schema = {
    tags: ['counts'],
    operationId: 'listEdits',
    summary: 'Edits per minute of a wiki',
    querystring: EditsQuery,
    response: { 200: Edits, ...parameterProblem, ...readProblems },
  };
  app.get('/edits', { schema }, async request => {
    const { wiki, minutes = DEFAULT_MINUTES } = request.query;
    // The current minute counts as one of them, so that `minutes=1` is what is happening now.
    const fromMinute = minuteOf(now() / 1000) - (minutes - 1) * 60;
    const rows = await gold.edits(wiki, fromMinute);
    return rows.map(toMinute);
  });
};

function toMinute({ minute, human, bot }: MinuteEdits): Minute {
  return { ts: isoSeconds(minute), total: human + bot, human, bot };
}
