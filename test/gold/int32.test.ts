/** Sums that do not fit into a 32-bit column. */
import { describe, expect, test } from 'vitest';
import { clampToInt32 } from '../../src/gold/int32.ts';

describe('clampToInt32', () => {
  test.each([
    [0, 0],
    [-5, -5],
    [2_147_483_647, 2_147_483_647],
    [2_147_483_648, 2_147_483_647],
    [-2_147_483_648, -2_147_483_648],
    [-2_147_483_649, -2_147_483_648],
  ])('turns %d into %d', (sum, clamped) => {
    expect(clampToInt32(sum)).toBe(clamped);
  });
});
