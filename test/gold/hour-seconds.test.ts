/** The bounds of an hour in epoch seconds. */
import { describe, expect, test } from 'vitest';
import { hourSeconds } from '../../src/gold/hour-seconds.ts';

describe('hourSeconds', () => {
  test('returns the first second of the hour and of the next one', () => {
    expect(hourSeconds('2026-11-20T10')).toEqual([1_795_168_800, 1_795_172_400]);
  });

  test('throws for a text that is not an hour, and quotes it', () => {
    expect(() => hourSeconds('2026-11-20T24')).toThrow('2026-11-20T24');
  });
});
