/** Starts a run whose workflow id carries the second of its start, so that the list of runs says when each began. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Client, WorkflowHandleWithFirstExecutionRunId, WorkflowStartOptions } from '@temporalio/client';
import type { Workflow } from '@temporalio/workflow';

/** Runs that can start in one second; more is a mistake of a script. */
const MAX_TRIES = 100;

/** Starts under `id`, or under `id-2`, `id-3`, … when others were started in the same second. */
export async function startUnderFreeId<T extends Workflow>(
  client: Client,
  type: string,
  id: string,
  options: Omit<WorkflowStartOptions<T>, 'workflowId'>,
): Promise<WorkflowHandleWithFirstExecutionRunId<T>> {
  for (let nth = 1; ; nth += 1) {
    const workflowId = nth === 1 ? id : `${id}-${nth}`;
    try {
      return await client.workflow.start<T>(type, {
        ...options,
        workflowId,
        // A run of this second that has already ended keeps its id.
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
      } as WorkflowStartOptions<T>);
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError) || nth === MAX_TRIES) throw error;
    }
  }
}
