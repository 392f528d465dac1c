/** Shows a run's progress until it ends. Leaving (Ctrl-C) leaves the run alone, and says how to come back to it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { messageOf } from '../core/pipeline-error.ts';

export interface Following<Progress> {
  readonly handle: WorkflowHandle;
  /** One line about the run's result, or its answer to the query `progress`, which holds the same and more. */
  readonly describe: (progress: Progress) => string;
  /** Aborts when the user leaves. */
  readonly left: AbortSignal;
  readonly print: (line: string) => void;
}

const EVERY_MS = 1_000;

/** Resolves with the exit code: 0 when the run completed or was left, 1 when it failed. */
export async function followRun<Progress>({
  handle,
  describe,
  left,
  print,
}: Following<Progress>): Promise<number> {
  print(`workflow ${handle.workflowId}`);
  const ended = handle.result().then(
    result => ({ result: result as Progress }),
    (error: unknown) => ({ error }),
  );
  let shown = '';
  for (;;) {
    const outcome = await Promise.race([
      ended,
      sleep(EVERY_MS, undefined, { signal: left }).catch(() => undefined),
    ]);
    if (outcome !== undefined && 'error' in outcome) {
      const { error } = outcome;
      print(`failed: ${messageOf(error instanceof WorkflowFailedError ? (error.cause ?? error) : error)}`);
      return 1;
    }
    if (left.aborted) {
      print(`Left; it goes on. To see it: temporal workflow show --workflow-id ${handle.workflowId}`);
      return 0;
    }
    // No worker answers: the run waits, and so do we.
    const progress = outcome?.result ?? (await ask<Progress>(handle));
    const line = progress === undefined ? 'waits for a worker' : describe(progress);
    if (line !== shown) print(line);
    shown = line;
    if (outcome !== undefined) return 0;
  }
}

async function ask<Progress>(handle: WorkflowHandle): Promise<Progress | undefined> {
  try {
    return await handle.query<Progress>('progress');
  } catch {
    return undefined;
  }
}
