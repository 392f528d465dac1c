/** What can happen to the wall clock of a worker. */
import { expect } from 'vitest';
import { untilHolds } from '../../support/until.ts';
import type { Fault } from '../support/fault.ts';
import { tailOf, untilCommitted } from '../support/movement.ts';
import type { Pipeline } from '../support/pipeline.ts';

const HOUR_MS = 3_600_000;
/** So few events that every flush is one by age. */
const TRICKLE = 20_000;

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

async function setClock({ clock, proxies, world }: Pipeline, shiftMs: number): Promise<void> {
  proxies.stream.limit(TRICKLE);
  for (const ms of [shiftMs, 0]) {
    clock.shift(ms);
    await untilHolds(async () => {
      const record = await untilCommitted(world, await tailOf(world), 30_000);
      const aheadMs = Date.parse(record.at) - Date.now();
      expect(Math.abs(aheadMs - ms)).toBeLessThan(HOUR_MS / 2);
    });
  }
  await proxies.stream.pass();
}
