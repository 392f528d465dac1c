/** A clock that was set is told of once, with how far; one that goes is not. */
import { expect, test } from 'vitest';
import { ClockWatch } from '../../src/core/clock-watch.ts';

test('tells when the clock was set, and by how much', () => {
  const watch = new ClockWatch();
  const looks = [
    [1_000_000, 0],
    [1_001_000, 1_000],
    // A second of slewing is no jump, and does not add up to one.
    [1_003_000, 2_000],
    [4_603_000, 2_000],
    [4_604_000, 3_000],
    [1_005_000, 4_000],
    [1_006_000, 5_000],
  ] as const;
  const told = looks.map(([nowMs, uptimeMs]) => watch.look(nowMs, uptimeMs));
  expect(told).toEqual([undefined, undefined, undefined, 3_600_000, undefined, -3_600_000, undefined]);
});
