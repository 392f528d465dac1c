/** Shows a run's progress until it ends. Ctrl-C detaches: the run continues, and the command to reattach is printed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { messageOf } from '../contracts/errors.ts';
import { QueryPace } from './query-pace.ts';

export interface FollowOptions<Progress> {
  readonly handle: WorkflowHandle;
  /** One line for the run's result, or for its answer to the query `progress`, which has the same fields and more. */
  readonly describe: (progress: Progress) => string;
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
  const printLast = (line: string): void => {
    redraw?.('');
    if (line !== shown || redraw !== undefined) print(line);
  };
  while (!detachSignal.aborted) {
    // Polling, because a long poll for the result would keep the process alive for seconds after Ctrl-C.
    const { status, historyLength } = await handle.describe();
    if (status.name === 'RUNNING' || status.name === 'PAUSED') {
      if (pace.isDue(clock.now(), historyLength)) {
        const progress = await queryProgress<Progress>(handle);
        if (progress === undefined) pace.unanswered();
        show(progress === undefined ? 'waiting for a worker' : describe(progress));
      }
      await clock.pause(POLL_MS, detachSignal).catch(() => undefined);
      continue;
    }
    try {
      printLast(describe((await handle.result()) as Progress));
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

/** Undefined when no worker answers: the run waits for one. */
async function queryProgress<Progress>(handle: WorkflowHandle): Promise<Progress | undefined> {
  try {
    return await handle.query<Progress>('progress');
  } catch {
    return undefined;
  }
}
