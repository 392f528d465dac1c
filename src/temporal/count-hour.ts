/**
 * ⑤⑥ Counts replayed parts of an hour into gold. If the hour's workflow is running, it gets the parts by signal: it adds
 * them now and rebuilds the hour when it ends, and a second run would need the same workflow id. If it has ended or
 * never started, the hour is rebuilt from bronze: its rows count each revision once, so adding a part could count one
 * twice. Either way, a key counted in the meantime changes nothing (invariant 5).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { TASK_QUEUE, transformHourId } from '../contracts/temporal/names.ts';
import { messageOf } from '../contracts/errors.ts';
import type { Hour } from '../core/time.ts';
import type { GoldWriter } from '../gold/gold-store.ts';
import type { transformHour } from '../workflows/index.ts';
import { addPart } from '../contracts/temporal/messages.ts';
import { isNotRunning } from './grpc-status.ts';

export type CountOutcome =
  | { readonly kind: 'rebuilt'; readonly changedRows: number }
  /** The running workflow added the parts. */
  | { readonly kind: 'added' }
  | { readonly kind: 'failed'; readonly reason: string }
  /** The user detached before the end; the workflow is still running. */
  | { readonly kind: 'left' };

export interface CountDeps {
  readonly client: Client;
  readonly gold: Pick<GoldWriter, 'unapplied'>;
  /** Aborts when the user detaches. */
  readonly left: AbortSignal;
}

const EVERY_MS = 500;
/** Signals are limited in size; a hundred keys take about 15 kB. */
const KEYS_PER_SIGNAL = 100;

/** Resolves when gold has the parts, when counting them failed, or when the user detaches. */
export async function countHour(hour: Hour, keys: readonly string[], deps: CountDeps): Promise<CountOutcome> {
  const { client } = deps;
  for (;;) {
    const running = client.workflow.getHandle<typeof transformHour>(transformHourId(hour));
    if (await signalParts(running, keys)) {
      const added = await untilAdded(running, keys, deps);
      if (added !== undefined) return added;
      continue;
    }
    const rebuild = await startRebuild(hour, client);
    if (rebuild !== undefined) return untilRebuilt(rebuild, deps);
  }
}

/** Signals the keys to the hour's run; false when none is running. */
async function signalParts(handle: WorkflowHandle, keys: readonly string[]): Promise<boolean> {
  try {
    for (let at = 0; at < keys.length; at += KEYS_PER_SIGNAL)
      await handle.signal(addPart, keys.slice(at, at + KEYS_PER_SIGNAL));
    return true;
  } catch (error) {
    if (isNotRunning(error)) return false;
    throw error;
  }
}

/** Starts the rebuild of an hour; undefined when its workflow has been started meanwhile. */
async function startRebuild(
  hour: Hour,
  client: Client,
): Promise<WorkflowHandle<typeof transformHour> | undefined> {
  try {
    return await client.workflow.start<typeof transformHour>('transformHour', {
      taskQueue: TASK_QUEUE,
      workflowId: transformHourId(hour),
      args: [{ hour }],
      staticSummary: `Edits of ${hour}:00 UTC, with replayed dead letters`,
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;
    throw error;
  }
}

/** Waits until gold has the keys; undefined when the run ended without adding them, for example terminated. */
async function untilAdded(
  handle: WorkflowHandle,
  keys: readonly string[],
  { gold, left }: CountDeps,
): Promise<CountOutcome | undefined> {
  while (!left.aborted) {
    // Before the question to gold: a run may add them and end between the two.
    const { status } = await handle.describe();
    if ((await gold.unapplied(keys)).length === 0) return { kind: 'added' };
    if (status.name !== 'RUNNING') return undefined;
    await sleep(EVERY_MS);
  }
  return { kind: 'left' };
}

async function untilRebuilt(
  handle: WorkflowHandle<typeof transformHour>,
  { client, left }: CountDeps,
): Promise<CountOutcome> {
  if (left.aborted) return { kind: 'left' };
  const leaving = new Promise<CountOutcome>(resolve => {
    left.addEventListener('abort', () => resolve({ kind: 'left' }), { once: true });
  });
  // The signal also ends the pending request, which would keep the process alive for up to 20 s.
  return Promise.race([leaving, client.withAbortSignal(left, () => outcomeOf(handle))]);
}

async function outcomeOf(handle: WorkflowHandle<typeof transformHour>): Promise<CountOutcome> {
  try {
    const { changedRows } = await handle.result();
    return { kind: 'rebuilt', changedRows };
  } catch (error) {
    return { kind: 'failed', reason: messageOf(failureIn(error)) };
  }
}

/** The innermost failure, which is ours; Temporal wraps others around it. */
function failureIn(error: unknown): unknown {
  if (error instanceof ApplicationFailure || !(error instanceof Error) || error.cause === undefined)
    return error;
  return failureIn(error.cause);
}
