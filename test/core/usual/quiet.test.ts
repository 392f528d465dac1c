/** Hours with far fewer edits than usual. */
import { expect, test } from 'vitest';
import { quietnessOf } from '../../../src/core/usual/quiet.ts';
import { PastHours } from '../../../src/core/usual/past-hours.ts';
import { Usual } from '../../../src/core/usual/usual.ts';
import { HOUR, MONDAY, steady } from './hours.ts';

const HOUR_AFTER = { from: MONDAY, to: MONDAY + HOUR };

test.each([
  ['nothing at all', 400, 0, { kind: 'quiet', expected: 400, factor: 0 }],
  ['a third', 400, 133, { kind: 'quiet' }],
  ['a slow hour', 400, 300, { kind: 'as_usual', factor: 0.75 }],
  ['more than usual', 400, 4_000, { kind: 'as_usual', factor: 10 }],
  ['an hour that is significantly, but not far below', 100_000, 70_000, { kind: 'as_usual' }],
  ['nothing, where hardly anything is expected', 60, 0, { kind: 'too_small', expected: 60 }],
])('%s', (_, hourly, edits, expected) => {
  const found = quietnessOf(steady(hourly), HOUR_AFTER, edits);
  expect({
    ...found,
    ...('expected' in found ? { expected: Math.round(found.expected) } : {}),
  }).toMatchObject(expected);
});

test('half of an outage is noticed at the end of its hour', () => {
  expect(quietnessOf(steady(1_000), HOUR_AFTER, 450).kind).toBe('quiet');
});

test('the second hour of an outage is noticed as well', () => {
  const hours = 2 * HOUR;
  const usual = steady(1_000, MONDAY + hours);
  expect(quietnessOf(usual, { from: MONDAY + hours, to: MONDAY + hours + HOUR }, 0).kind).toBe('quiet');
});

test('the second hour of an outage of a simulated wiki, which has no weeks behind it, is noticed as well', () => {
  const edits = [900, 1_000, 1_100, 0];
  const past = edits.map((value, at) => ({ start: MONDAY + at * HOUR, value, knownMinutes: 60 }));
  const usual = new Usual(new PastHours(past), [], 'last_hours');
  expect(quietnessOf(usual, { from: MONDAY + 4 * HOUR, to: MONDAY + 5 * HOUR }, 0)).toEqual({
    kind: 'quiet',
    expected: 900,
    factor: 0,
  });
});
