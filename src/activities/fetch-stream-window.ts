/** One window of the stream. The heartbeat carries the finished hours, from which the next attempt resumes. */
import { Context } from '@temporalio/activity';
import { storeStreamWindow } from '../backfill/stream-window.ts';
import type { StreamWindowDeps } from '../backfill/stream-window.ts';
import type { StepResult, StreamWindowInput, StreamWindowProgress } from '../contracts/temporal/backfill.ts';
import { runEngine } from './run-engine.ts';

/** @throws ApplicationFailure `SourceRefused`, `SourceUnreachable` */
export async function fetchStreamWindow(
  input: StreamWindowInput,
  deps: StreamWindowDeps,
): Promise<StepResult> {
  const { info, log } = Context.current();
  const warn = (message: string): void => log.warn(message);
  // Written by this activity's own `note`.
  const previous = info.heartbeatDetails as StreamWindowProgress | undefined;
  return runEngine(({ signal, note }) => storeStreamWindow(input, deps, { signal, note, warn, previous }));
}
