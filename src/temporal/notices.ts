/** ④ Sends notices of commits, and troubles, to the ingest workflow, as signals. */
import type { SignalDefinition } from '@temporalio/common';
import type { Client } from '@temporalio/client';
import { PipelineError, messageOf } from '../contracts/errors.ts';
import { partsCommitted, troubled } from '../contracts/temporal/messages.ts';
import type { SendNotice } from '../ingest/notifier.ts';
import type { SendTroubles } from '../ingest/trouble-reports.ts';
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

/** Signals commits to the current run of a workflow. */
export function noticeSender(client: SignallingClient): SendNotice {
  return (workflowId, notice) => send(client, workflowId, partsCommitted, notice);
}

/** Signals troubles to the current run of a workflow. */
export function troublesSender(client: SignallingClient): SendTroubles {
  return (workflowId, troubles) => send(client, workflowId, troubled, troubles);
}

async function send<T>(
  client: SignallingClient,
  workflowId: string,
  signal: SignalDefinition<[T]>,
  payload: T,
): Promise<void> {
  try {
    await client.withDeadline(Date.now() + DEADLINE_MS, () =>
      client.workflow.getHandle(workflowId).signal(signal, payload),
    );
  } catch (error) {
    throw new PipelineError(`Cannot signal ${signal.name} to ${workflowId}: ${messageOf(error)}`, {
      code: 'temporal_unavailable',
      op: 'signal',
      subject: workflowId,
      // A run that has ended never gets it; every other failure may pass.
      retryable: !isNotRunning(error),
      cause: error,
    });
  }
}
