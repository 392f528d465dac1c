/** What counts as a JSON object. */
import { expect, test } from 'vitest';
import { isObject } from '../../src/core/json.ts';

test.each([
  [{}, true],
  [{ a: 1 }, true],
  [[], false],
  [[{}], false],
  [null, false],
  [undefined, false],
  ['{}', false],
  [5, false],
  [true, false],
])('%j is an object: %j', (value, expected) => {
  expect(isObject(value)).toBe(expected);
});
