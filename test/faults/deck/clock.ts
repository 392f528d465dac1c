/** Faults of a worker's wall clock. */
import { expect } from 'vitest';
import { untilHolds } from '../../support/until.ts';
import type { Fault } from '../support/fault.ts';
import { tailOf, untilCommitted } from '../support/movement.ts';
import type { Pipeline } from '../support/pipeline.ts';

const HOUR_MS = 3_600_000;
/** A worker that flushes by age alone. */
const BY_AGE = { FLUSH_MIN_LINES: '1000000', FLUSH_MAX_SEC: '2' };

export const clockFaults: readonly Fault[] = [
  {
    name: 'clock: an hour forward, and right again',
    strike: pipeline => setClock(pipeline, HOUR_MS),
  },
  {
    name: 'clock: an hour back, and right again',
    strike: pipeline => setClock(pipeline, -HOUR_MS),
  },
];

async function setClock({ clock, workers, world }: Pipeline, shiftMs: number): Promise<void> {
  const previous = workers.newest;
  const flushingByAge = await workers.start(BY_AGE);
  await previous.stop();
  await untilCommitted(world, await tailOf(world));
  for (const ms of [shiftMs, 0]) {
    clock.shift(ms);
    await untilHolds(async () => {
      const record = await untilCommitted(world, await tailOf(world), 30_000);
      const aheadMs = Date.parse(record.at) - Date.now();
      expect(Math.abs(aheadMs - ms)).toBeLessThan(HOUR_MS / 2);
    });
  }
  await workers.start();
  await flushingByAge.stop();
}
