/** Starts ingest again with the input of its last run, if that run failed. */
import {
  ApplicationFailure,
  WorkflowExecutionAlreadyStartedError,
  defaultPayloadConverter,
} from '@temporalio/common';
import { WorkflowFailedError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { messageOf } from '../contracts/errors.ts';
import type { EnsuredIngest } from '../contracts/temporal/ensure-ingest.ts';
import { TASK_QUEUE } from '../contracts/temporal/names.ts';
import { absentRun, innermostCause } from './grpc-status.ts';
import { INGEST_SUMMARY } from './start-ingest.ts';

/** Failures that another run with the same input cannot fix, by type; why. */
const LEFT: Readonly<Record<string, string>> = {
  InvalidInput: 'another run with this input would fail too',
  Fenced: 'another ingest reads into this bucket, and the two would take turns',
};

/** @throws what the client throws when Temporal does not answer */
export async function restartFailedIngest(client: Client, workflowId: string): Promise<EnsuredIngest> {
  const handle = client.workflow.getHandle(workflowId);
  const last = await handle.describe().catch(absentRun);
  if (last === undefined) return { outcome: 'left', status: 'never_started' };
  const status = last.status.name.toLowerCase();
  if (last.status.name !== 'FAILED') return { outcome: 'left', status };
  const { type, message: failure } = await failureOf(client, workflowId, last.runId);
  const why = LEFT[type];
  if (why !== undefined) return { outcome: 'left', status, failure, why };
  try {
    await client.workflow.start('ingest', {
      taskQueue: TASK_QUEUE,
      workflowId,
      args: await inputOf(client, workflowId, last.runId),
      // A cancellation or another start in the meantime wins.
      workflowIdConflictPolicy: 'FAIL',
      staticSummary: INGEST_SUMMARY,
    });
    return { outcome: 'restarted', status, failure };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return { outcome: 'left', status: 'running' };
    throw error;
  }
}

/** Type and message of what the run failed with. */
async function failureOf(
  client: Client,
  workflowId: string,
  runId: string,
): Promise<{ type: string; message: string }> {
  try {
    await client.workflow.result(workflowId, runId, { followRuns: false });
    return { type: '', message: 'unknown' };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const innermost = innermostCause(error);
    const type = innermost instanceof ApplicationFailure ? (innermost.type ?? '') : '';
    return { type, message: messageOf(innermost) };
  }
}

/** What the run was started with: its input, and what an earlier run of its chain handed over. */
async function inputOf(client: Client, workflowId: string, runId: string): Promise<unknown[]> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const payloads = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  return payloads.map(payload => defaultPayloadConverter.fromPayload<unknown>(payload));
}
