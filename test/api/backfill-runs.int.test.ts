/** Backfills over HTTP, on a real Temporal: started, listed with their progress, paused, resumed, cancelled. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { settingsOf } from '../../dev/simulator/settings.ts';
import { buildApp } from '../../src/api/app.ts';
import { TASK_QUEUE } from '../../src/contracts/temporal/names.ts';
import { backfillRuns } from '../../src/temporal/backfill-runs.ts';
import { startGatedWorker } from '../support/gated-worker.ts';
import type { GatedWorker } from '../support/gated-worker.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const HOUR_MS = 3_600_000;
const TOKEN = 'a-token-for-tests';

let world: World;
let wikimedia: Wikimedia;
let worker: GatedWorker | undefined;
let app: FastifyInstance;
/** The API cannot tell whether the first hour of this Wikimedia is whole, so one comes before. */
const startMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 6 * HOUR_MS;
const at = (hour: number): string => new Date(startMs + hour * HOUR_MS).toISOString();

beforeAll(async () => {
  world = await openWorld();
  wikimedia = await startWikimedia({ port: 0, rate: 3, fromMs: startMs - HOUR_MS });
  worker = await startGatedWorker(world, settingsOf(wikimedia));
  app = await buildApp({
    gold: world.gold,
    dashboardDir: 'not-built',
    version: '1',
    backfills: backfillRuns(() => world.client),
    adminToken: TOKEN,
  });
});
afterAll(async () => {
  await app.close();
  await stopWorker();
  await wikimedia.close();
  await world.close();
});

async function stopWorker(): Promise<void> {
  await worker?.stop();
  worker = undefined;
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}
interface Run {
  readonly id: string;
  readonly status: string;
}

async function post(url: string, payload?: object): Promise<Answer> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const response = await app.inject({ method: 'POST', url, headers, ...(payload && { payload }) });
  return { status: response.statusCode, body: response.json() };
}

async function page(query: string): Promise<{ runs: Run[]; next?: string }> {
  const response = await app.inject(`/api/v1/backfills/runs?${query}`);
  expect(response.statusCode).toBe(200);
  return response.json();
}

async function start(input: object): Promise<string> {
  const { status, body } = await post('/api/v1/backfills', input);
  expect(status).toBe(201);
  return String(body['id']);
}

test('a backfill is started, listed, paused, resumed and cancelled; then it runs no more', async () => {
  worker?.hold('fetchApiPage');
  const id = await start({ from: at(0), to: at(2), source: 'api', wikis: ['enwiki', 'dewiki'] });
  await worker?.untilHeld('fetchApiPage');
  await untilHolds(async () =>
    expect(await page('status=running')).toEqual({
      runs: [
        expect.objectContaining({
          id,
          status: 'running',
          source: 'api',
          wikis: ['enwiki', 'dewiki'],
          from: at(0),
          progress: expect.objectContaining({ state: 'reading', from: at(0), to: at(2), total: 4 }),
        }),
      ],
    }),
  );
  // What is under way is held, so the pause is accepted first, and has happened later.
  expect(await post(`/api/v1/backfills/${id}/pause`)).toEqual({
    status: 202,
    body: { id, state: 'pausing' },
  });
  worker?.open();
  await untilHolds(async () =>
    expect(await post(`/api/v1/backfills/${id}/pause`)).toEqual({
      status: 200,
      body: { id, state: 'paused' },
    }),
  );
  worker?.hold('fetchApiPage');
  worker?.hold('rebuildHour');
  expect(await post(`/api/v1/backfills/${id}/resume`)).toMatchObject({
    status: 200,
    body: { state: expect.stringMatching(/^(reading|rebuilding)$/) },
  });
  expect(await post(`/api/v1/backfills/${id}/cancel`)).toEqual({
    status: 202,
    body: { id, state: 'cancelling' },
  });
  worker?.open();
  await untilHolds(async () =>
    expect((await page('status=ended')).runs).toEqual([
      expect.objectContaining({ id, status: 'cancelled', endedAt: expect.any(String) }),
    ]),
  );
  for (const control of ['pause', 'resume', 'cancel'])
    expect(await post(`/api/v1/backfills/${id}/${control}`)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('it is cancelled') },
    });
});

test('an id that no backfill has is unknown, also that of another workflow', async () => {
  await world.client.workflow.start('transformRange', {
    taskQueue: TASK_QUEUE,
    workflowId: 'a-range',
    args: [{ from: at(0), to: at(1) }],
  });
  for (const id of ['nothing', 'a-range'])
    for (const control of ['pause', 'resume', 'cancel'])
      expect(await post(`/api/v1/backfills/${id}/${control}`)).toMatchObject({ status: 404 });
  expect(await world.client.workflow.getHandle('a-range').result()).toMatchObject({ hours: 1 });
});

test('many are listed page by page, each once', async () => {
  const input = { from: at(0), to: at(1), source: 'api', wikis: ['enwiki'] };
  const started = [await start(input), await start(input), await start(input)];
  await Promise.all(started.map(id => world.client.workflow.getHandle(id).result()));
  await untilHolds(async () => expect((await page('status=running')).runs).toEqual([]));
  const found: string[] = [];
  let after = '';
  do {
    const { runs, next } = await page(`status=ended&limit=1${after}`);
    expect(runs.length).toBeLessThanOrEqual(1);
    found.push(...runs.map(({ id }) => id));
    after = next === undefined ? '' : `&after=${next}`;
  } while (after !== '');
  expect(new Set(found).size).toBe(found.length);
  expect(found).toEqual(expect.arrayContaining(started));
  const wrong = await app.inject('/api/v1/backfills/runs?after=abcd');
  expect([wrong.statusCode, wrong.json()]).toEqual([
    400,
    expect.objectContaining({ errors: [expect.objectContaining({ parameter: 'after', got: 'abcd' })] }),
  ]);
});

test('controls that meet one another and the end of the run are each answered', async () => {
  const input = { from: at(0), to: at(1), source: 'api', wikis: ['enwiki'] };
  for (let round = 0; round < 10; round++) {
    const id = await start(input);
    await sleep(round * 30);
    const controls = ['pause', 'resume', 'cancel', 'pause', 'resume', 'pause'];
    const answers = await Promise.all(
      controls.map(async (control, place) => {
        await sleep(place * 10);
        return post(`/api/v1/backfills/${id}/${control}`);
      }),
    );
    for (const answer of answers) expect(answer).toMatchObject({ status: expect.toBeOneOf([200, 202, 409]) });
  }
});

test('without a worker a run is listed, and a pause says that nobody takes it', async () => {
  await stopWorker();
  const id = await start({ from: at(0), to: at(1), source: 'api', wikis: ['frwiki'] });
  await untilHolds(async () =>
    expect((await page('status=running')).runs).toEqual([
      expect.objectContaining({ id, status: 'running', progress: {} }),
    ]),
  );
  expect(await post(`/api/v1/backfills/${id}/pause`)).toMatchObject({
    status: 503,
    body: { detail: expect.stringContaining('No worker has answered') },
  });
});
