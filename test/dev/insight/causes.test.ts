/** Explanations name the cause of the stories that the simulated stream tells. */
import { expect, test } from 'vitest';
import { nameCauses } from '../../../dev/insight/causes.ts';

test('the explanation of a story names its cause, in nine of ten at least', () => {
  const causes = nameCauses(3, 1);
  expect(causes.every(({ told }) => told >= 3)).toBe(true);
  expect(causes.filter(({ told, named }) => named < 0.9 * told)).toEqual([]);
}, 240_000);
