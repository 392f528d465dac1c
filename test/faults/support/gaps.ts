/** The gaps of a campaign: one for each hole in the offsets, with its exact size, and no other. */
import { expect } from 'vitest';
import type { Gap } from '../../../src/core/gaps.ts';
import type { Pipeline } from './pipeline.ts';

/** Gaps in gold that say how many messages are missing, by start. */
export async function offsetGaps({ range, world }: Pick<Pipeline, 'range' | 'world'>): Promise<Gap[]> {
  const gaps = await world.gold.gaps(Date.parse(range[0]) / 1000);
  return gaps.filter(({ missing }) => missing !== undefined);
}

/** Expects that gold knows the holes, once all of the universe has been read. */
export async function expectGaps(pipeline: Pick<Pipeline, 'range' | 'world' | 'holes'>): Promise<void> {
  const gaps = await offsetGaps(pipeline);
  expect(gaps.map(({ missing }) => missing)).toEqual(pipeline.holes.map(({ size }) => size));
  for (const [at, { atMs }] of pipeline.holes.entries()) {
    const { from = '', to = '' } = gaps[at] ?? {};
    expect(Date.parse(from)).toBeLessThanOrEqual(atMs);
    expect(Date.parse(to)).toBeGreaterThanOrEqual(atMs);
  }
}
