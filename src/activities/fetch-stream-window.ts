/** One window of the stream. The heartbeat carries the finished hours, from which the next attempt resumes. */
import { storeStreamWindow } from '../backfill/stream-window.ts';
import type { StreamWindowDeps } from '../backfill/stream-window.ts';
import type { StepResult, StreamWindowInput, StreamWindowProgress } from '../contracts/temporal/backfill.ts';
import type { Note } from './heartbeat.ts';
import { runEngine } from './run-engine.ts';

/** @throws ApplicationFailure `SourceRefused`, `SourceUnreachable` */
export async function fetchStreamWindow(
  input: StreamWindowInput,
  deps: StreamWindowDeps,
  note: Note,
): Promise<StepResult> {
  return runEngine(({ cancellationSignal: signal, info, log }) =>
    storeStreamWindow(input, deps, {
      signal,
      note,
      warn: message => log.warn(message),
      previous: info.heartbeatDetails as StreamWindowProgress | undefined,
    }),
  );
}
