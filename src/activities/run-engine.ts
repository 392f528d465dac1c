/** Runs an engine inside an activity: heartbeats, cancellation as a plain AbortSignal, and failures mapped. */
import { Context } from '@temporalio/activity';
import { toFailure } from './failure.ts';
import { withHeartbeat } from './heartbeat.ts';
import type { Note } from './heartbeat.ts';

export interface EngineHost {
  /** Aborts when the activity is cancelled, paused or its worker shuts down. */
  readonly signal: AbortSignal;
  readonly note: Note;
}

/** @throws ApplicationFailure, or the reason of the cancellation once there is one */
export function runEngine<T>(run: (host: EngineHost) => Promise<T>): Promise<T> {
  const { cancellationSignal: signal } = Context.current();
  return withHeartbeat(async note => {
    try {
      return await run({ signal, note });
    } catch (error) {
      // After a cancellation, any other error is only its consequence.
      throw signal.aborted ? signal.reason : toFailure(error);
    }
  });
}
