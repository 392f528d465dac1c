/** Shows a run's progress until it ends. Ctrl-C detaches: the run continues, and the command to reattach is printed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError } from '@temporalio/client';
import type { WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client';
import { progress as progressQuery } from '../contracts/temporal/messages.ts';
import { messageOf } from '../contracts/errors.ts';
import { QueryPace } from './query-pace.ts';

export interface FollowOptions<Progress> {
  readonly handle: WorkflowHandle;
  /** One line for the run's result, or for its answer to the query `progress`, which has the same fields and more. */
  readonly describe: (progress: Progress) => string;
  /** How the progress is read; absent: the answer to the query `progress`. */
  readonly read?: (handle: WorkflowHandle, described: WorkflowExecutionDescription) => Promise<Progress>;
  /** A line that is printed once, as soon as the progress has it. */
  readonly headline?: (progress: Progress) => string | undefined;
  /** Aborts when the user detaches. */
  readonly detachSignal: AbortSignal;
  readonly print: (line: string) => void;
  /** Replaces the previous line; undefined when the output is not a terminal. */
  readonly redraw?: ((line: string) => void) | undefined;
  /** The command that shows the run again. */
  readonly reattachCommand?: string;
  /** Monotonic, in ms, and a pause on it. */
  readonly clock?: { now(): number; pause(ms: number, signal: AbortSignal): Promise<unknown> };
}

const CLOCK = {
  now: () => performance.now(),
  pause: (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }),
};

const POLL_MS = 1_000;

/** Resolves with the exit code: 0 when the run completed or the user detached, 1 when the run failed. */
export async function followRun<Progress>({
  handle,
  describe,
  read = () => handle.query<Progress>(progressQuery.name),
  headline = () => undefined,
  detachSignal,
  print,
  redraw,
  reattachCommand = `temporal workflow show --workflow-id ${handle.workflowId}`,
  clock = CLOCK,
}: FollowOptions<Progress>): Promise<number> {
  print(`workflow ${handle.workflowId}`);
  const pace = new QueryPace();
  let shown = '';
  const show = (line: string): void => {
    if (line !== shown) (redraw ?? print)(line);
    shown = line;
  };
  let isHeaded = false;
  const head = (progress: Progress): void => {
    const line = isHeaded ? undefined : headline(progress);
    if (line === undefined) return;
    redraw?.('');
    print(line);
    isHeaded = true;
  };
  const printLast = (line: string): void => {
    redraw?.('');
    if (line !== shown || redraw !== undefined) print(line);
  };
  while (!detachSignal.aborted) {
    // Polling, because a long poll for the result would keep the process alive for seconds after Ctrl-C.
    const described = await handle.describe();
    if (isRunning(described)) {
      if (pace.isDue(clock.now(), described.historyLength)) {
        // No worker answers: the run waits for one.
        const progress = await read(handle, described).catch(() => undefined);
        if (progress === undefined) pace.unanswered();
        else head(progress);
        show(progress === undefined ? 'waiting for a worker' : describe(progress));
      }
      await clock.pause(POLL_MS, detachSignal).catch(() => undefined);
      continue;
    }
    try {
      const result = (await handle.result()) as Progress;
      head(result);
      printLast(describe(result));
      return 0;
    } catch (error) {
      printLast(
        `failed: ${messageOf(error instanceof WorkflowFailedError ? (error.cause ?? error) : error)}`,
      );
      return 1;
    }
  }
  printLast(`Detached; still running. Reattach with: ${reattachCommand}`);
  return 0;
}

function isRunning({ status }: WorkflowExecutionDescription): boolean {
  return status.name === 'RUNNING' || status.name === 'PAUSED';
}
