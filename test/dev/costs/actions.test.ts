/** What Temporal bills is counted from recorded histories, and the pipeline stays within its budget. */
import { readFile } from 'node:fs/promises';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { describe, expect, test } from 'vitest';
import { actionsOf, heartbeatsPerDay, sumOf } from '../../../dev/costs/actions.ts';

async function recorded(name: string) {
  const text = await readFile(new URL(`../../histories/${name}.json`, import.meta.url), 'utf8');
  return historyFromJSON(JSON.parse(text)).events ?? [];
}

describe('the actions of a run', () => {
  test('are its start, signals, activities with their retries, timers, and changes of search attributes', async () => {
    const actions = actionsOf(await recorded('transform-hour-sealed'));
    expect(actions).toEqual({
      workflows: 1,
      activities: 3,
      signals: 1,
      timers: 1,
      'search attributes': 2,
    });
  });

  test('add up by kind', () => {
    expect(sumOf([{ signals: 1 }, { signals: 2, timers: 1 }])).toEqual({ signals: 3, timers: 1 });
  });

  test('have a heartbeat for each time that the server reports, by the wall clock', () => {
    expect(heartbeatsPerDay({ count: 90, ms: 360_000 })).toBe(21_600);
    expect(heartbeatsPerDay({ count: 0, ms: 0 })).toBe(0);
  });
});
