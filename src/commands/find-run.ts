/** Finds the run that a user names. */
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { Workflow } from '@temporalio/workflow';
import { PipelineError } from '../contracts/errors.ts';
import { absentRun } from '../temporal/grpc-status.ts';
import { settingProblems } from './known-problems.ts';

/** @throws PipelineError `bad_configuration` when no workflow has this id, or it is of another type */
export async function findRun<T extends Workflow>(
  client: Client,
  workflowId: string,
  type: string,
): Promise<WorkflowHandle<T>> {
  const handle = client.workflow.getHandle<T>(workflowId);
  const found = await handle.describe().catch(absentRun);
  if (found?.type === type) return handle;
  const what =
    found === undefined
      ? settingProblems.noRun.shows({ id: workflowId, namespace: client.options.namespace })
      : settingProblems.otherRun.shows({ id: workflowId, found: found.type, type });
  throw new PipelineError(what, {
    code: 'bad_configuration',
    op: 'find run',
    subject: workflowId,
    retryable: false,
    hint: settingProblems.noRun.remedy({ type }),
  });
}
