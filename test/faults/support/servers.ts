/**
 * The servers of the stack, each on its own: one can be killed with all its processes and started again on the same
 * port with the same data.
 */
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { findPostgres } from '../../../dev/stack/postgres-binaries.ts';
import { startPostgres } from '../../../dev/stack/postgres-server.ts';
import { choosePorts } from '../../../dev/stack/ports.ts';
import { birthOf, isRunning, parentOf, signalProcess } from '../../../src/commands/process-id.mjs';
import { startS3 } from '../../../dev/stack/s3-server.ts';
import type { RunningServer } from '../../../dev/stack/server-settings.ts';
import { findServer } from '../../../dev/bootstrap/servers.mjs';
import { startTemporal } from '../../../dev/stack/temporal-server.ts';
import { placesOf } from './form.ts';
import type { GoldSetting } from './form.ts';

const REGION = 'us-east-1';
/** A twentieth of the default, so that ingest continues as new often. */
const MAX_HISTORY = 200;

/** One server, running or not. */
export class KillableServer {
  readonly port: number;
  readonly #start: () => Promise<RunningServer>;
  #running: RunningServer | undefined;

  constructor(port: number, start: () => Promise<RunningServer>) {
    this.port = port;
    this.#start = start;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Settings with which a client connects to it. */
  get env(): Readonly<Record<string, string>> {
    return this.#running?.env ?? {};
  }

  /** Starts it unless it is running. */
  async start(): Promise<void> {
    this.#running ??= await this.#start();
  }

  /** Kills it and its children with SIGKILL; resolves when all are gone. */
  async kill(): Promise<void> {
    const child = this.#running?.child;
    if (child === undefined) return;
    this.#running = undefined;
    const family = [child.pid, ...descendantsOf(child.pid)].map(pid => ({ pid, birth: birthOf(pid) }));
    const killed = child.kill();
    for (const { pid } of family) signalProcess(pid, 'SIGKILL');
    await killed;
    while (family.some(isRunning)) await sleep(10);
  }

  async stop(): Promise<void> {
    await this.#running?.child.stop();
    this.#running = undefined;
  }
}

/** Postgres is absent when gold is in S3 alone. */
export type Servers = Readonly<
  Record<'temporal' | 's3', KillableServer> & Partial<Record<'postgres', KillableServer>>
>;

/** The servers that a pipeline needs, with their state under `home`. None of them is started. */
export async function prepareServers(home: string, bucket: string, gold: GoldSetting): Promise<Servers> {
  const wish = { server: 'a server of the fault suite', variable: '', port: 0 };
  const ports = await choosePorts({ temporal: wish, temporalUi: wish, postgres: wish, s3: wish });
  const signal = new AbortController().signal;
  const common = { home, env: process.env, signal, onSpawn: () => undefined };
  return {
    temporal: new KillableServer(ports.temporal, () =>
      startTemporal({
        ...common,
        binary: binaryOf('temporal'),
        port: ports.temporal,
        uiPort: ports.temporalUi,
        dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': MAX_HISTORY },
      }),
    ),
    s3: new KillableServer(ports.s3, () =>
      startS3({ ...common, binary: binaryOf('versitygw'), port: ports.s3, region: REGION, bucket }),
    ),
    ...(placesOf(gold).includes('postgres') && {
      postgres: new KillableServer(ports.postgres, () =>
        startPostgres({ ...common, binaries: findPostgres(), port: ports.postgres }),
      ),
    }),
  };
}

function binaryOf(name: 'temporal' | 'versitygw'): string {
  const path = findServer(name, process.env);
  if (path === undefined) throw new Error(`${name} is missing. To install it, run: npm run test:faults`);
  return path;
}

/** All descendants of a process. A process group is not enough: each Postgres process has its own session. */
function descendantsOf(pid: number): number[] {
  const all = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number);
  const children = all.filter(one => parentOf(one) === pid);
  return [...children, ...children.flatMap(descendantsOf)];
}
