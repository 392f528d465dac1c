/**
 * Three hours of gold and bronze are lost, and ingest is away for five. Then the stream and the API are asked for the
 * same two days at once, with trouble at the API and the worker killed every 20 seconds: gold equals the oracle.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Child } from '../../dev/stack/child.ts';
import { parseSimulateOptions } from '../../dev/simulator/options.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { settingsOf } from '../../dev/simulator/settings.ts';
import { TASK_QUEUE } from '../../src/contracts/temporal/names.ts';
import { hourPrefix } from '../../src/contracts/storage/object-keys.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import type { backfill } from '../../src/workflows/index.ts';
import { goldRows, keysUnder, oracleRows, untilExact } from '../support/exactness.ts';
import { loseRows } from '../support/damage-gold.ts';
import { startProcess } from '../support/processes.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const HOUR = 3_600_000;
const HOURS = 48;
const AWAY = 5;
const KILL_EVERY_MS = 20_000;

describe.each(['postgres', 's3'] as const)('backfills from stream and API at once, gold in %s', gold => {
  let world: World;
  let before: Wikimedia;
  let wikimedia: Wikimedia;
  // Whole hours that are over, so that all of them can be compared.
  const endMs = Math.floor((Date.now() - 1_500_000) / HOUR) * HOUR;
  const at = (hour: number): string => new Date(endMs - (HOURS - hour) * HOUR).toISOString();
  // It begins earlier: of its first hour the API cannot know whether anything is gone.
  const universe = { port: '0', rate: '1.5', seed: '11', from: at(-2) };

  beforeAll(async () => {
    world = await openWorld({ gold });
    // The same universe twice: as ingest saw it before it went away, and as it is.
    before = await startWikimedia(parseSimulateOptions({ ...universe, until: at(HOURS - AWAY) }));
    wikimedia = await startWikimedia(
      parseSimulateOptions({
        ...universe,
        faults: 'maxlag=17s/2s,apiratelimit=23s/2s,apierror=13s/1s,unavailable=40s/3s',
      }),
    );
  });
  afterAll(async () => {
    await before.close();
    await wikimedia.close();
    await world.close();
  });

  const settings = (of: Wikimedia) => ({
    ...settingsOf(of),
    ACTION_API_PER_MINUTE: '60000',
    FLUSH_MIN_LINES: '5000',
    FLUSH_MAX_SEC: '2',
  });

  test('gold equals the oracle for all 48 hours, row by row', async () => {
    const ingesting = await startProcess(world, 'worker', { env: settings(before) });
    await startIngest(world.client, { since: at(0) });
    // The last hour still lacks what came late.
    await untilExact(world, before.url, at(0), at(HOURS - AWAY - 1));
    await world.client.workflow.getHandle('ingest-recentchange').signal('stop');
    await world.client.workflow.getHandle('ingest-recentchange').result();
    await ingesting.stop();
    for (const hour of [10, 20, 30]) {
      for (const key of await keysUnder(world, hourPrefix(at(hour).slice(0, 13))))
        await world.store.remove(key);
      await loseRows(world, at(hour), at(hour + 1));
    }

    const runs = await Promise.all(
      (['stream', 'api'] as const).map(source =>
        world.client.workflow.start<typeof backfill>('backfill', {
          taskQueue: TASK_QUEUE,
          workflowId: `backfill-${source}`,
          args: [{ from: at(0), to: at(HOURS), source }],
        }),
      ),
    );
    const ended = new AbortController();
    const results = Promise.all(runs.map(run => run.result())).finally(() => ended.abort());
    results.catch(() => undefined);
    let worker: Child | undefined;
    let kills = 0;
    while (!ended.signal.aborted) {
      worker = await startProcess(world, 'worker', { env: settings(wikimedia), name: `worker-${kills}` });
      await Promise.race([results.catch(() => undefined), sleep(KILL_EVERY_MS)]);
      await worker.kill();
      kills += 1;
    }
    const [stream, api] = await results;
    expect(kills).toBeGreaterThan(2);
    expect(stream).toMatchObject({ failed: [], missing: [] });
    expect(api).toMatchObject({ failed: [], missing: [] });
    expect(await goldRows(world, at(0), at(HOURS))).toEqual(
      await oracleRows(wikimedia.url, at(0), at(HOURS)),
    );
  }, 1_200_000);
});
