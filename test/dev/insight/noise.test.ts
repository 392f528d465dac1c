/** The noise of simulated wikis, and the measure of that of captured events. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { capturedEdits, dispersionOf } from '../../../dev/insight/dispersion.ts';
import { overdispersed } from '../../../dev/insight/noise.ts';
import { Random } from '../../../dev/simulator/random.ts';

test.each([
  [0.3, 2],
  [8, 5],
  [400, 12],
])('counts of mean %d vary %d times as much as by chance', (mean, dispersion) => {
  const random = new Random(7);
  const counts = Array.from({ length: 40_000 }, () => overdispersed(random, mean, dispersion));
  const average = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const variance = counts.reduce((sum, count) => sum + (count - average) ** 2, 0) / counts.length;
  expect(Math.abs(average / mean - 1)).toBeLessThan(0.05);
  expect(Math.abs(variance / average / dispersion - 1)).toBeLessThan(0.1);
});

test('nothing is made of nothing', () => {
  expect(overdispersed(new Random(7), 0, 3)).toBe(0);
});

test('edits one by one have a dispersion below 1, edits in runs one far above', () => {
  const edits = (times: readonly number[]) =>
    times.map(timestamp => ({ timestamp, wiki: 'enwiki', isBot: false }));
  const even = dispersionOf(edits(Array.from({ length: 600 }, (_, i) => i)), 10);
  expect(even?.dispersion).toBeLessThan(0.1);
  const runs = dispersionOf(edits(Array.from({ length: 600 }, (_, i) => 100 * Math.floor(i / 60))), 10);
  expect(runs?.dispersion).toBeGreaterThan(20);
});

test('people edit a captured English Wikipedia in runs', () => {
  const lines = readFileSync('test/fixtures/recentchange/enwiki-edits-2023-07-29.ndjson', 'utf8').split('\n');
  const found = dispersionOf(
    capturedEdits(lines).filter(({ isBot }) => !isBot),
    15,
  );
  expect(found?.dispersion).toBeGreaterThan(1.5);
});
