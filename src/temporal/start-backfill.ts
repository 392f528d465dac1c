/** Starts a backfill so that a list of runs says what it fills, and it can be found by wiki, source and range. */
import type { Client, WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { backfillAttributes, backfillSummary } from '../contracts/temporal/backfill-label.ts';
import { readBackfillInput } from '../contracts/temporal/backfill-input.ts';
import type { BackfillInput } from '../contracts/temporal/backfill-input.ts';
import { TASK_QUEUE, backfillId } from '../contracts/temporal/names.ts';
import { WIKI } from '../contracts/temporal/search-attributes.ts';
import type { backfill } from '../workflows/index.ts';
import { isInvalidArgument } from './grpc-status.ts';
import { startUnderFreeId } from './start-under-free-id.ts';

/** @param input wrong input starts a run that fails with the sentence that says why */
export async function startBackfill(
  client: Client,
  input: object,
): Promise<WorkflowHandleWithFirstExecutionRunId<typeof backfill>> {
  const read = inputIn(input);
  const options = {
    taskQueue: TASK_QUEUE,
    args: [input],
    staticSummary: read === undefined ? 'Edits that ingest missed' : backfillSummary(read),
  } satisfies Parameters<typeof startUnderFreeId<typeof backfill>>[3];
  const id = backfillId(Date.now());
  if (read === undefined) return startUnderFreeId(client, 'backfill', id, options);
  // Without wikis in the input, the worker knows which ones the installation keeps: the run sets them itself.
  const typedSearchAttributes = backfillAttributes(read, read.wikis).filter(
    ({ key }) => read.wikis !== undefined || key.name !== WIKI.name,
  );
  try {
    return await startUnderFreeId(client, 'backfill', id, { ...options, typedSearchAttributes });
  } catch (error) {
    // The namespace lacks an attribute, for instance because nobody here may create one.
    if (!isInvalidArgument(error)) throw error;
    return startUnderFreeId(client, 'backfill', id, options);
  }
}

/** Undefined when the input is wrong. */
function inputIn(raw: object): BackfillInput | undefined {
  try {
    return readBackfillInput(raw);
  } catch {
    return undefined;
  }
}
