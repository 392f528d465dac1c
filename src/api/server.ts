/**
 * The API process: the only file that listens. Opens gold, serves until told to stop, then lets answers in progress
 * finish and closes what is left, so that a browser that keeps its connection open cannot hold the process.
 */
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { FastifyInstance } from 'fastify';
import { s3Settings } from '../config/places.ts';
import type { Config } from '../config/declarations.ts';
import { PipelineError, messageOf } from '../contracts/errors.ts';
import { openS3 } from '../store/s3.ts';
import { openGold } from '../gold/open-gold.ts';
import type { GoldPlaces } from '../config/places.ts';
import { buildApp } from './app.ts';
import type { ApiDependencies } from './app.ts';

/** How long answers in progress may take once the service is told to stop. */
const DRAIN_LIMIT_MS = 3_000;
/** Each `/edits` holds a connection for milliseconds: few serve many pages, and Postgres is shared with the worker. */
const MAX_CONNECTIONS = 8;
/** A year of minutes takes seconds; who waits longer than this has gone. */
const STATEMENT_LIMIT_MS = 15_000;

export interface RunApiOptions extends Omit<ApiDependencies, 'gold' | 'now'> {
  /** Where the address is printed once it answers. */
  readonly print: (line: string) => void;
}

export interface Listening {
  /** What people open, e.g. `http://127.0.0.1:5000`. */
  readonly url: string;
  /** Stops taking requests, waits for those in progress, closes every connection. */
  close(): Promise<void>;
}

/**
 * Opens gold and serves it until SIGTERM or SIGINT.
 * @throws PipelineError `bad_configuration` when the address cannot be used.
 */
export async function runApi(
  config: Pick<Config, 'HOST' | 'PORT' | 'BUCKET' | 'AWS_REGION' | 'AWS_ENDPOINT_URL'> & {
    readonly gold: GoldPlaces;
  },
  { print, ...dependencies }: RunApiOptions,
): Promise<void> {
  const store = openS3(s3Settings(config));
  const gold = openGold(config.gold, store, {
    maxConnections: MAX_CONNECTIONS,
    applicationName: 'wikigauge api',
    statementTimeoutMs: STATEMENT_LIMIT_MS,
  });
  try {
    const app = await buildApp({ ...dependencies, gold });
    await serveUntilStopped(await listen(app, config), { print, signals: process });
  } finally {
    await gold.close();
    store.close();
  }
}

/** Prints the address, waits for SIGTERM or SIGINT, closes. */
export async function serveUntilStopped(
  server: Listening,
  { print, signals }: Pick<RunApiOptions, 'print'> & { readonly signals: NodeJS.EventEmitter },
): Promise<void> {
  const waiting = new AbortController();
  const stopped = ['SIGTERM', 'SIGINT'].map(name => once(signals, name, { signal: waiting.signal }));
  print(`dashboard ${server.url}`);
  await Promise.race(stopped);
  // Takes back the other listener: a second signal, during the closing, then ends the process as it would any other.
  waiting.abort();
  await Promise.allSettled(stopped);
  await server.close();
}

/**
 * Opens the port.
 * @throws PipelineError `bad_configuration` naming HOST or PORT when the address cannot be used.
 */
export async function listen(
  app: FastifyInstance,
  address: Pick<Config, 'HOST' | 'PORT'>,
): Promise<Listening> {
  try {
    await app.listen({ host: address.HOST, port: address.PORT });
  } catch (error) {
    await app.close();
    throw addressError(error, address);
  }
  const close = async (): Promise<void> => {
    // Idle connections are closed by Fastify at once; this is for those that are still being answered.
    const timer = setTimeout(() => app.server.closeAllConnections(), DRAIN_LIMIT_MS);
    try {
      await app.close();
    } finally {
      clearTimeout(timer);
    }
  };
  return { url: urlOf(app.server.address() as AddressInfo), close };
}

const ADDRESS_PROBLEMS: Readonly<Record<string, { readonly says: string; readonly hint: string }>> = {
  EADDRINUSE: {
    says: 'is taken',
    hint: 'Stop the program that uses it, or set PORT to another number, e.g. PORT=5050.',
  },
  EACCES: {
    says: 'is not allowed',
    hint: 'Ports below 1024 need privileges: set PORT to a higher number, e.g. PORT=5000.',
  },
  EADDRNOTAVAIL: { says: 'is no address of this machine', hint: 'Set HOST to 127.0.0.1 or 0.0.0.0.' },
  ENOTFOUND: { says: 'is no known host', hint: 'Set HOST to 127.0.0.1 or 0.0.0.0.' },
};

function addressError(error: unknown, { HOST, PORT }: Pick<Config, 'HOST' | 'PORT'>): PipelineError {
  const { code } = error as NodeJS.ErrnoException;
  const problem = ADDRESS_PROBLEMS[code ?? ''] ?? { says: `cannot be used: ${messageOf(error)}`, hint: '' };
  return new PipelineError(`PORT ${PORT} on HOST ${HOST} ${problem.says}`, {
    code: 'bad_configuration',
    op: 'listen',
    subject: `${HOST}:${PORT}`,
    retryable: false,
    hint: problem.hint,
    cause: error,
  });
}

/** An address for people: one that listens everywhere is reached on this machine by the loopback address. */
function urlOf({ address, family, port }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return `http://127.0.0.1:${port}`;
  return family === 'IPv6' ? `http://[${address}]:${port}` : `http://${address}:${port}`;
}
