/** One window of the stream. The heartbeat carries the finished hours, from which the next attempt resumes. */
import { Context } from '@temporalio/activity';
import { storeStreamWindow } from '../backfill/stream-window.ts';
import type { StreamWindowDeps } from '../backfill/stream-window.ts';
import type { StepResult, StreamWindowInput, StreamWindowProgress } from '../contracts/temporal/backfill.ts';
import { isoMs } from '../core/time.ts';
import { runEngine } from './run-engine.ts';

/**
 * When it is cancelled it returns what it has stored until then.
 * @throws ApplicationFailure `SourceRefused`, `SourceUnreachable`
 */
export async function fetchStreamWindow(
  input: StreamWindowInput,
  deps: StreamWindowDeps,
): Promise<StepResult> {
  const context = Context.current();
  const { info, log } = context;
  const warn = (message: string): void => log.warn(message);
  // Written by this activity's own `note`.
  const previous = info.heartbeatDetails as StreamWindowProgress | undefined;
  return runEngine(async ({ signal, note: send }) => {
    let stored = previous;
    const note = (progress: StreamWindowProgress): void => send((stored = progress));
    try {
      return await storeStreamWindow(input, deps, { signal, note, warn, previous });
    } catch (error) {
      // The workflow has the hours counted that are stored. A pause or a shutdown is no end: another attempt follows.
      if (stored === undefined || context.cancellationDetails?.cancelRequested !== true) throw error;
      return { ...stored.result, at: isoMs(stored.atMs) };
    }
  });
}
