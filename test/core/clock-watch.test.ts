/** A clock that was changed is reported once, with the size of the jump. */
import { expect, test } from 'vitest';
import { ClockWatch } from '../../src/core/clock-watch.ts';

test('reports each jump of the clock once, with its size', () => {
  const watch = new ClockWatch();
  const looks = [
    [1_000_000, 0],
    [1_001_000, 1_000],
    // A drift of a second is not a jump, and drift does not add up to one.
    [1_003_000, 2_000],
    [4_603_000, 2_000],
    [4_604_000, 3_000],
    [1_005_000, 4_000],
    [1_006_000, 5_000],
  ] as const;
  const jumps = looks.map(([nowMs, uptimeMs]) => watch.look(nowMs, uptimeMs));
  expect(jumps).toEqual([undefined, undefined, undefined, 3_600_000, undefined, -3_600_000, undefined]);
});
