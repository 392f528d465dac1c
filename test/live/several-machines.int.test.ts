/**
 * Two workers and two APIs, as on machines of their own: each worker is reached at another address than 127.0.0.1, and each
 * API reads another gold. Whichever worker reads the stream, both APIs show the same exact counts.
 */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Child } from '../../dev/stack/child.ts';
import { freePort } from '../../dev/stack/ports.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { INGEST_ID } from '../../src/recentchange/definition.ts';
import { pipelineReader } from '../../src/temporal/pipeline-reader.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import { LiveViewer, untilShown } from '../support/live-viewer.ts';
import { startProcess } from '../support/processes.ts';
import { untilHolds, untilTrue } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const MINUTE = 60_000;
/** No part is due by age or size: what is shown comes from the feed, unless a flush is asked for. */
const LONG_PARTS = { FLUSH_MIN_LINES: '1000000', FLUSH_MAX_SEC: '3600' };
const FAILOVER = { withinMs: 90_000 };

/** A worker with the address at which others reach it. */
interface Machine {
  readonly address: string;
  readonly env: Readonly<Record<string, string>>;
  worker: Child | undefined;
}

let wikimedia: Wikimedia;
let world: World;
let machines: readonly [Machine, Machine];
let apis: readonly { readonly process: Child; readonly address: string }[] = [];
let viewers: readonly LiveViewer[] = [];
let fromMs: number;

async function start(machine: Machine): Promise<void> {
  machine.worker = await startProcess(world, 'worker', {
    name: `worker-${machine.address.replace(/\W+/g, '-')}`,
    env: { ...LONG_PARTS, ...machine.env, EVENTSTREAMS_URL: wikimedia.streamUrl },
  });
}

beforeAll(async () => {
  wikimedia = await startWikimedia({ port: 0, rate: 20 });
  world = await openWorld({ gold: 'postgres,s3' });
  const [one, two] = [await freePort(), await freePort()];
  machines = [
    {
      address: `http://127.0.0.2:${one}`,
      env: { METRICS_PORT: String(one), LIVE_HOST: '127.0.0.2' },
      worker: undefined,
    },
    {
      // The name of this machine is not known to others.
      address: `http://127.0.0.3:${two}`,
      env: {
        METRICS_PORT: String(two),
        METRICS_HOST: '0.0.0.0',
        LIVE_ADVERTISE: `http://127.0.0.3:${two}`,
      },
      worker: undefined,
    },
  ];
  for (const machine of machines) await start(machine);
  for (const gold of ['postgres', 's3']) {
    const port = await freePort();
    const env = { PORT: String(port), GOLD: gold };
    const process = await startProcess(world, 'api', { name: `api-${gold}`, env });
    apis = [...apis, { process, address: `http://127.0.0.1:${port}` }];
  }
  fromMs = Math.floor(Date.now() / MINUTE) * MINUTE - 10 * MINUTE;
  await startIngest(world.client, INGEST_ID, { since: new Date(fromMs).toISOString() });
  viewers = apis.map(({ address }) => new LiveViewer(`${address}/api/v1/live?wiki=all`));
});
afterAll(async () => {
  for (const viewer of viewers) viewer.close();
  for (const { process } of apis) await process.stop();
  for (const { worker } of machines) await worker?.stop();
  await wikimedia.close();
  await world.close();
});

const untilExact = (): Promise<void> => untilShown(viewers, wikimedia.url, fromMs, 180_000);

/** The machine whose worker reads the stream, and the other one. */
async function reading(not?: Machine): Promise<readonly [Machine, Machine]> {
  const read = pipelineReader(world.env, INGEST_ID);
  return untilTrue(async () => {
    const answer = await read();
    const live = answer.kind === 'known' ? answer.ingest.heartbeat?.['live'] : undefined;
    const [first, second] = machines;
    if (live === first.address && first !== not) return [first, second] as const;
    return live === second.address && second !== not ? ([second, first] as const) : undefined;
  }, FAILOVER.withinMs);
}

async function logOf(api: Child): Promise<string> {
  return readFile(api.logFile, 'utf8');
}

async function untilLive(): Promise<void> {
  await untilHolds(() => {
    for (const { status } of viewers) expect(status).toMatchObject({ feed: 'live' });
  }, FAILOVER);
}

test('both show what was sent, before any of it is in gold', async () => {
  await untilExact();
  expect(await world.gold.lastStreamHour()).toBeUndefined();
  expect(viewers.map(({ status }) => status['feed'])).toEqual(['live', 'live']);
});

test('the feed is open where LIVE_HOST says, and the probes are not', async () => {
  const [{ address }] = machines;
  expect((await fetch(`${address}/metrics`)).status).toBe(404);
  const metrics = `http://127.0.0.1:${new URL(address).port}`;
  expect((await fetch(`${metrics}/livez`)).status).toBe(200);
  expect((await fetch(`${metrics}/live`)).status).toBe(404);
});

test('the reading worker freezes: the other one takes over, and nothing falls, also when the first wakes up', async () => {
  const [frozen] = await reading();
  process.kill(frozen.worker?.pid ?? 0, 'SIGSTOP');
  await reading(frozen);
  await untilLive();
  await untilExact();
  process.kill(frozen.worker?.pid ?? 0, 'SIGCONT');
  await world.client.workflow.getHandle(INGEST_ID).signal('flush');
  await untilHolds(() => {
    for (const { states } of viewers) expect(states).toContain('p');
  });
  await untilExact();
  expect(viewers.flatMap(({ falls }) => falls)).toEqual([]);
});

test('the reading worker is killed: the other one takes over, and nothing falls', async () => {
  const [killed] = await reading();
  await killed.worker?.kill();
  await reading(killed);
  await untilLive();
  await untilExact();
  expect(viewers.flatMap(({ falls }) => falls)).toEqual([]);
});

test('no worker is left: viewers, log and pipeline say so, and what was shown stays', async () => {
  for (const { worker } of machines) await worker?.kill();
  await untilHolds(() => {
    for (const { status } of viewers)
      expect(status).toMatchObject({ feed: 'lost', trouble: expect.stringContaining('live feed is lost') });
  });
  for (const { process, address } of apis) {
    await untilHolds(async () =>
      expect(await logOf(process)).toMatch(/live feed is lost.*http:\/\/127\.0\.0\.[23]:\d+\/live cannot be/),
    );
    await untilHolds(async () => {
      const answer = (await (await fetch(`${address}/api/v1/pipeline`)).json()) as { ingest: unknown };
      expect(answer.ingest).toMatchObject({ status: 'running', isAnswering: false });
    });
  }
  expect(viewers.flatMap(({ falls }) => falls)).toEqual([]);
  for (const machine of machines) await start(machine);
  await untilLive();
  await untilExact();
  for (const { process } of apis)
    await untilHolds(async () => expect(await logOf(process)).toContain('the live feed is back'));
  expect(viewers.flatMap(({ falls }) => falls)).toEqual([]);
});
