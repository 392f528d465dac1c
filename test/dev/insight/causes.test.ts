/** Explanations name the cause of the stories that the simulated stream tells. */
import { expect, test } from 'vitest';
import { nameCauses } from '../../../dev/insight/causes.ts';

test('the explanation of a story names its cause, in nine of ten at least', () => {
  const causes = nameCauses(3, 1);
  expect(causes.every(({ planted }) => planted >= 3)).toBe(true);
  expect(causes.filter(({ planted, named }) => named < 0.9 * planted)).toEqual([]);
}, 240_000);
