/**
 * All routes except stream, Action API and dumps: help, health, faults and the oracle.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { drained } from './drained.ts';
import {
  changeFaults,
  describeFaults,
  FAULT_MEANINGS,
  FAULTS_EXAMPLE,
  isFault,
  parseFaults,
  TIMED_FAULTS,
} from './fault-plan.ts';
import type { Faults } from './faults.ts';
import type { MessageLog, Source } from './message-log.ts';
import type { Mirror } from './mirror.ts';
import { countEvents, countGarbage, countMinutes, listed, withBreaks } from './oracle.ts';
import { refusal, type Refusal, refuse } from './refusal.ts';
import type { Universe } from './universe.ts';

/** What the routes need. */
interface RouteContext {
  readonly source: Source;
  /** undefined when a captured file is served */
  readonly universe: Universe | undefined;
  readonly mirror: Mirror | undefined;
  readonly faults: Faults;
  /** the body of `/healthz` */
  readonly health: () => object;
}

const HELP = `A simulated Wikimedia. Nothing here is real.

GET  /v2/stream/recentchange        the stream; accepts ?since=ISO|ms, Last-Event-ID, Accept: application/json
GET  /{host}/w/api.php              the Action API of a wiki: list=recentchanges, action=sitematrix
GET  /dumps/                        the history dumps, as files
GET  /requests                      request counts of API and dumps; DELETE resets them
GET  /oracle?from=ISO&to=ISO        exact counts by minute, wiki, is_bot; &types=edit,new &wikis=enwiki,dewiki
                                    &source=dump counts like the dumps: bots by account, revisions of moves
GET  /oracle/events?from=ISO&to=ISO every event with a timestamp in the range, one JSON object per line
GET  /oracle/events/count?from=&to= their number
GET  /oracle/garbage?from=ISO&to=   unusable messages in the range, by kind
GET  /faults                        active faults, and how often each has struck
POST /faults                        {"cut":"20s","garbage":0.01,"rst":null}, or text: ${FAULTS_EXAMPLE}
DELETE /faults                      turns all faults off
POST /faults/strike                 {"fault":"cut"}: strikes all connections now
GET  /healthz

Faults:
${Object.entries(FAULT_MEANINGS)
  .map(([fault, meaning]) => `  ${fault.padEnd(12)} ${meaning}`)
  .join('\n')}
`;

const MAX_BODY_BYTES = 65_536;

export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  context: RouteContext,
): Promise<void> {
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
  const refused = await route(`${method} ${url.pathname}`, request, response, url, context);
  if (refused !== undefined) refuse(response, refused, method, request.url ?? '');
}

async function route(
  what: string,
  request: IncomingMessage,
  response: ServerResponse,
  { pathname, searchParams }: URL,
  { source, universe, mirror, faults, health }: RouteContext,
): Promise<Refusal | undefined> {
  switch (what) {
    case 'GET /':
      response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(HELP);
      return undefined;
    case 'GET /healthz':
      return json(response, { ok: true, simulated: true, ...health() });
    case 'GET /requests':
      return json(response, mirror?.counts ?? {});
    case 'DELETE /requests':
      mirror?.forget();
      return json(response, mirror?.counts ?? {});
    case 'GET /faults':
      return json(response, { faults: describeFaults(faults.plan), struck: faults.counts() });
    case 'DELETE /faults':
      faults.use({});
      return json(response, { faults: {}, struck: faults.counts() });
    case 'POST /faults':
      return changeTheFaults(await bodyOf(request), response, faults);
    case 'POST /faults/strike':
      return strike(await bodyOf(request), response, faults);
    case 'GET /oracle':
    case 'GET /oracle/events':
    case 'GET /oracle/events/count':
    case 'GET /oracle/garbage':
      return oracle(pathname, searchParams, response, { source, universe, faults });
    default:
      return refusal(404, 'not_found', 'Not Found', `no route ${what}; GET / lists all routes`);
  }
}

function json(response: ServerResponse, value: unknown): undefined {
  response
    .writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
    .end(`${JSON.stringify(value)}\n`);
  return undefined;
}

