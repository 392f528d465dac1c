/** Hours are summed up in the background, until there are none left. */
import { expect, test } from 'vitest';
import { rollOlderHours } from '../../src/gold/roll-older-hours.ts';

test('goes on while there are hours, also after a failure, and ends when it is stopped', async () => {
  const stop = new AbortController();
  const failures: unknown[] = [];
  const left = [24, 24, new Error('gold is away'), 3, 0, 0];
  let asked = 0;
  const gold = {
    rollUp: async (): Promise<number> => {
      const next = left[asked];
      asked += 1;
      if (asked === left.length) stop.abort();
      if (next instanceof Error) throw next;
      return next ?? 0;
    },
  };
  const { signal } = stop;
  await rollOlderHours(gold, {
    signal,
    onFailure: error => failures.push(error),
    breathMs: 0,
    restMs: 1,
  });
  expect(asked).toBe(left.length);
  expect(failures).toEqual([left[2]]);
});

test('rests when nothing is left, and is stopped at once', async () => {
  const stop = new AbortController();
  let asked = 0;
  const gold = {
    rollUp: async (): Promise<number> => {
      asked += 1;
      setImmediate(() => stop.abort());
      return 0;
    },
  };
  // An hour of rest: without the stop this would never end.
  const { signal } = stop;
  await rollOlderHours(gold, { signal, onFailure: () => expect.fail('it failed'), restMs: 3_600_000 });
  expect(asked).toBe(1);
});
