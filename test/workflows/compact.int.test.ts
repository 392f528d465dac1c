/**
 * Finished days as one object each: written by the Schedule that a worker creates, or by hand; invalid days are refused.
 * Days follow their hours: a corrected hour updates its day, and nothing is written when nothing has changed.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ScheduleNotFoundError } from '@temporalio/client';
import type { Child } from '../../dev/stack/child.ts';
import { COMPACT_DAYS_ID, TASK_QUEUE, compactDayId } from '../../src/contracts/temporal/names.ts';
import { GOLD_DAYS, goldDayKey } from '../../src/contracts/storage/object-keys.ts';
import type { compactDay, transformRange } from '../../src/workflows/index.ts';
import { keysUnder, rowsInS3 } from '../support/exactness.ts';
import { replayRuns } from '../support/histories.ts';
import { commitEdits } from '../support/parts.ts';
import { startProcess } from '../support/processes.ts';
import { temporalCli } from '../support/temporal-cli.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const FIRST = '2026-11-01';
const SECOND = '2026-11-02';
const RANGE = [`${FIRST}T00:00:00Z`, `${SECOND}T24:00:00Z`] as const;
const HOUR = 3_600;

describe('compactDay', () => {
  let world: World;
  let worker: Child;
  const at = Date.parse(RANGE[0]) / 1000;
  beforeAll(async () => {
    world = await openWorld({ gold: 's3' });
    const edits = Array.from({ length: 20 }, (_, i) => ({ timestamp: at + 10 * HOUR + i * HOUR }));
    await commitEdits(world, edits);
    worker = await startProcess(world, 'worker');
    await transform();
  });
  afterAll(async () => {
    await worker.stop();
    await replayRuns(world, 'compact');
    await world.close();
  });

  const transform = () =>
    world.client.workflow.execute<typeof transformRange>('transformRange', {
      taskQueue: TASK_QUEUE,
      workflowId: 'transform',
      args: [{ from: RANGE[0], to: RANGE[1] }],
    });
  const compact = (input: unknown) =>
    world.client.workflow.execute<typeof compactDay>('compactDay', {
      taskQueue: TASK_QUEUE,
      workflowId: compactDayId(FIRST),
      args: [input],
    });
  const trigger = () => world.client.schedule.getHandle(COMPACT_DAYS_ID).trigger();
  const versionOf = async (day: string): Promise<string | undefined> =>
    (await world.store.read(goldDayKey(day)))?.etag;
  /** Each of the two datasets is complete. */
  const expectSame = async (): Promise<void> => {
    const rows = await rowsInS3(world, ...RANGE);
    expect(rows.length).toBeGreaterThan(0);
    expect(await rowsInS3(world, ...RANGE, GOLD_DAYS)).toEqual(rows);
  };

  test('runs for every finished day, started by the Schedule that the worker created', async () => {
    await trigger();
    await untilHolds(async () => expect(await keysUnder(world, GOLD_DAYS)).toHaveLength(2));
    expect(await keysUnder(world, GOLD_DAYS)).toEqual([goldDayKey(FIRST), goldDayKey(SECOND)]);
    await expectSame();
    const { status, memo: _, ...run } = await world.client.workflow.getHandle(compactDayId(FIRST)).describe();
    expect(run.type).toBe('compactDay');
    await untilHolds(async () =>
      expect((await world.client.workflow.getHandle(compactDayId(FIRST)).describe()).status.name).toBe(
        'COMPLETED',
      ),
    );
    expect(['RUNNING', 'COMPLETED']).toContain(status.name);
  });

  test('writes nothing when the hours have not changed', async () => {
    const before = await versionOf(FIRST);
    expect(await compact({ day: FIRST })).toEqual({
      day: FIRST,
      hours: 14,
      rows: 14,
      bytes: expect.any(Number),
      isChanged: false,
    });
    expect(await versionOf(FIRST)).toBe(before);
  });

  test('updates a day when one of its hours was corrected, and leaves the others', async () => {
    const other = await versionOf(FIRST);
    await commitEdits(world, [{ timestamp: at + 25 * HOUR, wiki: 'lvwiki', bytes: 90 }]);
    await transform();
    await untilHolds(async () => {
      await trigger();
      expect(await rowsInS3(world, ...RANGE, GOLD_DAYS)).toHaveLength(21);
    });
    await expectSame();
    expect(await versionOf(FIRST)).toBe(other);
  });

  test('started by hand says what it did, in the output of the temporal command and in its progress', async () => {
    await world.store.remove(goldDayKey(FIRST));
    const args = ['--type', 'compactDay', '--task-queue', TASK_QUEUE, '--workflow-id', compactDayId(FIRST)];
    const input = JSON.stringify({ day: FIRST });
    const { code, output } = await temporalCli(world, 'workflow', 'execute', ...args, '--input', input);
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('"isChanged":true') });
    const handle = world.client.workflow.getHandle(compactDayId(FIRST));
    expect(await handle.query('progress')).toMatchObject({ day: FIRST, hours: 14, waitingFor: 'nothing' });
    await expectSame();
  });

  const today = new Date().toISOString().slice(0, 10);
  test.each([
    [{}, 'day is missing'],
    [{ day: '2026-02-30' }, 'day must be a day in UTC such as 2026-11-20, got "2026-02-30"'],
    [{ day: 20 }, 'day must be a day in UTC'],
    [{ day: today }, 'day must be over'],
    [{ hour: '2026-11-20T10' }, 'there is no field "hour"; the fields are day'],
  ])('%j is refused at once, and says why', async (input, message) => {
    const failure = await compact(input).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      cause: { type: 'InvalidInput', message: expect.stringContaining(message) },
    });
  });

  test('writes nothing for a day that is not in gold', async () => {
    expect(await compact({ day: '2026-10-01' })).toMatchObject({ hours: 0, isChanged: false });
    expect(await keysUnder(world, GOLD_DAYS)).toHaveLength(2);
  });

  test('has a Schedule that another worker leaves as an operator set it, and that a worker on Postgres removes', async () => {
    const schedule = world.client.schedule.getHandle(COMPACT_DAYS_ID);
    await schedule.pause('by an operator');
    const further = await startProcess(world, 'worker', { name: 'further' });
    expect((await schedule.describe()).state).toMatchObject({ paused: true, note: 'by an operator' });
    await further.stop();

    const other = await openWorld();
    try {
      const env = { TEMPORAL_NAMESPACE: world.env['TEMPORAL_NAMESPACE'] ?? '' };
      const onPostgres = await startProcess(other, 'worker', { env });
      await expect(schedule.describe()).rejects.toBeInstanceOf(ScheduleNotFoundError);
      await worker.stop();
      const failure = await compact({ day: FIRST }).catch((error: unknown) => error);
      expect(failure).toMatchObject({
        cause: { cause: { type: 'NoDays', message: expect.stringContaining('GOLD=s3') } },
      });
      await onPostgres.stop();
    } finally {
      await other.close();
    }
  });
});
