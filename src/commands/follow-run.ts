/** Shows a run's progress until it ends. Leaving (Ctrl-C) leaves the run alone, and says how to come back to it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { messageOf } from '../contracts/errors.ts';

export interface Following<Progress> {
  readonly handle: WorkflowHandle;
  /** One line about the run's result, or its answer to the query `progress`, which holds the same and more. */
  readonly describe: (progress: Progress) => string;
  /** Aborts when the user leaves. */
  readonly left: AbortSignal;
  readonly print: (line: string) => void;
  /** Where there is a terminal: puts a line in the place of the one before. */
  readonly redraw?: ((line: string) => void) | undefined;
  /** The command that shows the run again. */
  readonly comeBack?: string;
}

const EVERY_MS = 1_000;

/** Resolves with the exit code: 0 when the run completed or was left, 1 when it failed. */
export async function followRun<Progress>({
  handle,
  describe,
  left,
  print,
  redraw,
  comeBack = `temporal workflow show --workflow-id ${handle.workflowId}`,
}: Following<Progress>): Promise<number> {
  print(`workflow ${handle.workflowId}`);
  let shown = '';
  const show = (line: string): void => {
    if (line !== shown) (redraw ?? print)(line);
    shown = line;
  };
  /** What stays. */
  const end = (line: string): void => {
    redraw?.('');
    if (line !== shown || redraw !== undefined) print(line);
  };
  while (!left.aborted) {
    // Asked anew each time: a long poll for the result would keep the process for seconds after it was left.
    if (await isRunning(handle)) {
      const progress = await ask<Progress>(handle);
      show(progress === undefined ? 'waits for a worker' : describe(progress));
      await sleep(EVERY_MS, undefined, { signal: left }).catch(() => undefined);
      continue;
    }
    try {
      end(describe((await handle.result()) as Progress));
      return 0;
    } catch (error) {
      end(`failed: ${messageOf(error instanceof WorkflowFailedError ? (error.cause ?? error) : error)}`);
      return 1;
    }
  }
  end(`Left; it goes on. To see it: ${comeBack}`);
  return 0;
}

async function isRunning(handle: WorkflowHandle): Promise<boolean> {
  const { status } = await handle.describe();
  return status.name === 'RUNNING' || status.name === 'PAUSED';
}

/** Undefined when no worker answers: the run waits, and so do we. */
async function ask<Progress>(handle: WorkflowHandle): Promise<Progress | undefined> {
  try {
    return await handle.query<Progress>('progress');
  } catch {
    return undefined;
  }
}
