/** The port on which a process is watched: `/metrics`, `/livez`, `/readyz`, and what a role adds. */
import type { ServerResponse } from 'node:http';
import { openHttpPort, send } from './http-port.ts';
import type { HttpPort } from './http-port.ts';
import type { Metrics } from './metrics.ts';
import type { Place } from './places.ts';

export type Role = 'worker' | 'api';

export const DEFAULT_PORTS: Readonly<Record<Role, number>> = { worker: 9464, api: 9465 };
/** Several processes of a role can run on a machine. In steps of two, no role takes the default of the other. */
const DEFAULTS_TRIED = 16;

export interface WatchSettings {
  readonly role: Role;
  /** METRICS_HOST. */
  readonly host: string;
  /** METRICS_PORT; undefined when it is not set. */
  readonly port: number | undefined;
  readonly metrics: Metrics;
  /** Metrics that others have written, in the same format. */
  readonly otherMetrics?: () => Promise<string>;
  /** Why the process cannot do its work at the moment, or undefined. */
  readonly problem: () => Promise<string | undefined>;
  /** What the role adds, on METRICS_HOST or another address. */
  readonly elsewhere?: Place;
  readonly onError: (error: unknown, path: string) => void;
}

/**
 * Undefined when METRICS_PORT is 0.
 * @throws PipelineError `bad_configuration` when a port that was set is taken
 */
export async function openWatchPort(settings: WatchSettings): Promise<HttpPort | undefined> {
  const { role, host, port, metrics, otherMetrics, problem, elsewhere, onError } = settings;
  if (port === 0) return undefined;
  const first = DEFAULT_PORTS[role];
  return openHttpPort({
    host: { name: 'METRICS_HOST', value: host, example: '127.0.0.1' },
    port: { name: 'METRICS_PORT', value: port, example: 9500 },
    defaults: Array.from({ length: DEFAULTS_TRIED }, (_, i) => first + 2 * i),
    routes: {
      '/metrics': async (_, response) => {
        const others = await otherMetrics?.().catch((error: unknown) => {
          onError(error, '/metrics');
          return '';
        });
        send(response, 200, 'text/plain; version=0.0.4; charset=utf-8', `${metrics.text()}${others ?? ''}`);
      },
      // Only says that the event loop turns: a restart helps against nothing that is away elsewhere.
      '/livez': (_, response) => sendHealth(response, undefined),
      '/readyz': async (_, response) => sendHealth(response, await problem()),
    },
    elsewhere,
    onError,
  });
}

/** `metrics http://127.0.0.1:9464/metrics`, as a process prints it when it starts. */
export function watchLine({ url, taken }: HttpPort): string {
  return `metrics ${url}/metrics${taken === undefined ? '' : ` (port ${taken} is taken)`}`;
}

function sendHealth(response: ServerResponse, problem: string | undefined): void {
  const body = problem === undefined ? { ok: true } : { ok: false, error: problem };
  send(response, problem === undefined ? 200 : 503, 'application/json; charset=utf-8', JSON.stringify(body));
}
