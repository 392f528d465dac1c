/** ⑦ `GET /edits`: edits per minute of one wiki. */
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { DEFAULT_MINUTES } from '../../contracts/limits.ts';
import { isoSeconds } from '../../core/time.ts';
import type { MinuteEdits } from '../../gold/gold-store.ts';
import { ClientLeft, ExpensiveQuestions } from '../expensive-questions.ts';
import { firstMinute } from '../range.ts';
import type { ApiRoutes } from '../route-context.ts';
import { Edits, EditsQuery } from '../schemas/edits.ts';
import type { Minute } from '../schemas/edits.ts';
import { parameterProblem, readProblems } from '../schemas/problem.ts';

/** A week, about 600 kB. Longer answers wait for their turn, and are sent in pieces. */
const CHEAP_MINUTES = 7 * 24 * 60;
const ROWS_PER_PIECE = 1_000;
/** A year of minutes takes 33 MB. */
const SEND_LIMIT_MS = 120_000;

export const editsRoutes: ApiRoutes = (app, { gold, now }) => {
  const schema = {
    tags: ['counts'],
    operationId: 'listEdits',
    summary: 'Edits per minute of a wiki',
    querystring: EditsQuery,
    response: { 200: Edits, ...parameterProblem, ...readProblems },
  };
  const questions = new ExpensiveQuestions();
  app.get('/edits', { schema }, async (request, reply) => {
    const { wiki, minutes = DEFAULT_MINUTES } = request.query;
    const from = firstMinute(now(), minutes);
    if (minutes <= CHEAP_MINUTES) return (await gold.edits(wiki, from)).map(toMinute);
    const left = leaving(reply);
    const done = await questions.turn(minutes, left);
    try {
      const rows = await gold.edits(wiki, from);
      if (left.aborted) throw new ClientLeft();
      // Its turn lasts until the answer is sent, because it takes memory for as long. A client that does not read is cut.
      const deadline = setTimeout(() => reply.raw.destroy(), SEND_LIMIT_MS).unref();
      left.addEventListener('abort', () => (clearTimeout(deadline), done()), { once: true });
      return await reply.type('application/json; charset=utf-8').send(Readable.from(textOf(rows)));
    } catch (error) {
      done();
      throw error;
    }
  });
};

/** Aborts when the answer is sent, or its connection has closed. */
function leaving({ raw }: FastifyReply): AbortSignal {
  const left = new AbortController();
  for (const event of ['finish', 'close']) raw.once(event, () => left.abort());
  return left.signal;
}

/** The answer as JSON, in pieces that are made when they can be sent. */
function* textOf(rows: readonly MinuteEdits[]): Generator<string> {
  yield '[';
  for (let at = 0; at < rows.length; at += ROWS_PER_PIECE) {
    const piece = rows.slice(at, at + ROWS_PER_PIECE).map(row => JSON.stringify(toMinute(row)));
    yield `${at === 0 ? '' : ','}${piece.join()}`;
  }
  yield ']';
}

function toMinute({ minute, human, bot }: MinuteEdits): Minute {
  return { ts: isoSeconds(minute), total: human + bot, human, bot };
}
