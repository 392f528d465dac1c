/** `verify` with gold in S3: intact gold has no findings; a manual change to an hour's object is found, named and repaired. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Child } from '../../dev/stack/child.ts';
import { TASK_QUEUE, transformHourId } from '../../src/contracts/temporal/names.ts';
import { goldHourKey } from '../../src/contracts/storage/object-keys.ts';
import { runCli } from '../support/cli.ts';
import { forgetParts, loseRows } from '../support/damage-gold.ts';
import { commitEdits } from '../support/parts.ts';
import { startProcess } from '../support/processes.ts';
import { verifyWorld } from '../support/verify.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

/** Two recent hours, so that nothing has expired. */
const START = Math.floor(Date.now() / 3_600_000) * 3_600 - 3 * 3_600;
const HOUR = new Date(START * 1000).toISOString().slice(0, 13);
const NEXT = new Date((START + 3_600) * 1000).toISOString().slice(0, 13);
const RANGE = { from: `${HOUR}:00Z`, to: `${NEXT}:59Z` };

describe('verify, gold in S3', () => {
  let world: World;
  let worker: Child;
  beforeAll(async () => {
    world = await openWorld({ gold: 's3' });
    worker = await startProcess(world, 'worker');
    await commitEdits(world, [
      { timestamp: START, bytes: 5 },
      { timestamp: START + 60, bot: true },
    ]);
    await commitEdits(world, [{ timestamp: START + 61, wiki: 'dewiki' }, { timestamp: START + 3_600 }]);
    for (const hour of [HOUR, NEXT]) await rebuild(hour);
  });
  afterAll(async () => {
    await worker.stop();
    await world.close();
  });

  const rebuild = (hour: string) =>
    world.client.workflow.execute('transformHour', {
      taskQueue: TASK_QUEUE,
      workflowId: transformHourId(hour),
      args: [{ hour }],
    });
  const expectExact = async (): Promise<void> =>
    expect(await verifyWorld(world, RANGE)).toMatchObject({
      code: 0,
      output: expect.stringContaining('exact: 2 hours, 3 parts, 4 events, 4 edits'),
    });
  /** Damages an hour, expects this finding, and rebuilds the hour, after which there are no findings. */
  const expectFindings = async (damage: () => Promise<void>, ...words: readonly string[]): Promise<void> => {
    await damage();
    const { code, output } = await verifyWorld(world, RANGE);
    expect(code).toBe(1);
    for (const part of [...words, HOUR]) expect(output).toContain(part);
    await rebuild(HOUR);
    await expectExact();
  };

  test('intact gold has no findings, also by the command', async () => {
    await expectExact();
    const { code, output } = await runCli(world, ['verify', '--from', RANGE.from, '--to', RANGE.to]);
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('agree') });
  });

  test('names missing rows', () =>
    expectFindings(
      () => loseRows(world, `${HOUR}:00Z`, `${HOUR}:59Z`),
      '3 rows differ from bronze',
      'npm run transform',
    ));

  test('names a part that the ledger lacks', () =>
    expectFindings(() => forgetParts(world, HOUR, 'part-0'), 'is not in gold’s ledger', 'npm run transform'));

  test('reports an hour without an object as waiting to be counted', async () => {
    await world.store.remove(goldHourKey(HOUR));
    const { code, output } = await verifyWorld(world, RANGE);
    expect({ code, output }).toMatchObject({
      code: 0,
      output: expect.stringContaining('is waiting to be applied'),
    });
    await rebuild(HOUR);
    await expectExact();
  });
});
