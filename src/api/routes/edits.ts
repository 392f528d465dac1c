/** ⑦ `GET /edits`: edits per minute of one wiki. */
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { DEFAULT_MINUTES } from '../../contracts/limits.ts';
import { isoSeconds } from '../../core/time.ts';
import { isWikiName } from '../../core/wiki-name.ts';
import type { MinuteEdits } from '../../gold/gold-store.ts';
import { ClientLeft } from '../expensive-questions.ts';
import { leaving } from '../leaving.ts';
import { firstMinute } from '../range.ts';
import type { ApiRoutes } from '../route-context.ts';
import { Edits, EditsQuery } from '../schemas/edits.ts';
import type { Minute } from '../schemas/edits.ts';
import { parameterProblem, readProblems } from '../schemas/problem.ts';

/** What old clients mean when they name none. */
const DEFAULT_WIKI = 'enwiki';

/** A week, about 600 kB. Longer answers wait for their turn, and are sent in pieces. */
const CHEAP_MINUTES = 7 * 24 * 60;
const ROWS_PER_PIECE = 1_000;
/** A year of minutes takes 33 MB. */
const SEND_LIMIT_MS = 120_000;

export const editsRoutes: ApiRoutes = (app, { gold, now, questions }) => {
  const schema = {
    tags: ['counts'],
    operationId: 'listEdits',
    summary: 'Edits per minute of a wiki',
    querystring: EditsQuery,
    response: { 200: Edits, ...parameterProblem, ...readProblems },
  };
  app.get('/edits', { schema }, async (request, reply) => {
    const { wiki = DEFAULT_WIKI, minutes = DEFAULT_MINUTES } = request.query;
    // No wiki has another name, and a database may refuse to look for some texts.
    if (!isWikiName(wiki)) return [];
    const from = firstMinute(now(), minutes);
    if (minutes <= CHEAP_MINUTES) return (await gold.edits(wiki, from)).map(toMinute);
    const left = leaving(reply);
    const done = await questions.turn(minutes, left);
    try {
      const rows = await gold.edits(wiki, from, left);
      if (left.aborted) throw new ClientLeft();
      // Its turn lasts until the answer is sent, because it takes memory for as long. A client that does not read is cut.
      const deadline = setTimeout(() => reply.raw.destroy(), SEND_LIMIT_MS).unref();
      left.addEventListener('abort', () => (clearTimeout(deadline), done()), { once: true });
      return await inPieces(reply, textOf(rows));
    } catch (error) {
      done();
      throw left.aborted ? new ClientLeft() : error;
    }
  });
};

/** The types of routes know answers as values only. */
function inPieces(reply: FastifyReply, pieces: Iterable<string>): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(Readable.from(pieces));
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
