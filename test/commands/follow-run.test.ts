/** A run that is shown for hours is queried seldom, and its end and its changes show at once all the same. */
import type { WorkflowHandle } from '@temporalio/client';
import { describe, expect, test } from 'vitest';
import { followRun } from '../../src/commands/follow-run.ts';

const HOUR_SEC = 3_600;

/** Follows a run of some seconds whose history grows as given, on a clock that never waits. */
async function follow(seconds: number, historyAt: (second: number) => number, answers = true) {
  let nowSec = 0;
  const queriedAt: number[] = [];
  const lines: string[] = [];
  const handle = {
    workflowId: 'backfill-1',
    describe: async () => ({
      status: { name: nowSec < seconds ? 'RUNNING' : 'COMPLETED' },
      historyLength: historyAt(nowSec),
    }),
    query: async () => {
      queriedAt.push(nowSec);
      if (!answers) throw new Error('no worker');
      return { at: historyAt(nowSec) };
    },
    result: async () => ({ at: -1 }),
  } as unknown as WorkflowHandle;
  const code = await followRun<{ at: number }>({
    handle,
    describe: ({ at }) => `at ${at}`,
    detachSignal: new AbortController().signal,
    print: line => void lines.push(line),
    clock: { now: () => nowSec * 1000, pause: async ms => void (nowSec += ms / 1000) },
  });
  return { code, queriedAt, lines };
}

describe('a run that is followed', () => {
  test('is queried every second in its first minute', async () => {
    const { queriedAt } = await follow(60, () => 1);
    expect(queriedAt).toHaveLength(60);
  });

  test('is queried every 5 s at most after that, however fast it changes', async () => {
    const { queriedAt } = await follow(3 * HOUR_SEC, second => second);
    expect(queriedAt.length).toBeLessThanOrEqual(60 + (3 * HOUR_SEC) / 5);
  });

  test('is queried twice a minute while it does not change', async () => {
    const { queriedAt } = await follow(3 * HOUR_SEC, () => 1);
    expect(queriedAt.length).toBeLessThanOrEqual(60 + (3 * HOUR_SEC) / 30);
  });

  test('shows a change after a quiet time within a second', async () => {
    const { queriedAt } = await follow(200, second => (second < 100 ? 1 : 2));
    expect(queriedAt).toContain(100);
  });

  test('shows the worker that comes back within 5 s', async () => {
    const { queriedAt } = await follow(200, () => 1, false);
    expect(queriedAt.filter(second => second >= 60).length).toBeGreaterThanOrEqual(140 / 5 - 1);
  });

  test('shows its end at once', async () => {
    expect(await follow(HOUR_SEC, () => 1)).toMatchObject({
      code: 0,
      lines: ['workflow backfill-1', 'at 1', 'at -1'],
    });
  });
});
