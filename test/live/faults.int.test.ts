/**
 * Faults between the stream and whoever watches: workers that are killed or frozen, a feed that is cut, refused or silent,
 * a frozen Postgres, an S3 that takes no gold, or nothing at all. Two APIs, each with another gold, run all along. At each
 * tick no minute has more than the simulator has sent, and nothing falls; at the end all minutes equal the oracle.
 *
 * The fault suite streams a past at speed, and the live route shows the last hour of the clock, so this is a test of its own.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { Random } from '../../dev/simulator/random.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import type { Child } from '../../dev/stack/child.ts';
import { LOOPBACK, freePort } from '../../dev/stack/ports.ts';
import { GOLD_HOURS } from '../../src/contracts/storage/object-keys.ts';
import { INGEST_ID } from '../../src/recentchange/definition.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import { S3Proxy } from '../faults/support/s3-proxy.ts';
import { TcpProxy } from '../faults/support/tcp-proxy.ts';
import { sampled } from '../support/form.ts';
import { LiveViewer, LiveWatch, untilShown } from '../support/live-viewer.ts';
import { startProcess } from '../support/processes.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const MINUTE = 60_000;
/** Parts of seconds, so that each fault meets open parts, stored ones, and some that gold is taking. */
const SHORT_PARTS = { FLUSH_MIN_LINES: '1000000', FLUSH_MAX_SEC: '3' };

let wikimedia: Wikimedia;
let world: World;
let postgres: TcpProxy;
let s3: S3Proxy;
/** Between APIs and the worker. */
let feed: TcpProxy;
let worker: Child;
let apis: Child[] = [];
let viewers: LiveViewer[] = [];
let watch: LiveWatch;
let fromMs: number;
let throughProxies: Readonly<Record<string, string>>;
let workerPort: number;
const random = new Random(20_261_127);

const startWorker = (): Promise<Child> =>
  startProcess(world, 'worker', {
    env: {
      ...SHORT_PARTS,
      ...throughProxies,
      METRICS_PORT: String(workerPort),
      EVENTSTREAMS_URL: wikimedia.streamUrl,
    },
  });

beforeAll(async () => {
  const stack = inject('stackEnv');
  wikimedia = await startWikimedia({ port: 0, rate: 20 });
  world = await openWorld({ gold: 'postgres,s3' });
  workerPort = await freePort();
  const dsn = new URL(world.env['PG_DSN'] ?? '');
  postgres = await TcpProxy.open(Number(dsn.port));
  s3 = await S3Proxy.open(Number(new URL(stack['AWS_ENDPOINT_URL'] ?? '').port), random);
  feed = await TcpProxy.open(workerPort);
  dsn.hostname = LOOPBACK;
  dsn.port = String(postgres.port);
  throughProxies = { PG_DSN: dsn.href, AWS_ENDPOINT_URL: `http://${LOOPBACK}:${s3.port}` };
  worker = await startWorker();
  fromMs = Math.floor(Date.now() / MINUTE) * MINUTE - 10 * MINUTE;
  await startIngest(world.client, INGEST_ID, { since: new Date(fromMs).toISOString() });
  for (const gold of ['postgres', 's3']) {
    const port = await freePort();
    const env = {
      ...throughProxies,
      GOLD: gold,
      PORT: String(port),
      LIVE_URL: `http://${LOOPBACK}:${feed.port}`,
    };
    apis = [...apis, await startProcess(world, 'api', { name: `api-${gold}`, env })];
    viewers = [...viewers, new LiveViewer(`http://${LOOPBACK}:${port}/api/v1/live?wiki=all`)];
  }
  watch = new LiveWatch(viewers, wikimedia.url, fromMs);
  await untilExact();
});
afterAll(async () => {
  await watch.stop();
  for (const viewer of viewers) viewer.close();
  for (const api of apis) await api.stop();
  await worker.stop();
  await feed.close();
  await postgres.close();
  await s3.close();
  await wikimedia.close();
  await world.close();
});

// Also after a fault that has failed.
afterEach(async () => {
  s3.behave({ kind: 'pass' });
  for (const proxy of [postgres, feed]) await proxy.pass();
});

const untilExact = (): Promise<void> => untilShown(viewers, wikimedia.url, fromMs, 180_000);

/** Edits are shown that were sent after now. */
async function untilMoves(): Promise<void> {
  const before = viewers.map(({ edits }) => edits);
  await untilHolds(() => {
    for (const [at, { edits }] of viewers.entries()) expect(edits).toBeGreaterThan(before[at] ?? 0);
  });
}

async function untilFeed(kind: 'live' | 'lost'): Promise<void> {
  await untilHolds(() => {
    for (const { status } of viewers) expect(status).toMatchObject({ feed: kind });
  });
}

const hold = (ms: number): Promise<void> => sleep(ms * (0.5 + 0.5 * random.unit()));

describe('what two viewers see', () => {
  const faults: readonly (readonly [string, () => Promise<void>])[] = [
    [
      'a worker is killed three times, at any moment',
      async () => {
        for (let times = 0; times < 3; times += 1) {
          await hold(6_000);
          await worker.kill();
          worker = await startWorker();
          await untilMoves();
        }
      },
    ],
    [
      'a worker freezes until its attempt is given up, and wakes up',
      async () => {
        process.kill(worker.pid, 'SIGSTOP');
        await untilFeed('lost');
        await hold(10_000);
        process.kill(worker.pid, 'SIGCONT');
      },
    ],
    [
      'the connections to the feed are cut again and again',
      async () => {
        for (let times = 0; times < 5; times += 1) {
          feed.cut();
          await hold(4_000);
        }
        expect(feed.counts.cut).toBeGreaterThan(0);
      },
    ],
    [
      'the feed is refused until it is lost',
      async () => {
        await feed.refuse();
        await untilFeed('lost');
        await feed.pass();
      },
    ],
    [
      'the feed falls silent until it is lost',
      async () => {
        feed.freeze();
        await untilFeed('lost');
        await feed.pass();
      },
    ],
    [
      'Postgres is frozen, and nothing is shown later for it',
      async () => {
        postgres.freeze();
        await untilMoves();
        await hold(20_000);
        await untilMoves();
        await postgres.pass();
      },
    ],
    [
      'S3 takes no gold, and nothing is shown later for it',
      async () => {
        s3.behave({ kind: 'answer', status: 403, share: 1, below: GOLD_HOURS });
        await untilMoves();
        await hold(15_000);
        await untilMoves();
        s3.behave({ kind: 'pass' });
      },
    ],
    [
      // Then one buffer fills, and the stream waits.
      'S3 is away',
      async () => {
        s3.behave({ kind: 'answer', status: 503, share: 1 });
        await hold(15_000);
        s3.behave({ kind: 'pass' });
      },
    ],
    [
      'a worker is killed while gold is away',
      async () => {
        postgres.freeze();
        await untilMoves();
        await worker.kill();
        await postgres.pass();
        worker = await startWorker();
      },
    ],
  ];
  test.each(sampled(faults, 4))('%s', async (_, strike) => {
    await strike();
    await untilMoves();
    await untilFeed('live');
    await untilExact();
    expect(watch.excess).toEqual([]);
    expect(viewers.flatMap(({ falls }) => falls)).toEqual([]);
  });

  test('was compared with what was sent all along', () => {
    expect(watch.comparisons).toBeGreaterThan(5);
  });
});
