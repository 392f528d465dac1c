/** ④ Sends notices of commits to the ingest workflow, as signals. */
import type { Client } from '@temporalio/client';
import { PipelineError, messageOf } from '../contracts/errors.ts';
import { partsCommitted } from '../contracts/temporal/messages.ts';
import type { SendNotice } from '../ingest/notifier.ts';
import { isNotRunning } from './grpc-status.ts';

/** Then it is sent again: the workflow ignores a notice that arrives twice. */
const DEADLINE_MS = 10_000;

/** What is used of a client. */
export interface SignallingClient {
  withDeadline: Client['withDeadline'];
  readonly workflow: {
    getHandle(workflowId: string): Pick<ReturnType<Client['workflow']['getHandle']>, 'signal'>;
  };
}

/** Signals the current run of a workflow. */
export function noticeSender(client: SignallingClient): SendNotice {
  return async (workflowId, notice) => {
    try {
      await client.withDeadline(Date.now() + DEADLINE_MS, () =>
        client.workflow.getHandle(workflowId).signal(partsCommitted, notice),
      );
    } catch (error) {
      throw new PipelineError(`Cannot signal ${partsCommitted.name} to ${workflowId}: ${messageOf(error)}`, {
        code: 'temporal_unavailable',
        op: 'signal',
        subject: workflowId,
        // A run that has ended never gets the notice; every other failure may pass.
        retryable: !isNotRunning(error),
        cause: error,
      });
    }
  };
}