/** Reads the body; undefined when it is too long. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A JSON object, or undefined. */
function objectOf(body: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function changeTheFaults(
  body: string | undefined,
  response: ServerResponse,
  faults: Faults,
): Refusal | undefined {
  const change = objectOf(body);
  const parsed = change === undefined ? parseFaults(body ?? '?') : changeFaults(faults.plan, change);
  if (parsed.kind === 'wrong') {
    return refusal(
      400,
      'invalid_faults',
      'Invalid faults',
      `${parsed.problems.join('; ')}. Example: {"cut":"20s","garbage":0.01} or ${FAULTS_EXAMPLE}`,
    );
  }
  faults.use(parsed.plan);
  return json(response, { faults: describeFaults(faults.plan), struck: faults.counts() });
}

function strike(body: string | undefined, response: ServerResponse, faults: Faults): Refusal | undefined {
  const fault = objectOf(body)?.['fault'];
  if (typeof fault === 'string' && isFault(fault) && fault !== 'garbage') {
    faults.strikeNow(fault);
    return json(response, { struck: faults.counts() });
  }
  const known = [...TIMED_FAULTS, 'duplicate'].join(', ');
  const why =
    fault === 'garbage'
      ? 'garbage is part of the topic; use POST /faults {"garbage":0.01}'
      : `expected one of ${known}`;
  return refusal(
    400,
    'invalid_fault',
    'Invalid fault',
    `got ${body ?? 'a body that is too long'}, ${why}. Example: {"fault":"cut"}`,
  );
}

/** Epoch seconds, or undefined. */
function secondOf(text: string | null): number | undefined {
  const ms = text === null ? NaN : /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000);
}

function setOf(text: string | null): ReadonlySet<string> | undefined {
  return text === null || text === '' ? undefined : new Set(text.split(','));
}

async function oracle(
  path: string,
  query: URLSearchParams,
  response: ServerResponse,
  { source, universe, faults }: Pick<RouteContext, 'source' | 'universe' | 'faults'>,
): Promise<Refusal | undefined> {
  const nowMs = Date.now();
  const from = secondOf(query.get('from'));
  const to = secondOf(query.get('to'));
  if (from === undefined || to === undefined || from > to) {
    const got = `got from=${query.get('from') ?? ''}, to=${query.get('to') ?? ''}`;
    return refusal(
      400,
      'invalid_range',
      'Invalid range',
      `${got}, expected two instants: ${path}?from=2026-11-20T10:00:00Z&to=2026-11-20T11:00:00Z`,
    );
  }
  if (path === '/oracle/events/count') return json(response, await countEvents(source, from, to, nowMs));
  if (path === '/oracle/garbage') {
    const kindAfter = (log: MessageLog, offset: number) => faults.garbageAfter(log, offset);
    return json(response, await countGarbage(source, kindAfter, from, to, nowMs));
  }
  if (path === '/oracle') {
    const types = setOf(query.get('types')) ?? new Set(['edit']);
    const view = query.get('source') ?? 'stream';
    if (!['stream', 'api', 'dump'].includes(view) || (view === 'dump' && universe === undefined))
      return refusal(400, 'invalid_source', 'Invalid source', `got ${view}, expected stream, api or dump`);
    // The API lists what the stream sends; the dumps count differently.
    const facts: Pick<Source, 'facts'> =
      view === 'dump' && universe !== undefined
        ? { facts: (from, to, nowMs) => universe.dumpFacts(from, to, nowMs) }
        : source;
    return json(
      response,
      await countMinutes(facts, { from, to, types, wikis: setOf(query.get('wikis')) }, nowMs),
    );
  }
  response.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8' });
  for await (const facts of withBreaks(source.facts(from, to, nowMs))) {
    if (response.destroyed) return undefined;
    if (facts.length === 0) continue;
    const lines = facts.map(fact => `${JSON.stringify(listed(fact))}\n`).join('');
    if (!response.write(lines)) await drained(response);
  }
  response.end();
  return undefined;
}
