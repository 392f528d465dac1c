/** The controls that answer, on a real server: what each says, when it says so, and what it refuses. */
import { WorkflowUpdateFailedError } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { settingsOf } from '../../dev/simulator/settings.ts';
import { readRecord } from '../../src/bronze/commit-log.ts';
import { TASK_QUEUE, transformHourId } from '../../src/contracts/temporal/names.ts';
import { INGEST_ID } from '../../src/recentchange/definition.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import { bronzeEvents } from '../support/exactness.ts';
import { startGatedWorker } from '../support/gated-worker.ts';
import type { GatedWorker } from '../support/gated-worker.ts';
import { replayRuns } from '../support/histories.ts';
import { commitEdits } from '../support/parts.ts';
import { LOG_KEYS } from '../support/stream.ts';
import { temporalCli } from '../support/temporal-cli.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const HOUR_MS = 3_600_000;

describe('updates', () => {
  let world: World;
  let wikimedia: Wikimedia;
  let worker: GatedWorker;
  const startMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 6 * HOUR_MS;
  const at = (hour: number): string => new Date(startMs + hour * HOUR_MS).toISOString();
  beforeAll(async () => {
    world = await openWorld();
    wikimedia = await startWikimedia({ port: 0, rate: 3, fromMs: startMs });
    worker = await startGatedWorker(world, {
      ...settingsOf(wikimedia),
      FLUSH_MIN_LINES: '1000000',
      FLUSH_MAX_SEC: '3600',
    });
  });
  afterAll(async () => {
    await worker.stop();
    await replayRuns(world, 'updates');
    await wikimedia.close();
    await world.close();
  });

  const start = (type: string, workflowId: string, input: object): Promise<WorkflowHandle> =>
    world.client.workflow.start(type, { taskQueue: TASK_QUEUE, workflowId, args: [input] });
  /** The sentence with which an update is refused. */
  const refusalOf = async (handle: WorkflowHandle, name: string, input: unknown): Promise<string> => {
    const refused = handle.executeUpdate<unknown, [unknown]>(name, { args: [input] });
    const error: unknown = await refused.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WorkflowUpdateFailedError);
    return (error as WorkflowUpdateFailedError).cause?.message ?? '';
  };
  /** Pauses a run while an activity is held: the answer comes once the activity has ended. */
  const pauseWhileHeld = async (handle: WorkflowHandle, activity: string): Promise<unknown> => {
    let hasAnswered = false;
    const paused = handle.executeUpdate('pause').finally(() => (hasAnswered = true));
    await untilHolds(async () =>
      expect(await handle.query('progress')).toMatchObject({ waitingFor: expect.any(String) }),
    );
    await worker.untilHeld(activity);
    expect(hasAnswered).toBe(false);
    worker.open();
    return paused;
  };

  test('ingest answers a flush with the committed sequence, and a pause once nothing is read', async () => {
    await startIngest(world.client, INGEST_ID, { since: at(5) });
    const handle = world.client.workflow.getHandle(INGEST_ID);
    await untilHolds(() => expect(wikimedia.connections()).toHaveLength(1));
    const { sequence } = await handle.executeUpdate<{ sequence: number }, []>('flush');
    expect(await readRecord(world.store, LOG_KEYS, sequence)).toMatchObject({ kind: 'commit' });
    expect((await bronzeEvents(world)).length).toBeGreaterThan(0);

    expect(await refusalOf(handle, 'pause', { minutes: 5 })).toContain(
      'pause takes no input, got [{"minutes":5}]',
    );
    expect(await handle.executeUpdate('pause')).toEqual({ state: 'paused' });
    expect(wikimedia.connections()).toHaveLength(0);
    const whilePaused = await handle.executeUpdate<{ sequence: number }, []>('flush');
    expect(whilePaused.sequence).toBeGreaterThanOrEqual(sequence);
    const resumed = await temporalCli(
      world,
      'workflow',
      'update',
      'execute',
      '-w',
      INGEST_ID,
      '--name',
      'resume',
    );
    expect(resumed.code).toBe(0);
    expect(resumed.output).toContain('streaming');
    await untilHolds(() => expect(wikimedia.connections()).toHaveLength(1));
    await handle.signal('stop');
    await handle.result();
  });

  test('an hour takes its own parts and refuses others', async () => {
    const hour = '2026-11-20T10';
    const keys = await commitEdits(world, [{ timestamp: Date.parse(`${hour}:00:00Z`) / 1000 }]);
    const [other = ''] = await commitEdits(world, [{ timestamp: Date.parse('2026-11-20T11:00:00Z') / 1000 }]);
    const handle = await start('transformHour', transformHourId(hour), { hour, parts: [] });
    for (const wrong of [other, [...keys, other], 5, undefined]) {
      const sentence = await refusalOf(handle, 'addPart', wrong);
      expect(sentence).toContain(`addPart takes the key of a part of the hour ${hour}`);
    }
    expect(await handle.executeUpdate('addPart', { args: [keys] })).toEqual({ hour, keys: 1 });
    await untilHolds(async () =>
      expect(await handle.query('progress')).toMatchObject({ parts: 1, edits: 1 }),
    );
    await handle.signal('seal');
    expect(await handle.result()).toMatchObject({ distinct: 1 });
  });

  test('a rebuild of a range pauses after the hours under way, and resumes', async () => {
    // More hours than are rebuilt at once.
    await commitEdits(
      world,
      [0, 1, 2, 3, 4, 5].map(hour => ({ timestamp: Date.parse(at(hour)) / 1000 })),
    );
    worker.hold('rebuildHour');
    const handle = await start('transformRange', 'range', { from: at(0), to: at(6) });
    await worker.untilHeld('rebuildHour');
    expect(await pauseWhileHeld(handle, 'rebuildHour')).toEqual({ state: 'paused' });
    expect(await handle.query('progress')).toMatchObject({ waitingFor: 'the signal resume' });
    expect(await handle.executeUpdate('resume')).toEqual({ state: 'rebuilding' });
    expect(await handle.result()).toMatchObject({ hours: 6 });
  });

  test('a backfill pauses after the windows under way, and resumes', async () => {
    worker.hold('fetchApiPage');
    const handle = await start('backfill', 'fill', {
      from: at(0),
      to: at(2),
      source: 'api',
      wikis: ['enwiki', 'dewiki'],
    });
    await worker.untilHeld('fetchApiPage');
    expect(await pauseWhileHeld(handle, 'fetchApiPage')).toEqual({ state: 'paused' });
    expect(await handle.executeUpdate('resume')).toMatchObject({
      state: expect.stringMatching(/^(reading|rebuilding|done)$/),
    });
    expect(await handle.result()).toMatchObject({ failed: [] });
  });
});
