/**
 * Requests that Node itself would answer, without any of our headers: those it cannot read, those that name no host, and
 * those that expect something. They get a problem document too, or are answered as usual.
 */
import { STATUS_CODES } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { HttpProblem } from '../http-problem.ts';
import { PROBLEM_JSON } from '../schemas/problem.ts';
import type { Problem } from '../schemas/problem.ts';
import { REQUEST_ID, instanceOf, requestIdOf } from './request-id.ts';

/** What Node reports of a connection. */
interface ClientError extends Error {
  readonly code?: string;
}

/** A connection, with what Node is writing on it. */
interface Connection extends Duplex {
  readonly _httpMessage?: Pick<ServerResponse, 'headersSent'> | null;
}

const PROBLEMS: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time. Send it again, completely.'],
  HPE_HEADER_OVERFLOW: [431, 'The headers are too large; 16 KiB are read.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The extensions of a chunk are too large.'],
};

/** Answers what is no HTTP request, and closes its connection. */
export function answerBrokenRequest(error: ClientError, connection: Connection): void {
  if (error.code === 'ECONNRESET' || connection.destroyed) return;
  // In the middle of another answer, more bytes would be taken for a part of it.
  if (connection.writable && connection._httpMessage?.headersSent !== true)
    connection.write(answerTo(error.code ?? ''));
  connection.destroy(error);
}

function answerTo(code: string): string {
  const [status, detail] = PROBLEMS[code] ?? [400, 'This is not an HTTP request.'];
  const title = STATUS_CODES[status] ?? 'Error';
  const id = requestIdOf({ headers: {} });
  const problem: Problem = { type: 'about:blank', title, status, detail, instance: instanceOf(id) };
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    `Content-Type: ${PROBLEM_JSON}; charset=utf-8`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    `${REQUEST_ID}: ${id}`,
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/** The service does not leave these to Node. It must be told so: `http: { requireHostHeader: false }`. */
export function registerBrokenRequests(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ raw, headers }) => {
    if (raw.httpVersion === '1.1' && headers.host === undefined)
      throw new HttpProblem(400, 'The header Host is missing, which HTTP/1.1 requires.');
  });
  // Node answers 417 by itself; what a client expects beside 100-continue may be ignored. @see RFC 9110, 10.1.1
  app.server.on('checkExpectation', (request, response) => app.routing(request, response));
}
