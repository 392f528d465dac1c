/**
 * A small HTTP server beside the work of a process: a table of routes on a port of its own, so that whoever watches the
 * process never competes with its clients.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import type { AddressInfo } from 'node:net';
import { addressError, shownAddress } from './address-error.ts';
import type { AddressSetting } from './address-error.ts';
import { isEverywhere, place } from './places.ts';
import type { Place } from './places.ts';

/** Answers one GET or HEAD. What it throws becomes a 500 without details. */
export type Route = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** Routes by path. */
export type Routes = Readonly<Record<string, Route>>;

export interface HttpPortSettings {
  /** The address to listen on, and the setting that changes it. */
  readonly host: AddressSetting<string>;
  /** The port that was set, or undefined: then the first free one of `defaults` is taken. 0 means any free port. */
  readonly port: Omit<AddressSetting<number>, 'value'> & { readonly value: number | undefined };
  /** Tried in this order; when all are taken, any free port is. */
  readonly defaults: readonly number[];
  readonly routes: Routes;
  /** Further routes, on an address of their own, or the same; the port is the same. */
  readonly elsewhere?: Place | undefined;
  /** Told of answers that failed. */
  readonly onError: (error: unknown, path: string) => void;
}

export interface HttpPort {
  /** `http://127.0.0.1:9464`, as one opens it on this machine. */
  readonly url: string;
  readonly port: number;
  /** The default port that somebody else has. */
  readonly taken?: number;
  close(): Promise<void>;
}

/** Whoever watches asks every few seconds; a flood of connections must not cost the work memory. */
const MAX_CONNECTIONS = 200;
const REQUEST_MS = 10_000;

/** @throws PipelineError `bad_configuration` that names the settings, when the address cannot be used */
export async function openHttpPort(settings: HttpPortSettings): Promise<HttpPort> {
  const { host, port, defaults, routes, elsewhere, onError } = settings;
  const places = [{ host, routes }, ...(elsewhere === undefined ? [] : [elsewhere])];
  const wanted = port.value === undefined ? [...defaults, 0] : [port.value];
  const refusal = (at: AddressSetting<string>, error: unknown): Error =>
    addressError(error, { host: at, port: { ...port, value: port.value ?? defaults[0] ?? 0 } });
  const { hosts, routesAt } = await place(places);
  const servers = hosts.map(at => ({
    at,
    server: newServer((request, response) =>
      answer(request, response, routesAt(request.socket.localAddress), onError),
    ),
  }));
  const got = await listenOnFirst(servers, wanted, refusal);
  const close = async (): Promise<void> => {
    await Promise.all(servers.map(({ server }) => closeServer(server)));
  };
  const opened = servers[0]?.server.address() as AddressInfo;
  // Where the port is open on every address for the sake of other routes, these are on their own.
  const isOwn = hosts[0] === host || isEverywhere(host.value);
  const address = isOwn ? opened : { ...opened, address: host.value, family: `IPv${isIP(host.value)}` };
  const [first] = wanted;
  return {
    url: shownAddress(address),
    port: opened.port,
    ...(first !== undefined && first !== got && { taken: first }),
    close,
  };
}

function newServer(onRequest: (request: IncomingMessage, response: ServerResponse) => Promise<void>): Server {
  const server = createServer((request, response) => void onRequest(request, response));
  // Being watched is no reason to live on.
  server.unref();
  server.maxConnections = MAX_CONNECTIONS;
  server.headersTimeout = REQUEST_MS;
  server.requestTimeout = REQUEST_MS;
  return server;
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise(resolve => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

interface ServerAt {
  readonly at: AddressSetting<string>;
  readonly server: Server;
}

/** @returns the one of `ports` that was free on every address */
async function listenOnFirst(
  servers: readonly ServerAt[],
  ports: readonly number[],
  refusal: (at: AddressSetting<string>, error: unknown) => Error,
): Promise<number> {
  for (const [i, wanted] of ports.entries()) {
    const failure = await listenOn(servers, wanted);
    if (failure === undefined) return wanted;
    const open = servers.filter(({ server }) => server.listening);
    await Promise.all(open.map(({ server }) => closeServer(server)));
    const isTaken = (failure.error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    if (!isTaken || i === ports.length - 1) throw refusal(failure.at, failure.error);
  }
  throw new Error('there is no port to listen on');
}

/** Opens the port of each; 0 is whichever is free on the first of them. */
async function listenOn(
  servers: readonly ServerAt[],
  wanted: number,
): Promise<{ readonly at: AddressSetting<string>; readonly error: unknown } | undefined> {
  let port = wanted;
  for (const { at, server } of servers) {
    try {
      await listening(server, at.value, port);
    } catch (error) {
      return { at, error };
    }
    port = (server.address() as AddressInfo).port;
  }
  return undefined;
}

async function listening(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  routes: Routes,
  onError: HttpPortSettings['onError'],
): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  try {
    if (route === undefined) {
      sendText(response, 404, `No route matches. This port has ${Object.keys(routes).join(', ')}.`);
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      sendText(response, 405, `${path} supports GET, HEAD only.`);
    } else await route(request, response);
  } catch (error) {
    onError(error, path);
    if (response.headersSent) response.destroy();
    else sendText(response, 500, 'Internal error; see the log of the process for the reason.');
  }
}

/** Sends a body that is ready; of a HEAD, only its headers. */
export function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}

function sendText(response: ServerResponse, status: number, line: string): void {
  send(response, status, 'text/plain; charset=utf-8', `${line}\n`);
}
