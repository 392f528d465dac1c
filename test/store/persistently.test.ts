/** Retries: until success, and never of what cannot succeed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { PipelineError } from '../../src/contracts/errors.ts';
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

test('a retry says how long the call took to fail', async () => {
  let tookMs = 0;
  const calls = [() => sleep(50).then(() => Promise.reject(storageDown('key', true))), async () => 'done'];
  await persistently(() => calls.shift()?.() ?? Promise.reject(new Error('too many')), {
    signal: never,
    onRetry: (_, __, ___, ms) => (tookMs = ms),
  });
  expect(tookMs).toBeGreaterThan(40);
});

test.each([
  ['an error that is not retryable', storageDown('key', false)],
  ['an error that is not from the pipeline', new Error('a mistake')],
])('%s is thrown at once', async (_, error) => {
  const broken = failing(error);
  await expect(persistently(broken.call, { signal: never })).rejects.toBe(error);
  expect(broken.calls).toBe(1);
});

test('what only a person can repair is waited for with long pauses, by callers that ask for it', async () => {
  const denied = new PipelineError('denied', {
    code: 'storage_denied',
    op: 'put',
    subject: 'key',
    retryable: false,
  });
  const stopping = new AbortController();
  const pauses: number[] = [];
  const waiting = {
    signal: stopping.signal,
    waitsForRepair: true,
    onRetry: (_: unknown, pauseMs: number) => {
      pauses.push(pauseMs);
      stopping.abort();
    },
  };
  await expect(persistently(failing(denied).call, waiting)).rejects.toBe(denied);
  expect(pauses).toEqual([expect.any(Number)]);
  expect(pauses[0]).toBeGreaterThanOrEqual(2_000);
  await expect(persistently(failing(denied).call, { signal: never })).rejects.toBe(denied);
});

test('an abort ends the pause with the last error', async () => {
  const down = storageDown('key', true);
  const stopping = new AbortController();
  const flaky = failing(down, down, down);
  const onRetry = () => stopping.abort();
  await expect(persistently(flaky.call, { signal: stopping.signal, onRetry })).rejects.toBe(down);
  expect(flaky.calls).toBe(1);
});

test('gives up with the last error before a pause would last too long', async () => {
  const last = storageDown('last', true);
  const flaky = failing(storageDown('first', true), last, last, last);
  await expect(persistently(flaky.call, { signal: never, giveUpMs: 350 })).rejects.toBe(last);
  expect(flaky.calls).toBeLessThan(4);
});

test('a call that was retried reports its end once, whatever the outcome, and names itself', async () => {
  const seen: unknown[] = [];
  const watch = {
    onRetry: (_: unknown, __: unknown, call: object) => seen.push(call),
    onEnd: (call: object) => seen.push(call),
  };
  const works = failing(storageDown('key', true));
  await persistently(works.call, { signal: never, ...watch });
  expect(seen).toEqual([works.call, works.call]);
  const breaks = failing(storageDown('key', true), new Error('a mistake'));
  await persistently(breaks.call, { signal: never, ...watch }).catch(() => undefined);
  expect(seen.slice(2)).toEqual([breaks.call, breaks.call]);
  await persistently(failing().call, { signal: never, ...watch });
  expect(seen).toHaveLength(4);
});

test('many calls that wait with one signal are no leak', async () => {
  const warnings: Error[] = [];
  const warn = (warning: Error): unknown => warnings.push(warning);
  process.on('warning', warn);
  const stop = new AbortController();
  const waiting = Array.from({ length: 30 }, () => {
    const { call } = failing(storageDown('key', true));
    return persistently(call, { signal: stop.signal });
  });
  await sleep(50);
  process.off('warning', warn);
  stop.abort();
  await Promise.allSettled(waiting);
  expect(warnings).toEqual([]);
});
