/** A backfill from the stream, on real servers: it restores what bronze and gold lack, and nothing twice. */
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
import {
  bronzeEvents,
  goldRows,
  keysUnder,
  oracleIds,
  oracleRows,
  untilExact,
} from '../support/exactness.ts';
import { replayRuns } from '../support/histories.ts';
import { startProcess } from '../support/processes.ts';
import { temporalCli } from '../support/temporal-cli.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const HOUR = 3_600_000;

describe('a backfill from the stream', () => {
  let world: World;
  let wikimedia: Wikimedia;
  let worker: Child;
  const startMs = Math.floor(Date.now() / HOUR) * HOUR - 8 * HOUR;
  const at = (hour: number): string => new Date(startMs + hour * HOUR).toISOString();

  beforeAll(async () => {
    world = await openWorld();
    wikimedia = await startWikimedia(parseSimulateOptions({ port: '0', rate: '4', from: at(0), seed: '5' }));
    worker = await startProcess(world, 'worker', {
      env: {
        ...settingsOf(wikimedia),
        FLUSH_MIN_LINES: '3000',
        FLUSH_MAX_SEC: '2',
      },
    });
  });
  afterAll(async () => {
    await worker.stop();
    await replayRuns(world, 'backfill');
    await wikimedia.close();
    await world.close();
  });

  let runs = 0;
  const run = async (input: object) => {
    const handle = await world.client.workflow.start<typeof backfill>('backfill', {
      taskQueue: TASK_QUEUE,
      workflowId: `backfill-${(runs += 1)}`,
      args: [input],
    });
    return handle.result();
  };

  test('fills hours that were never read', async () => {
    const report = await run({ from: at(0), to: at(2), source: 'stream' });
    expect(report).toMatchObject({
      from: at(0),
      to: at(2),
      stretches: [{ source: 'stream', from: at(0), to: at(2) }],
      missing: [],
      failed: [],
    });
    const ids = await oracleIds(wikimedia.url, at(0), at(2));
    expect(report.rows).toBe(ids.length);
    expect((await bronzeEvents(world)).map(({ id }) => id).sort()).toEqual(ids);
    expect(await goldRows(world, at(0), at(2))).toEqual(await oracleRows(wikimedia.url, at(0), at(2)));
  });

  test('restores what was deleted, and nothing else, beside ingest', async () => {
    await startIngest(world.client, INGEST_ID, { since: at(1) });
    await untilExact(world, wikimedia.url, at(0), at(7));
    // Two hours lose everything, a third only some of its parts.
    for (const hour of [3, 4]) {
      for (const key of await keysUnder(world, hourPrefix(at(hour).slice(0, 13))))
        await world.store.remove(key);
      await world.sql.query('delete from gold.edits_per_min where ts_minute >= $1 and ts_minute < $2', [
        at(hour),
        at(hour + 1),
      ]);
    }
    const [lost = ''] = await keysUnder(world, hourPrefix(at(5).slice(0, 13)));
    await world.store.remove(lost);
    // Ingest keeps reading meanwhile; its parts are left out.
    const inRange = async () =>
      (await bronzeEvents(world)).filter(({ timestamp }) => timestamp * 1000 < Date.parse(at(7)));
    const before = await inRange();

    const report = await run({ from: at(1), to: at(7), source: 'stream' });
    expect(report).toMatchObject({ failed: [], missing: [] });
    const after = await inRange();
    expect(report.rows).toBe(after.length - before.length);
    expect(after.map(({ id }) => id).sort()).toEqual(await oracleIds(wikimedia.url, at(0), at(7)));
    expect(await goldRows(world, at(0), at(7))).toEqual(await oracleRows(wikimedia.url, at(0), at(7)));
    expect((await run({ from: at(1), to: at(7), source: 'stream' })).rows).toBe(0);
  });

  test('can be paused, resumed and reset on the way', async () => {
    const handle = await world.client.workflow.start<typeof backfill>('backfill', {
      taskQueue: TASK_QUEUE,
      workflowId: 'backfill-reset',
      args: [{ from: at(0), to: at(7), source: 'stream' }],
    });
    await handle.signal('pause');
    await untilHolds(async () => expect(await handle.query('progress')).toMatchObject({ state: 'paused' }));
    await handle.signal('resume');
    await untilHolds(async () =>
      expect((await handle.query<{ done: number }>('progress')).done).toBeGreaterThanOrEqual(6),
    );
    const id = ['--workflow-id', handle.workflowId];
    const reset = ['workflow', 'reset', ...id, '--type', 'FirstWorkflowTask', '--reason', 'test'];
    expect(await temporalCli(world, ...reset)).toMatchObject({ code: 0 });
    const report = await world.client.workflow.getHandle<typeof backfill>(handle.workflowId).result();
    expect(report).toMatchObject({ failed: [], missing: [] });
    expect(await goldRows(world, at(0), at(7))).toEqual(await oracleRows(wikimedia.url, at(0), at(7)));
  });

  test('closes gaps', async () => {
    const coverage = await world.gold.coverage(0);
    // What several backfills have filled is one range.
    expect(coverage).toEqual([expect.objectContaining({ source: 'stream', from: at(0), to: at(7) })]);
  });
});
