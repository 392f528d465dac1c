/** Retries: until success, and never of what cannot succeed. */
import { expect, test } from 'vitest';
import type { PipelineError } from '../../src/contracts/errors.ts';
import { persistently } from '../../src/store/persistently.ts';
import { storageDown } from '../support/memory-object-store.ts';

const never = new AbortController().signal;

/** A call that fails with these errors in turn, and then succeeds. */
function failing(...errors: readonly Error[]) {
  let calls = 0;
  return {
    call: async (): Promise<string> => {
      const error = errors[calls];
      calls += 1;
      if (error !== undefined) throw error;
      return 'done';
    },
    get calls() {
      return calls;
    },
  };
}

test('a retryable failure is reported and retried until the call succeeds', async () => {
  const down = storageDown('key', true);
  const flaky = failing(down, down);
  const reported: [error: PipelineError, isPaused: boolean][] = [];
  const onRetry = (error: PipelineError, pauseMs: number) => reported.push([error, pauseMs >= 100]);
  expect(await persistently(flaky.call, { signal: never, onRetry })).toBe('done');
  expect(flaky.calls).toBe(3);
  expect(reported).toEqual([
    [down, true],
    [down, true],
  ]);
});

test.each([
  ['an error that is not retryable', storageDown('key', false)],
  ['an error that is not from the pipeline', new Error('a mistake')],
])('%s is thrown at once', async (_, error) => {
  const broken = failing(error);
  await expect(persistently(broken.call, { signal: never })).rejects.toBe(error);
  expect(broken.calls).toBe(1);
});

test('an abort ends the pause with the last error', async () => {
  const down = storageDown('key', true);
  const stopping = new AbortController();
  const flaky = failing(down, down, down);
  const onRetry = () => stopping.abort();
  await expect(persistently(flaky.call, { signal: stopping.signal, onRetry })).rejects.toBe(down);
  expect(flaky.calls).toBe(1);
});
