/** The backfills that run at the moment, for those who look on from outside. */
import type { Client } from '@temporalio/client';
import { WIKI } from '../contracts/temporal/search-attributes.ts';
import { readBackfillProgress } from './backfill-progress.ts';

/** A backfill, and what its worker answers: read with care, because it may be of another version. */
export interface BackfillReading {
  readonly workflowId: string;
  /** Those it is for, as far as they are indexed; `all` stands for all. Absent: unknown. */
  readonly wikis?: readonly string[];
  /** Undefined when no worker answers. */
  readonly progress: Awaited<ReturnType<typeof readBackfillProgress>> | undefined;
}

/** Each costs two requests, and somebody may have started hundreds. */
const MOST = 10;

/** Without a worker a question waits for its deadline; the list itself is known without one. */
const ANSWER_MS = 1_000;

/** What is used of a client. */
export type BackfillsClient = Pick<Client, 'withDeadline'> & {
  readonly workflow: Pick<Client['workflow'], 'getHandle' | 'list'>;
};

/** The latest to start come first. @throws when they cannot be listed */
export async function runningBackfills(client: BackfillsClient): Promise<BackfillReading[]> {
  const found: { readonly workflowId: string; readonly wikis?: readonly string[] }[] = [];
  const query = "WorkflowType = 'backfill' and ExecutionStatus = 'Running'";
  for await (const { workflowId, searchAttributes } of client.workflow.list({ query, pageSize: MOST })) {
    const wikis = searchAttributes?.[WIKI.name]?.map(String);
    found.push({ workflowId, ...(wikis !== undefined && { wikis }) });
    if (found.length === MOST) break;
  }
  return Promise.all(
    found.map(async one => ({ ...one, progress: await progressOf(client, one.workflowId) })),
  );
}

/** What its worker answers; undefined when none does. */
export async function progressOf(
  client: BackfillsClient,
  workflowId: string,
): Promise<BackfillReading['progress']> {
  const ask = async (): Promise<BackfillReading['progress']> => {
    const handle = client.workflow.getHandle(workflowId);
    return readBackfillProgress(handle, await handle.describe());
  };
  return client.withDeadline(Date.now() + ANSWER_MS, ask).catch(() => undefined);
}
