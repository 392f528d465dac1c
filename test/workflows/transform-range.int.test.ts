/** Invariant 6 on real servers: gold is a function of bronze. Gold is dropped, a range is rebuilt, and the rows are back. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Child } from '../../dev/stack/child.ts';
import { TASK_QUEUE } from '../../src/contracts/temporal/names.ts';
import type { transformRange } from '../../src/workflows/index.ts';
import { dropGold } from '../support/damage-gold.ts';
import { goldRows } from '../support/exactness.ts';
import { GOLD_ALONE } from '../support/form.ts';
import { replayRuns } from '../support/histories.ts';
import { commitEdits } from '../support/parts.ts';
import { startProcess } from '../support/processes.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const FROM = '2026-11-01T00:00:00Z';
const TO = '2026-11-13T00:00:00Z';
/** Gold had none of the parts, so nothing in it was wrong. */
const NEW = { changedRows: 0, pendingParts: 145, pendingRows: 288 };

describe.each(GOLD_ALONE)('transformRange, gold in %s', gold => {
  let world: World;
  let worker: Child;
  let keys: string[];
  beforeAll(async () => {
    world = await openWorld({ gold });
    // Every other hour of twelve days: enough to continue as new several times.
    const edits = Array.from({ length: 144 }, (_, i) => ({ timestamp: Date.parse(FROM) / 1000 + i * 7_200 }));
    keys = await commitEdits(world, [...edits, ...edits.map(edit => ({ ...edit, bot: true, bytes: -4 }))]);
    // The first hour has two parts, so that it can lose one.
    await commitEdits(world, edits.slice(0, 1));
    worker = await startProcess(world, 'worker');
  });
  afterAll(async () => {
    await worker.stop();
    await replayRuns(world, `range-${gold}`);
    await world.close();
  });

  let runs = 0;
  const start = (input: object) =>
    world.client.workflow.start<typeof transformRange>('transformRange', {
      taskQueue: TASK_QUEUE,
      workflowId: `range-${(runs += 1)}`,
      args: [input],
    });

  test('restores the same rows after gold was dropped, paused and resumed on the way', async () => {
    const first = await (await start({ from: FROM, to: TO })).result();
    expect(first).toMatchObject({ hours: 144, parts: 145, edits: 289, ...NEW, failed: [] });
    const rows = await goldRows(world, FROM, TO);
    expect(rows).toHaveLength(288);

    await dropGold(world);
    const handle = await start({ from: FROM, to: TO });
    await handle.signal('pause');
    await untilHolds(async () =>
      expect(await handle.query('progress')).toMatchObject({ waitingFor: 'the signal resume' }),
    );
    await handle.signal('resume');
    expect(await handle.result()).toMatchObject({ hours: 144, ...NEW });
    expect(await goldRows(world, FROM, TO)).toEqual(rows);
    // The history grew too long on the way, so the run continued as new.
    const { runId } = await world.client.workflow.getHandle(handle.workflowId).describe();
    expect(runId).not.toBe(handle.firstExecutionRunId);
  });

  test('lists hours that keep their rows because bronze has lost parts; a damaged part fails the run', async () => {
    const [lost = '', damaged = ''] = keys;
    const body = await world.store.get(damaged);
    await world.store.remove(lost);
    const range = { from: FROM, to: '2026-11-01T04:00:00Z' };
    expect(await (await start(range)).result()).toMatchObject({
      hours: 1,
      changedRows: 0,
      expired: ['2026-11-01T00'],
    });
    await world.store.remove(damaged);
    const metadata = body?.metadata ?? {};
    await world.store.putIfAbsent(damaged, Buffer.from('no gzip'), { contentType: 'text/plain', metadata });
    const failure = await (await start(range)).result().catch((error: unknown) => error);
    expect(failure).toMatchObject({
      cause: {
        type: 'HoursFailed',
        details: [
          { failed: [{ hour: '2026-11-01T02', reason: expect.stringContaining('cannot be decompressed') }] },
        ],
      },
    });
    expect(await goldRows(world, FROM, range.to)).toHaveLength(4);
  });

  test.each([
    [{ hours: 0 }, 'a whole number of hours from 1 to 87600'],
    [{ hours: 5, from: FROM }, 'not both'],
    [{ to: TO }, 'to without from'],
    [{ from: TO, to: FROM }, 'from must lie before to'],
    [{ from: 'yesterday' }, 'a time in ISO 8601'],
    [{ since: FROM }, 'there is no field'],
  ])('%o is refused at once, and says why', async (input, message) => {
    const failure = await (await start(input)).result().catch((error: unknown) => error);
    expect(failure).toMatchObject({
      cause: { type: 'InvalidInput', message: expect.stringContaining(message) },
    });
  });
});
