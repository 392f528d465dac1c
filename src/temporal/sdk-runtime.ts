/**
 * The native part of the Temporal SDK, one for each process: its log goes to ours, and its metrics can be read. It serves
 * them itself, on a port of its own that only we know.
 */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import { temporalLogger } from './logger.ts';

/** Between our choice of a port and its use by the SDK, another process can take it. */
const TRIES = 5;
const READ_LIMIT_MS = 2_000;

/** @returns the metrics of the SDK in Prometheus' format; without `hasMetrics` they are not even counted */
export async function installRuntime(
  logger: Logger,
  { hasMetrics }: { readonly hasMetrics: boolean },
): Promise<() => Promise<string>> {
  // The caller handles the signals of the operating system, because they end more than the workers.
  const options = { logger: temporalLogger(logger), shutdownSignals: [] };
  if (!hasMetrics) {
    Runtime.install(options);
    return async () => '';
  }
  for (let attempt = 1; ; attempt++) {
    const bindAddress = `127.0.0.1:${await freePort()}`;
    try {
      Runtime.install({ ...options, telemetryOptions: { metrics: { prometheus: { bindAddress } } } });
      return () => metricsAt(`http://${bindAddress}/metrics`);
    } catch (error) {
      if (attempt === TRIES) throw error;
    }
  }
}

async function metricsAt(url: string): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(READ_LIMIT_MS) });
  if (!answer.ok) throw new Error(`the metrics of the Temporal SDK answered ${answer.status}`);
  return answer.text();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
