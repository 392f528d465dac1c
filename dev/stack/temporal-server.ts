/** The Temporal development server with its Web UI, which keeps history and visibility in one SQLite file. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { needUserName } from './named-user.ts';
import { Connection } from '@temporalio/client';
import { startChild } from './child.ts';
import { LOOPBACK } from './ports.ts';
import type { RunningServer, ServerSettings } from './server-settings.ts';
import { channelArgsFor } from '../../src/temporal/proxies.ts';

/** The development server always has this namespace. */
const NAMESPACE = 'default';

export interface TemporalSettings extends ServerSettings {
  readonly binary: string;
  readonly uiPort: number;
  /** Server settings that differ from the defaults, e.g. `{ 'limit.historyCount.suggestContinueAsNew': 300 }`. */
  readonly dynamicConfig: Readonly<Record<string, number | boolean>>;
}

/** Starts the server and waits until the namespace and the Web UI respond. */
export async function startTemporal(settings: TemporalSettings): Promise<RunningServer> {
  const { home, binary, port, uiPort, dynamicConfig } = settings;
  needUserName('Temporal', 'TEMPORAL_ADDRESS=host:7233');
  await mkdir(join(home, 'temporal'), { recursive: true });
  const child = await startChild({
    name: 'temporal',
    command: binary,
    args: [
      'server',
      'start-dev',
      `--ip=${LOOPBACK}`,
      `--port=${port}`,
      `--ui-port=${uiPort}`,
      `--db-filename=${join(home, 'temporal', 'temporal.db')}`,
      '--log-level=warn',
      ...Object.entries(dynamicConfig).map(([name, value]) => `--dynamic-config-value=${name}=${value}`),
    ],
    // TEMPORAL_* variables and profiles are for clients; a broken profile must not keep the server from starting.
    env: Object.fromEntries(Object.entries(settings.env).filter(([name]) => !name.startsWith('TEMPORAL_'))),
    logFile: join(home, 'logs', 'temporal.log'),
    ready: () => probe(port, uiPort),
    readyTimeoutMs: 60_000,
    stopTimeoutMs: 10_000,
    stopOrder: 1,
    onSpawn: pid => settings.onSpawn('temporal', pid),
    signal: settings.signal,
  });
  const address = `${LOOPBACK}:${port}`;
  const env = {
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: NAMESPACE,
    TEMPORAL_UI_URL: `http://${LOOPBACK}:${uiPort}`,
    TEMPORAL_CLI: binary,
  };
  return { child, address, env };
}

async function probe(port: number, uiPort: number): Promise<void> {
  const address = `${LOOPBACK}:${port}`;
  const channelArgs = channelArgsFor(address);
  const connection = await Connection.connect({ address, connectTimeout: 2_000, channelArgs });
  try {
    await connection.workflowService.describeNamespace({ namespace: NAMESPACE });
  } finally {
    await connection.close();
  }
  const ui = await fetch(`http://${LOOPBACK}:${uiPort}/`, { signal: AbortSignal.timeout(2_000) });
  await ui.body?.cancel();
  if (!ui.ok) throw new Error(`the Web UI responds with HTTP status ${ui.status}`);
}
