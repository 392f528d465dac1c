import { expect, test } from 'vitest';
import { LatencyMeter } from '../../../dev/bench/latency-meter.ts';

test('an edit has arrived when the sum of its minute includes it', () => {
  const meter = new LatencyMeter();
  for (const atMs of [undefined, 100, 200, 900]) meter.sent('10:05', atMs);
  meter.sent('10:06', 950);
  meter.shown('10:05', 3, 1_000);
  meter.shown('10:05', 3, 1_500);
  meter.shown('10:06', 1, 2_000);
  meter.shown('10:05', 4, 2_000);
  expect(meter.latenciesMs).toEqual([900, 800, 1_050, 1_100]);
});
