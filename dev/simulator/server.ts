/**
 * The simulated Wikimedia as a server: startup, shutdown, and which requests it accepts.
 * Guarantee: every response is marked as simulated; `close` leaves no socket, timer or listener open.
 *
 * This folder contains everything that the simulated Wikimedia consists of: the universe of generated events, captured
 * files as an alternative source, stream, Action API and dumps, faults, and the oracle with the exact counts. It shares
 * no code with src on purpose: a test against it would not notice a bug in shared code.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readCaptured } from './captured.ts';
import { describeFaults } from './fault-plan.ts';
import { Faults } from './faults.ts';
import type { Source } from './message-log.ts';
import { Mirror } from './mirror.ts';
import { DEFAULTS, type WikimediaOptions } from './options.ts';
import { resolveStart } from './position.ts';
import { refusal, refuse, type Refusal } from './refusal.ts';
import { answer } from './routes.ts';
import { StreamConnection } from './stream.ts';
import { Universe } from './universe.ts';

/** A running simulator. */
export interface Wikimedia {
  /** `http://127.0.0.1:5001` */
  readonly url: string;
  /** `http://127.0.0.1:5001/v2/stream/recentchange` */
  readonly streamUrl: string;
  readonly port: number;
  readonly source: Source;
  /** undefined when a captured file is served */
  readonly universe: Universe | undefined;
  /** undefined when a captured file is served */
  readonly mirror: Mirror | undefined;
  readonly faults: Faults;
  /** Open stream connections, with the number of messages generated for each. */
  readonly connections: () => { readonly client: string; readonly messages: number }[];
  /** Closes all connections and frees the port. */
  readonly close: () => Promise<void>;
}

/** Sent with every response, so that consumers can label the data as simulated. */
export const SIMULATED_HEADER = 'x-wikigauge-simulated';

const STREAM_PATH = '/v2/stream/';
const STREAMS = ['recentchange', 'mediawiki.recentchange'];
/** Stream connections per client; the third gets 429. */
const MAX_CONNECTIONS = 2;
/** The User-Agent policy requires contact details of the operator. */
const CONTACT = /https?:\/\/\S+|[^\s@]+@[^\s@]+\.[^\s@]+/i;

interface Open {
  readonly client: string;
  readonly connection: StreamConnection;
}

/**
 * Starts the simulator.
 * @throws when the port is taken or the file to replay cannot be read
 */
