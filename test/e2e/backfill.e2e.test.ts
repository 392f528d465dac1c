/**
 * Three hours of gold and bronze are lost, and ingest does not run for the last five. Then one backfill from the stream
 * and one from the API cover the same two days at once, while the API fails now and then and the worker is killed every
 * 20 seconds, up to thirty times: gold equals the oracle. The short form has twelve hours and three kills.
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
import { INGEST_ID } from '../../src/recentchange/definition.ts';
import type { backfill } from '../../src/workflows/index.ts';
import { expectGold, keysUnder, oracleRows, untilExact } from '../support/exactness.ts';
import { GOLDS, isLong } from '../support/form.ts';
import { loseRows } from '../support/damage-gold.ts';
import { startProcess } from '../support/processes.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const HOUR = 3_600_000;
const HOURS = isLong ? 48 : 12;
const AWAY = isLong ? 5 : 3;
const LOST = isLong ? [10, 20, 30] : [2, 4, 7];
/** After a kill its activities wait up to 15 s for their heartbeat timeout: with faster kills nothing would get done. */
const KILL_EVERY_MS = isLong ? 20_000 : 15_000;
/** On a busy machine a worker needs all that time to start, so the kills have an end. */
const MOST_KILLS = isLong ? 30 : 3;

describe.each(GOLDS)('backfills from stream and API at once, gold in %s', gold => {
  let world: World;
  let before: Wikimedia;
  let wikimedia: Wikimedia;
  // Whole hours in the past, so that all of them can be compared.
  const endMs = Math.floor((Date.now() - 1_500_000) / HOUR) * HOUR;
  const at = (hour: number): string => new Date(endMs - (HOURS - hour) * HOUR).toISOString();
  // It begins earlier: for the first hour of a universe the API cannot tell whether anything is missing.
  const universe = { port: '0', rate: '1.5', seed: '11', from: at(-2) };

  beforeAll(async () => {
    world = await openWorld({ gold });
    // The same universe twice: as ingest saw it before it stopped, and complete.
    before = await startWikimedia(parseSimulateOptions({ ...universe, until: at(HOURS - AWAY) }));
    wikimedia = await startWikimedia(
      parseSimulateOptions({
        ...universe,
        faults: `maxlag=17s/2s,apiratelimit=23s/2s,apierror=13s/1s,unavailable=${isLong ? 40 : 19}s/3s`,
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

  test('gold equals the oracle for all hours, row by row', async () => {
    const ingesting = await startProcess(world, 'worker', { env: settings(before) });
    await startIngest(world.client, INGEST_ID, { since: at(0) });
    // The last hour still lacks its late events. Two days are a quarter of a million events, which take minutes on a busy machine.
    await untilExact(world, before.url, at(0), at(HOURS - AWAY - 1), 300_000);
    await world.client.workflow.getHandle('ingest-recentchange').signal('stop');
    await world.client.workflow.getHandle('ingest-recentchange').result();
    await ingesting.stop();
    for (const hour of LOST) {
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
      const kill = kills < MOST_KILLS ? [sleep(KILL_EVERY_MS)] : [];
      await Promise.race([results.catch(() => undefined), ...kill]);
      await worker.kill();
      kills += 1;
    }
    const [stream, api] = await results;
    expect(kills).toBeGreaterThan(2);
    expect(stream).toMatchObject({ failed: [], missing: [] });
    expect(api).toMatchObject({ failed: [], missing: [] });
    await expectGold(world, at(0), at(HOURS), await oracleRows(wikimedia.url, at(0), at(HOURS)));
  }, 1_800_000);
});
