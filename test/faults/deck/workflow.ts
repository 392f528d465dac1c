/** What an operator can do to the ingest workflow and its activity. */
import type { WorkflowHandle } from '@temporalio/client';
import proto from '@temporalio/proto';
import { expect } from 'vitest';
import { TASK_QUEUE } from '../../../src/contracts/temporal/names.ts';
import { INGEST_ID } from '../../../src/recentchange/definition.ts';
import type { ingest as ingestWorkflow } from '../../../src/workflows/index.ts';
import { temporalCli } from '../../support/temporal-cli.ts';
import { untilHolds } from '../../support/until.ts';
import type { Fault } from '../support/fault.ts';
import { tailOf, untilCommitted } from '../support/movement.ts';
import type { Pipeline } from '../support/pipeline.ts';

const { PENDING_ACTIVITY_STATE_PAUSED: PAUSED } = proto.temporal.api.enums.v1.PendingActivityState;
const RIVAL_ID = 'ingest-rival';

export const workflowFaults: readonly Fault[] = [
  {
    name: 'ingest: two workflows under different ids',
    async strike({ workers, world, ingest, startIngest }) {
      // A worker reads one stream, so the rival needs a second worker.
      const first = workers.newest;
      await workers.start();
      const rival = await world.client.workflow.start<typeof ingestWorkflow>('ingest', {
        taskQueue: TASK_QUEUE,
        workflowId: RIVAL_ID,
        args: [{}],
      });
      // One of the two is fenced for good, and names the other. Either may win.
      const lost = await Promise.race([whyItEnded(ingest(), RIVAL_ID), whyItEnded(rival, INGEST_ID)]);
      expect(lost.failure).toMatchObject({
        cause: { cause: { type: 'Fenced', message: expect.stringContaining(`of workflow ${lost.to}`) } },
      });
      const record = await untilCommitted(world, await tailOf(world));
      expect(record.writer.workflowId).toBe(lost.to);
      if (lost.to === RIVAL_ID) {
        await rival.signal('stop');
        await rival.result();
        await startIngest();
      }
      await first.stop();
    },
  },
  reset('LastWorkflowTask'),
  reset('FirstWorkflowTask'),
  {
    name: 'ingest: terminated and started again',
    async strike({ world, ingest, startIngest }) {
      const { runId } = await ingest().describe();
      await ingest().terminate('as an operator might');
      expect(await statusOf({ world }, await chainEnd({ world }, runId))).toBe('TERMINATED');
      await startIngest();
    },
  },
  {
    name: 'ingest: activity paused and unpaused',
    async strike(pipeline, { hold }) {
      const { world, proxies } = pipeline;
      // If the run continues as new just then, the pause is lost with it, and the next run is paused.
      await onActivity(pipeline, 'pause', async () => {
        await untilHolds(
          async () => expect(await pendingStream(pipeline)).toMatchObject({ paused: true, state: PAUSED }),
          { withinMs: 20_000 },
        );
      });
      await untilHolds(() => expect(proxies.stream.connections).toBe(0));
      // An attempt that the server has given up meanwhile may still flush what it has read.
      await untilHolds(async () => {
        const tail = await tailOf(world);
        await hold(2_000, 20_000);
        expect(await tailOf(world)).toBe(tail);
      });
      await onActivity(pipeline, 'unpause', activity => expect(activity).toMatchObject({ paused: false }));
    },
  },
  {
    name: 'ingest: activity reset',
    async strike(pipeline, { random }) {
      const { attempt } = await pendingStream(pipeline);
      const options = random.chance(0.5) ? ['--reset-heartbeats'] : [];
      const before = pipeline.proxies.stream.counts.accepted;
      await onActivity(pipeline, 'reset', () => expect(attempt).toBeGreaterThan(0), options);
      // The running attempt ends, and another one opens the stream.
      await untilHolds(() => expect(pipeline.proxies.stream.counts.accepted).toBeGreaterThan(before));
    },
  },
  {
    name: 'ingest: continue-as-new under load',
    async strike({ world, ingest, proxies, hurry }) {
      const { runId } = await ingest().describe();
      hurry();
      await untilHolds(async () => expect(await statusOf({ world }, runId)).toBe('CONTINUED_AS_NEW'), {
        withinMs: 90_000,
      });
      await proxies.stream.pass();
    },
  },
];

function reset(type: 'FirstWorkflowTask' | 'LastWorkflowTask'): Fault {
  return {
    name: `ingest: reset to the ${type === 'FirstWorkflowTask' ? 'first' : 'last'} workflow task`,
    async strike({ world, ingest }) {
      await untilHolds(async () => {
        const { runId } = await ingest().describe();
        const command = ['workflow', 'reset', '--workflow-id', INGEST_ID, '--run-id', runId];
        const outcome = await temporalCli(world, ...command, '--type', type, '--reason', 'fault suite');
        // Between the two calls the run may have continued as new, and then cannot be reset.
        expect(outcome).toMatchObject({ code: 0 });
        expect(await statusOf({ world }, runId)).toBe('TERMINATED');
        expect((await ingest().describe()).runId).not.toBe(runId);
      });
    },
  };
}

type Looked = Pick<Pipeline, 'world'>;

async function statusOf({ world }: Looked, runId: string): Promise<string> {
  const { status } = await world.client.workflow.getHandle(INGEST_ID, runId).describe();
  return status.name;
}

/** The run that follows a run that continued as new; else the run itself. */
async function chainEnd({ world }: Looked, runId: string): Promise<string> {
  const { runId: last } = await world.client.workflow.getHandle(INGEST_ID).describe();
  return (await statusOf({ world }, runId)) === 'CONTINUED_AS_NEW' ? last : runId;
}

/** The pending activity that reads the stream. */
async function pendingStream({ ingest }: Pick<Pipeline, 'ingest'>) {
  return untilHolds(async () => {
    const { raw } = await ingest().describe();
    const activity = raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'streamParts');
    if (activity === undefined) throw new Error('ingest has no pending activity');
    return activity;
  });
}

/** Why a workflow failed, and the id of the workflow that must have fenced it. */
async function whyItEnded(workflow: WorkflowHandle, to: string): Promise<{ failure: unknown; to: string }> {
  const failure: unknown = await workflow.result().catch((error: unknown) => error);
  return { failure, to };
}

/** Runs `temporal activity <verb>` until it takes effect; a continue-as-new in between undoes it. */
async function onActivity(
  pipeline: Pick<Pipeline, 'ingest' | 'world'>,
  verb: 'pause' | 'unpause' | 'reset',
  hasTakenEffect: (activity: Awaited<ReturnType<typeof pendingStream>>) => void | Promise<void>,
  options: readonly string[] = [],
): Promise<void> {
  await untilHolds(
    async () => {
      const { activityId } = await pendingStream(pipeline);
      const command = ['activity', verb, '--workflow-id', INGEST_ID, '--activity-id', activityId ?? ''];
      expect(await temporalCli(pipeline.world, ...command, ...options)).toMatchObject({ code: 0 });
      await hasTakenEffect(await pendingStream(pipeline));
    },
    { everyMs: 500 },
  );
}