export async function startWikimedia(options: Partial<WikimediaOptions> = {}): Promise<Wikimedia> {
  const settings: WikimediaOptions = { ...DEFAULTS, ...options };
  const universe = settings.replay === undefined ? new Universe(settings) : undefined;
  const source = universe ?? (await readCaptured(settings.replay ?? ''));
  const open = new Set<Open>();
  const faults = new Faults(settings.seed, () => [...open].map(({ connection }) => connection));
  const mirror = universe === undefined ? undefined : new Mirror(universe, settings, faults);
  const connections = () =>
    [...open].map(({ client, connection }) => ({ client, messages: connection.messages }));
  const health = () => ({
    source: settings.replay ?? `universe ${settings.seed} at ${settings.rate} events/s`,
    activeTopic: universe?.activeTopic(Date.now()),
    faults: describeFaults(faults.plan),
    connections: connections(),
  });
  const server = createServer((request, response) => {
    response.setHeader(SIMULATED_HEADER, 'true');
    const url = urlOf(request);
    const served =
      url === undefined
        ? Promise.resolve(
            refuse(
              response,
              refusal(400, 'bad_request', 'Bad Request', 'unreadable URL'),
              '',
              request.url ?? '',
            ),
          )
        : url.pathname.startsWith(STREAM_PATH)
          ? stream(request, response, url, { settings, source, faults, open })
          : mirror?.serves(url.pathname) === true
            ? answerMirror(mirror, request, response, url, faults)
            : answer(request, response, url, { source, universe, mirror, faults, health });
    // Only a client that disconnects during its request ends up here, so there is no one to respond to.
    served.catch(() => response.destroy());
  });
  await listen(server, settings.port, settings.host);
  faults.use(settings.faults);
  const { port } = server.address() as AddressInfo;
  const url = `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`;
  return {
    url,
    streamUrl: `${url}${STREAM_PATH}recentchange`,
    port,
    source,
    universe,
    mirror,
    faults,
    connections,
    close: async () => {
      faults.close();
      for (const { connection } of open) connection.destroy();
      await new Promise<void>(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function urlOf({ url }: IncomingMessage): URL | undefined {
  return URL.canParse(url ?? '', 'http://simulated') ? new URL(url ?? '', 'http://simulated') : undefined;
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function clientOf({ headers, socket }: IncomingMessage): string {
  const named = headers['x-client-ip'];
  return typeof named === 'string' ? named : (socket.remoteAddress ?? 'unknown');
}

interface Service {
  readonly settings: WikimediaOptions;
  readonly source: Source;
  readonly faults: Faults;
  readonly open: Set<Open>;
}

/** Checks that the edge makes for every request. */
function edgeRefusal(request: IncomingMessage, faults: Faults): Refusal | undefined {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refusal(405, 'method_not_allowed', 'Method Not Allowed', 'only GET and HEAD are supported', {
      allow: 'GET, HEAD',
    });
  }
  if (!CONTACT.test(request.headers['user-agent'] ?? '')) {
    const detail =
      'set a User-Agent with a URL or an e-mail address: "Name/version (https://example.org; me@example.org)"';
    return refusal(403, 'forbidden', 'Forbidden', detail);
  }
  const nowMs = Date.now();
  if (faults.refusedForMs('unavailable', nowMs) > 0) {
    faults.count('unavailable');
    return refusal(
      503,
      'service_unavailable',
      'Service Unavailable',
      'upstream connect error or disconnect/reset before headers',
    );
  }
  if (faults.refusedForMs('forbidden', nowMs) > 0) {
    faults.count('forbidden');
    return refusal(403, 'forbidden', 'Forbidden', 'temporarily blocked');
  }
  const limitedMs = faults.refusedForMs('ratelimit', nowMs);
  if (limitedMs === 0) return undefined;
  faults.count('ratelimit');
  return refusal(429, 'too_many_requests', 'Too Many Requests', 'slow down', {
    'retry-after': `${Math.ceil(limitedMs / 1000)}`,
  });
}

async function answerMirror(
  mirror: Mirror,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  faults: Faults,
): Promise<void> {
  const refused = edgeRefusal(request, faults);
  const refusedBy = await mirror.answer(request, response, url, clientOf(request), refused);
  if (refusedBy !== undefined) refuse(response, refusedBy, request.method ?? '', request.url ?? '');
}

/** Checks that the edge and EventStreams make before they read the position. */
function admission(
  request: IncomingMessage,
  { pathname }: URL,
  { faults, open }: Service,
): Refusal | undefined {
  const refused = edgeRefusal(request, faults);
  if (refused !== undefined) return refused;
  const client = clientOf(request);
  if ([...open].filter(one => one.client === client).length >= MAX_CONNECTIONS) {
    const title = 'Too Many Concurrent Connections From Your Client IP';
    return refusal(
      429,
      'too_many_requests',
      title,
      'Your HTTP client is likely opening too many concurrent connections.',
    );
  }
  const invalid = pathname
    .slice(STREAM_PATH.length)
    .split(/,|%2c/i)
    .filter(name => !STREAMS.includes(name));
  if (invalid.length === 0) return undefined;
  return refusal(400, 'not_found', 'Stream Not Found', `Invalid streams: ${invalid.join(',')}`);
}

async function stream(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  service: Service,
): Promise<void> {
  const { settings, source, faults, open } = service;
  const refused = admission(request, url, service);
  const lastEventId = request.headers['last-event-id'];
  const asked = {
    lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined,
    since: url.searchParams.get('since') ?? undefined,
  };
  const starts = refused ?? resolveStart(source, asked, Date.now());
  if ('kind' in starts) return refuse(response, starts, request.method ?? '', request.url ?? '');

  const accept = request.headers.accept ?? '';
  const format =
    accept.includes('application/json') && !accept.includes('text/event-stream') ? 'ndjson' : 'sse';
  response.writeHead(200, {
    'content-type': format === 'sse' ? 'text/event-stream; charset=utf-8' : 'application/json; charset=utf-8',
    'cache-control': 'private, max-age=0, s-maxage=0, must-revalidate',
    'access-control-allow-origin': '*',
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const { connectionMaxMs, replayRate, commentMs } = settings;
  const connection = new StreamConnection(response, {
    source,
    starts,
    format,
    faults,
    connectionMaxMs,
    replayRate,
    commentMs,
  });
  const entry = { client: clientOf(request), connection };
  open.add(entry);
  // A silent connection still uses one of the client's two slots until its socket closes.
  response.once('close', () => open.delete(entry));
  await connection.run();
}
