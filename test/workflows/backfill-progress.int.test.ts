/** What operators see of a backfill on a real server: how far its window is while it is read, and how they find it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSimulateOptions } from '../../dev/simulator/options.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { settingsOf } from '../../dev/simulator/settings.ts';
import { TASK_QUEUE } from '../../src/contracts/temporal/names.ts';
import { startBackfill } from '../../src/temporal/start-backfill.ts';
import { readBackfillProgress } from '../../src/temporal/backfill-progress.ts';
import { startGatedWorker } from '../support/gated-worker.ts';
import type { GatedWorker } from '../support/gated-worker.ts';
import { temporalCli } from '../support/temporal-cli.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const HOUR = 3_600_000;

describe('a backfill', () => {
  let world: World;
  let wikimedia: Wikimedia;
  let worker: GatedWorker;
  const startMs = Math.floor(Date.now() / HOUR) * HOUR - 8 * HOUR;
  const at = (hour: number): string => new Date(startMs + hour * HOUR).toISOString();
  beforeAll(async () => {
    world = await openWorld();
    // So slow that a window of six hours takes more than a minute.
    wikimedia = await startWikimedia(
      parseSimulateOptions({ port: '0', rate: '1', from: at(0), seed: '8', replayRate: '300' }),
    );
    worker = await startGatedWorker(world, settingsOf(wikimedia));
  });
  afterAll(async () => {
    await worker.stop();
    await wikimedia.close();
    await world.close();
  });

  test('makes progress within a window, of which the workflow knows nothing yet', async () => {
    const run = await world.client.workflow.start('backfill', {
      taskQueue: TASK_QUEUE,
      workflowId: 'within',
      args: [{ from: at(0), to: at(6), source: 'stream' }],
    });
    const read = async () => readBackfillProgress(run, await run.describe());
    const further = async (than: number): Promise<number> => {
      const progress = await read();
      expect(progress).toMatchObject({ total: 6, running: [{ source: 'stream', from: at(0), to: at(6) }] });
      const { done = 0, eta, running } = 'done' in progress ? progress : {};
      expect(done).toBeGreaterThan(than);
      expect(eta).toBeDefined();
      expect(running?.[0]?.share).toBeGreaterThan(0);
      return done;
    };
    const first = await untilHolds(() => further(0));
    await untilHolds(() => further(first));
    expect(await run.query('progress')).toMatchObject({ done: 0 });
    await run.cancel();
    await untilHolds(async () => expect((await run.describe()).status.name).toBe('CANCELLED'));
  });

  test('is found by its wikis, source and range, whoever started it', async () => {
    // Not the first hour of this Wikimedia, of which the API cannot tell whether it is whole.
    const input = { from: at(2), to: at(3), wikis: ['dewiki', 'enwiki'], source: 'api' };
    const started = await startBackfill(world.client, input);
    const byHand = await temporalCli(
      world,
      'workflow',
      'start',
      '--workflow-id',
      'by-hand',
      '--type',
      'backfill',
      '--task-queue',
      TASK_QUEUE,
      '--input',
      JSON.stringify({ ...input, wikis: ['dewiki'] }),
    );
    expect(byHand).toMatchObject({ code: 0 });
    const found = async (query: string): Promise<string[]> => {
      const ids: string[] = [];
      for await (const { workflowId } of world.client.workflow.list({ query })) ids.push(workflowId);
      return ids.sort();
    };
    const both = [started.workflowId, 'by-hand'].sort();
    await untilHolds(async () => expect(await found("WikigaugeWiki = 'dewiki'")).toEqual(both));
    expect(await found("WikigaugeWiki = 'enwiki'")).toEqual([started.workflowId]);
    expect(await found(`WikigaugeSource = 'api' and WikigaugeFrom >= '${at(2)}'`)).toEqual(both);
    const { staticSummary } = (await started.describe()) as { staticSummary?: unknown };
    expect(await started.result()).toMatchObject({ failed: [] });
    expect(typeof staticSummary === 'function' ? await staticSummary() : staticSummary).toMatch(
      /^dewiki, enwiki · .* UTC · source api$/,
    );
  });
});
