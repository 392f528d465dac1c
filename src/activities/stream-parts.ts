/** ④ The long activity: the ingest engine as its workflow sees it. */
import { randomBytes } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { FencedError } from '../bronze/commit-log.ts';
import type { StreamHeartbeat, StreamPartsInput, StreamPartsResult } from '../contracts/temporal/ingest.ts';
import { ingestStream } from '../ingest/run.ts';
import type { IngestDeps } from '../ingest/run.ts';
import { toFailure } from './failure.ts';
import type { ObserveIngest } from './ingest-metrics.ts';

/** Reads the stream into bronze until it is cancelled, then returns what it stored. */
export async function streamParts(
  input: StreamPartsInput,
  deps: IngestDeps,
  observe: ObserveIngest = () => {},
): Promise<StreamPartsResult> {
  const context = Context.current();
  const { cancellationSignal: stopSignal, log } = context;
  const { workflowExecution, heartbeatDetails } = context.info;
  if (workflowExecution === undefined)
    throw new Error('streamParts notifies a workflow of its commits: start it from a workflow');
  const { workflowId, runId } = workflowExecution;
  const previous = heartbeatDetails as StreamHeartbeat | undefined;
  const acknowledged = Math.max(input.acknowledged, previous?.acknowledged ?? 0);
  const host = {
    writer: { attempt: randomBytes(5).toString('hex'), workflowId, runId },
    stopSignal,
    log,
    previous,
    heartbeat(details: StreamHeartbeat) {
      context.heartbeat(details);
      observe(details);
    },
  };
  try {
    const result = await ingestStream({ ...input, acknowledged }, host, deps);
    // A pause, a reset or a shutdown: the attempt ends without a result, so that Temporal schedules another one.
    if (context.cancellationDetails?.cancelRequested !== true) throw stopSignal.reason;
    return result;
  } catch (error) {
    if (error === stopSignal.reason) throw error;
    // Two workflows that keep taking the log from each other would never end; a stale attempt of our own does.
    const isOtherWorkflow = error instanceof FencedError && error.by.workflowId !== workflowId;
    throw toFailure(error, isOtherWorkflow ? { isFinal: true } : {});
  } finally {
    observe(undefined);
  }
}
