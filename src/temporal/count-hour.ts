/**
 * ⑤⑥ Brings replayed parts of an hour into gold. An hour whose workflow runs gets them by signal: it adds them to what
 * it has, and its end rebuilds the hour anyway; a rebuild of our own would need the id that the run has. An hour that
 * has ended, or never began, is rebuilt from bronze: adding to rows in which each revision counts once could count
 * one twice. Either way a key that was counted meanwhile changes nothing (invariant 5).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { TASK_QUEUE, transformHourId } from '../contracts/temporal/names.ts';
import { messageOf } from '../contracts/errors.ts';
import type { Hour } from '../core/time.ts';
import type { GoldWriter } from '../gold/gold-store.ts';
import type { transformHour } from '../workflows/index.ts';
import { addPart } from '../contracts/temporal/messages.ts';

export type CountOutcome =
  | { readonly kind: 'rebuilt'; readonly changedRows: number }
  /** The hour's own run added the parts. */
  | { readonly kind: 'added' }
  | { readonly kind: 'failed'; readonly reason: string }
  /** The user left before the end; it goes on. */
  | { readonly kind: 'left' };

export interface CountDeps {
  readonly client: Client;
  readonly gold: Pick<GoldWriter, 'unapplied'>;
  /** Aborts when the user leaves. */
  readonly left: AbortSignal;
}

const EVERY_MS = 500;
/** A signal's size is limited; a hundred keys are about 15 kB. */
const KEYS_PER_SIGNAL = 100;

/** Resolves when gold has the parts, when it cannot have them, or when the user leaves. */
export async function countHour(hour: Hour, keys: readonly string[], deps: CountDeps): Promise<CountOutcome> {
  const { client } = deps;
  for (;;) {
    const running = client.workflow.getHandle<typeof transformHour>(transformHourId(hour));
    if (await signalled(running, keys)) {
      const added = await untilAdded(running, keys, deps);
      if (added !== undefined) return added;
      continue;
    }
    const rebuild = await startRebuild(hour, client);
    if (rebuild !== undefined) return untilRebuilt(rebuild, deps);
  }
}

/** Hands the keys to the hour's run; false when none runs. */
async function signalled(handle: WorkflowHandle, keys: readonly string[]): Promise<boolean> {
  try {
    for (let at = 0; at < keys.length; at += KEYS_PER_SIGNAL)
      await handle.signal(addPart, keys.slice(at, at + KEYS_PER_SIGNAL));
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/** Starts the rebuild of an hour; undefined when its workflow runs after all. */
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

/** Undefined when the run has ended without them, as when it was terminated. */
async function untilAdded(
  handle: WorkflowHandle,
  keys: readonly string[],
  { gold, left }: CountDeps,
): Promise<CountOutcome | undefined> {
  while (!left.aborted) {
    // Asked before gold: a run that ends in between may have added them last.
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
  // The signal also ends the request under way, which would keep the process for up to 20 s.
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

/** Our own failure, without those that Temporal wraps around it. */
function failureIn(error: unknown): unknown {
  if (error instanceof ApplicationFailure || !(error instanceof Error) || error.cause === undefined)
    return error;
  return failureIn(error.cause);
}
