/** How long a listing serves, with and without somebody who tells of changes. */
import { expect, test } from 'vitest';
import { ListingAge } from '../../../src/gold/parquet/listing-age.ts';

test('nobody tells of changes: until its maximum age', () => {
  const age = new ListingAge();
  expect(age.isYoung(1_000, 2_000, 2_999)).toBe(true);
  expect(age.isYoung(1_000, 2_000, 3_000)).toBe(false);
});

test('nothing has changed since: for two minutes', () => {
  const age = new ListingAge();
  for (let ms = 0; ms <= 200_000; ms += 1_000) age.told(false, ms);
  expect(age.isYoung(80_001, 2_000, 200_000)).toBe(true);
  expect(age.isYoung(80_000, 2_000, 200_000)).toBe(false);
});

test('a change makes older listings useless, and newer ones serve again', () => {
  const age = new ListingAge();
  age.told(false, 0);
  age.told(true, 5_000);
  expect(age.isYoung(2_500, 2_000, 5_000)).toBe(false);
  // Younger than anybody may rely on anyway.
  expect(age.isYoung(4_000, 2_000, 5_000)).toBe(true);
  age.told(false, 9_000);
  expect(age.isYoung(5_001, 2_000, 9_000)).toBe(true);
});

test('who falls silent is not trusted, and what happened meanwhile is unknown', () => {
  const age = new ListingAge();
  age.told(false, 0);
  expect(age.isYoung(1_000, 2_000, 9_999)).toBe(true);
  expect(age.isYoung(1_000, 2_000, 10_000)).toBe(false);
  age.told(false, 60_000);
  expect(age.isYoung(1_000, 2_000, 60_000)).toBe(false);
  expect(age.isYoung(60_001, 2_000, 65_000)).toBe(true);
});
