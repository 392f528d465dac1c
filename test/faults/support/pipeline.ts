/**
 * The whole pipeline that the faults strike: a stack whose servers can be killed, a proxy in front of each server and of
 * the simulated Wikimedia, worker processes that reach everything through the proxies, and a world that bypasses them.
 */
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { Client as PostgresClient } from 'pg';
import { inject } from 'vitest';
import { LOOPBACK } from '../../../dev/stack/ports.ts';
import { parseSimulateOptions } from '../../../dev/simulator/options.ts';
import type { WikimediaOptions } from '../../../dev/simulator/options.ts';
import { Random, keyOf } from '../../../dev/simulator/random.ts';
import { startWikimedia } from '../../../dev/simulator/server.ts';
import type { Wikimedia } from '../../../dev/simulator/server.ts';
import { INGEST_ID } from '../../../src/recentchange/definition.ts';
import { startIngest } from '../../../src/temporal/start-ingest.ts';
import { openWorld } from '../../support/world.ts';
import type { World } from '../../support/world.ts';
import { WallClock } from './clock.ts';
import type { GoldSetting } from './form.ts';
import { S3Proxy } from './s3-proxy.ts';
import { prepareServers } from './servers.ts';
import type { Servers } from './servers.ts';
import { SmallDisk } from './small-disk.ts';
import { TcpProxy } from './tcp-proxy.ts';
import { Workers } from './workers.ts';

export interface PipelineOptions {
  /** Folder of its state, below that of the suite. */
  readonly name: string;
  readonly gold: GoldSetting;
  readonly seed: number;
  /** Flags of `wikigauge simulate`. The universe lies in the past; a replay rate sets how fast it is streamed. */
  readonly universe: Readonly<Record<string, string>> & { readonly from: string; readonly until: string };
  /** Settings of the workers. */
  readonly settings: Readonly<Record<string, string>>;
  /** Size of the disk under the S3 gateway, if one can be mounted. */
  readonly diskMegabytes?: number;
}

/** Events a second in a hurry: few enough that a slow poll does not miss the end of the universe. */
const HURRY = 2_000;

/** The proxy in front of each server that exists. */
type Proxies = Readonly<
  Record<'temporal' | 's3' | 'stream', TcpProxy> & Partial<Record<'postgres', TcpProxy>>
>;

export interface Pipeline {
  /** The minutes that are compared, [from, until), ISO 8601. */
  readonly range: readonly [from: string, until: string];
  /** When the traffic of the universe switches to the other datacentre, epoch ms. */
  readonly switchesMs: readonly number[];
  /** Holes in the offsets of the stream, in order. */
  readonly holes: WikimediaOptions['holes'];
  /** Keys of objects in bronze that another program has written. */
  readonly foreign: string[];
  readonly servers: Servers;
  readonly proxies: Proxies;
  readonly s3Proxy: S3Proxy;
  readonly wikimedia: Wikimedia;
  readonly workers: Workers;
  readonly clock: WallClock;
  /** Undefined if none can be mounted. */
  readonly disk: SmallDisk | undefined;
  readonly world: World;
  /** Streams many times faster until `proxies.stream.pass()`. */
  readonly hurry: () => void;
  /** A new connection to the database that bypasses the proxy. The caller ends it. @throws if there is no database */
  readonly connectPostgres: () => Promise<PostgresClient>;
  readonly ingest: () => WorkflowHandle;
  /** Starts ingest unless it is running. */
  readonly startIngest: () => Promise<void>;
  /** Ends every fault that still lasts, and starts everything that should be running. */
  readonly repair: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts everything except a worker. */
export async function openPipeline(options: PipelineOptions): Promise<Pipeline> {
  const { name, gold, seed, universe, settings, diskMegabytes } = options;
  const home = join(inject('folder'), name);
  const clock = new WallClock(inject('folder'));
  const disk =
    diskMegabytes === undefined ? undefined : await SmallDisk.mount(join(home, 's3'), diskMegabytes);
  const servers = await prepareServers(home, 'wikigauge', gold);
  const { temporal, postgres, s3 } = servers;
  const all = Object.values(servers);
  await Promise.all(all.map(server => server.start()));
  const world = await openWorld({
    stack: Object.assign({ AWS_REGION: 'us-east-1' }, ...all.map(({ env }) => env)),
    gold,
  });
  if (postgres !== undefined) world.sql.on('error', () => undefined);

  const simulated = parseSimulateOptions({ port: '0', ...universe });
  const wikimedia = await startWikimedia(simulated);
  // The same universe, because a universe depends on its settings alone.
  const unpaced = await startWikimedia({ ...simulated, replayRate: HURRY });
  const s3Proxy = await S3Proxy.open(s3.port, new Random(keyOf(seed, 's3')));
  const proxies: Proxies = {
    temporal: await TcpProxy.open(temporal.port),
    s3: await TcpProxy.open(s3Proxy.port),
    stream: await TcpProxy.open(wikimedia.port),
    ...(postgres !== undefined && { postgres: await TcpProxy.open(postgres.port) }),
  };
  const throughProxies = {
    TEMPORAL_ADDRESS: `${LOOPBACK}:${proxies.temporal.port}`,
    AWS_ENDPOINT_URL: `http://${LOOPBACK}:${proxies.s3.port}`,
    EVENTSTREAMS_URL: atPort(wikimedia.streamUrl, proxies.stream.port),
    ...(proxies.postgres !== undefined && {
      PG_DSN: atPort(world.env['PG_DSN'] ?? '', proxies.postgres.port),
    }),
  };
  const workers = new Workers({ ...world.env, ...clock.env, ...throughProxies, ...settings });

  const ingest = (): WorkflowHandle => world.client.workflow.getHandle(INGEST_ID);
  const pipeline: Pipeline = {
    range: [universe.from, universe.until],
    switchesMs: simulated.switchesMs ?? [],
    holes: simulated.holes,
    foreign: [],
    servers,
    proxies,
    s3Proxy,
    wikimedia,
    workers,
    clock,
    disk,
    world,
    hurry: () => proxies.stream.lead(unpaced.port),
    ingest,
    async connectPostgres() {
      if (postgres === undefined) throw new Error('this pipeline has no database');
      const client = new PostgresClient({ connectionString: world.env['PG_DSN'] });
      client.on('error', () => undefined);
      await client.connect();
      return client;
    },
    async startIngest() {
      await startIngest(world.client, INGEST_ID, { since: universe.from });
    },
    async repair() {
      clock.shift(0);
      s3Proxy.behave({ kind: 'pass' });
      await disk?.empty();
      await Promise.all(all.map(server => server.start()));
      await Promise.all(Object.values(proxies).map(proxy => proxy.pass()));
      for (const { pid } of workers.running) process.kill(pid, 'SIGCONT');
      if (workers.running.length === 0) await workers.start();
      await pipeline.startIngest();
    },
    async close() {
      for (const { pid } of workers.running) process.kill(pid, 'SIGCONT');
      await workers.stopAll();
      await Promise.all(Object.values(proxies).map(proxy => proxy.close()));
      await s3Proxy.close();
      await wikimedia.close();
      await unpaced.close();
      await world.close().catch(() => undefined);
      for (const server of all) await server.stop();
      await disk?.unmount();
    },
  };
  return pipeline;
}

function atPort(address: string, port: number): string {
  const url = new URL(address);
  url.port = String(port);
  return url.href;
}
