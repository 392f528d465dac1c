/** How replayed parts reach gold: through the running workflow of their hour, or through a rebuild. */
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { countHour } from '../../src/temporal/count-hour.ts';
import { STATUS, serverError } from './server-error.ts';

const HOUR = '2026-11-20T10';
const KEYS = ['bronze/a', 'bronze/b'];

/** The workflow of an hour: whether it runs, and how its rebuild ends. */
interface HourRun {
  readonly isRunning?: () => boolean;
  readonly signalError?: Error;
  readonly startError?: () => Error | undefined;
  readonly result?: () => Promise<unknown>;
}

function setUp(run: HourRun) {
  const calls: string[] = [];
  const handle = {
    signal: async (_: unknown, keys: readonly string[]) => {
      calls.push(`signal ${keys.join(' ')}`);
      if (run.signalError !== undefined) throw run.signalError;
      if (run.isRunning?.() !== true)
        throw new WorkflowNotFoundError('not running', `transform-${HOUR}`, undefined);
    },
    describe: async () => ({ status: { name: run.isRunning?.() === true ? 'RUNNING' : 'TERMINATED' } }),
    result: run.result ?? (async () => ({ changedRows: 3 })),
  };
  const client = {
    withAbortSignal: (_: AbortSignal, call: () => Promise<unknown>) => call(),
    workflow: {
      getHandle: () => handle,
      start: async () => {
        const error = run.startError?.();
        calls.push('start');
        if (error !== undefined) throw error;
        return handle;
      },
    },
  };
  return { client: client as unknown as Client, calls };
}

const goldWith = (lacking: string[]) => ({ unapplied: async () => lacking });
const staying = new AbortController().signal;

describe('countHour', () => {
  test('lets a running workflow add the parts', async () => {
    const { client, calls } = setUp({ isRunning: () => true });
    const outcome = await countHour(HOUR, KEYS, { client, gold: goldWith([]), left: staying });
    expect(outcome).toEqual({ kind: 'added' });
    expect(calls).toEqual(['signal bronze/a bronze/b']);
  });

  test('rebuilds the hour when its workflow is not running', async () => {
    const { client, calls } = setUp({});
    const outcome = await countHour(HOUR, KEYS, { client, gold: goldWith(KEYS), left: staying });
    expect(outcome).toEqual({ kind: 'rebuilt', changedRows: 3 });
    expect(calls).toEqual(['signal bronze/a bronze/b', 'start']);
  });

  test('fails without a rebuild when the signal fails for any other reason', async () => {
    const signalError = serverError(STATUS.UNAVAILABLE, 'workflow not found');
    const { client, calls } = setUp({ signalError });
    await expect(countHour(HOUR, KEYS, { client, gold: goldWith(KEYS), left: staying })).rejects.toBe(
      signalError,
    );
    expect(calls).not.toContain('start');
  });

  test('signals again when the workflow starts between signal and rebuild', async () => {
    let isRunning = false;
    const startError = (): Error => {
      isRunning = true;
      return new WorkflowExecutionAlreadyStartedError('runs', `transform-${HOUR}`, 'transformHour');
    };
    const { client, calls } = setUp({ isRunning: () => isRunning, startError });
    const outcome = await countHour(HOUR, KEYS, { client, gold: goldWith([]), left: staying });
    expect(outcome).toEqual({ kind: 'added' });
    expect(calls).toHaveLength(3);
  });

  test('rebuilds the hour when its workflow ends without adding the parts', async () => {
    let looks = 0;
    const isRunning = (): boolean => (looks += 1) === 1;
    const { client } = setUp({ isRunning });
    const outcome = await countHour(HOUR, KEYS, { client, gold: goldWith(KEYS), left: staying });
    expect(outcome).toEqual({ kind: 'rebuilt', changedRows: 3 });
  });

  test('reports the failure of a rebuild by its innermost cause', async () => {
    const failure = ApplicationFailure.nonRetryable('Cannot rebuild it', 'BronzeExpired');
    const { client } = setUp({
      result: () => Promise.reject(new Error('workflow failed', { cause: failure })),
    });
    const outcome = await countHour(HOUR, KEYS, { client, gold: goldWith(KEYS), left: staying });
    expect(outcome).toEqual({ kind: 'failed', reason: 'Cannot rebuild it' });
  });

  test.each([
    ['parts are added', { isRunning: () => true }],
    ['the hour is rebuilt', { result: () => new Promise<never>(() => undefined) }],
  ])('resolves when the user detaches while %s', async (_, run) => {
    const { client } = setUp(run);
    const left = AbortSignal.timeout(20);
    expect(await countHour(HOUR, KEYS, { client, gold: goldWith(KEYS), left })).toEqual({ kind: 'left' });
  });
});
