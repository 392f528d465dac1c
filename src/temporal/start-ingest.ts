/** Starts the one ingest workflow, or finds that it is running. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { TASK_QUEUE } from '../contracts/temporal/names.ts';
import type { ingest } from '../workflows/index.ts';

/** What the Web UI shows of a run. */
export const INGEST_SUMMARY = 'Recent changes of Wikimedia → S3 → gold';

export interface IngestInput {
  /** ISO 8601. */
  readonly since?: string;
  readonly wikis?: readonly string[];
}

/** Starts ingest under the fixed id of its stream, which prevents a second one. A running workflow keeps the input it started with. */
export async function startIngest(
  client: Client,
  workflowId: string,
  input: IngestInput,
): Promise<'started' | 'running'> {
  try {
    await client.workflow.start<typeof ingest>('ingest', {
      taskQueue: TASK_QUEUE,
      workflowId,
      args: [input],
      staticSummary: INGEST_SUMMARY,
    });
    return 'started';
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'running';
    throw error;
  }
}
