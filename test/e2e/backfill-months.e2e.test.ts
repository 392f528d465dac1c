/**
 * Sixty days of five wikis from stream, API and dumps: each range equals what its source can know. The short form has
 * 33 days, which still need all three sources.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Child } from '../../dev/stack/child.ts';
import { parseSimulateOptions } from '../../dev/simulator/options.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { settingsOf } from '../../dev/simulator/settings.ts';
import { TASK_QUEUE } from '../../src/contracts/temporal/names.ts';
import type { backfill } from '../../src/workflows/index.ts';
import { expectGold, oracleRows } from '../support/exactness.ts';
import { GOLD_ALONE, isLong } from '../support/form.ts';
import { peakRssMb } from '../support/peak-rss.ts';
import { startProcess } from '../support/processes.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const HOUR = 3_600_000;
const DAYS = isLong ? 60 : 33;
const HOURS = DAYS * 24;
/** An idle worker (Node and the SDK's core) takes about half of this. */
const MAX_RSS_MB = 700;
/** So many that `auto` reads the stream too. */
const WIKIS = ['enwiki', 'dewiki', 'eswiktionary', 'frwiki', 'itwiki'];

describe.each(GOLD_ALONE)(`a backfill of ${DAYS} days, gold in %s`, gold => {
  let world: World;
  let wikimedia: Wikimedia;
  let worker: Child;
  beforeAll(async () => {
    world = await openWorld({ gold });
    const from = new Date(Date.now() - (HOURS + 48) * HOUR).toISOString();
    wikimedia = await startWikimedia(
      parseSimulateOptions({ port: '0', rate: isLong ? '0.5' : '0.25', seed: '12', from, dumpDelay: '1s' }),
    );
    worker = await startProcess(world, 'worker', {
      env: {
        ...settingsOf(wikimedia),
        ACTION_API_PER_MINUTE: '60000',
      },
    });
  });
  afterAll(async () => {
    await worker.stop();
    await wikimedia.close();
    await world.close();
  });

  test('equals the oracle of each source, with the fewest requests, in flat memory', async () => {
    const handle = await world.client.workflow.start<typeof backfill>('backfill', {
      taskQueue: TASK_QUEUE,
      workflowId: 'backfill-months',
      // All wikis side by side, so that each hour is rebuilt once.
      args: [{ hours: HOURS, wikis: WIKIS, source: 'auto', concurrency: WIKIS.length }],
    });
    const report = await handle.result();
    expect(report).toMatchObject({ failed: [], missing: [] });
    expect(report.stretches.map(({ source }) => source)).toEqual(['dump', 'api', 'stream']);
    for (const { source, from, to } of report.stretches) {
      const expected = await oracleRows(wikimedia.url, from, to, { source, wikis: WIKIS.join(',') });
      await expectGold(world, from, to, expected);
      expect(expected.length).toBeGreaterThan(isLong ? 1_000 : 500);
    }
    const { requests = 0, leastRequests = 0 } = report.perSource.api ?? {};
    const peakMb = await peakRssMb(worker.pid);
    console.log(`${DAYS} days, gold in ${gold}: peak RSS of the worker ${peakMb} MB`);
    expect(peakMb).toBeLessThan(MAX_RSS_MB);
    expect(wikimedia.mirror?.counts.api.mostAtOnce).toBeLessThanOrEqual(3);
    console.log(
      `${DAYS} days: ${report.rows} rows, ${requests} requests to the API, ${leastRequests} at least`,
    );
    expect(requests).toBeLessThanOrEqual(Math.ceil(leastRequests * 1.05));
    expect(await world.gold.coverage(0)).toHaveLength(3);
  }, 900_000);
});
