/** `--timescale`: a policy that is understood, or an error with an example. */
import { describe, expect, test } from 'vitest';
import { policyLine } from '../../src/commands/migrate.ts';
import { readPolicies } from '../../src/commands/timescale-flag.ts';

describe('--timescale', () => {
  test.each([
    ['compress=7d,retain=2y', { compress: 7, retain: 730 }],
    [' retain = 6mo , compress = 2w ', { compress: 14, retain: 180 }],
    ['compress=1d', { compress: 1, retain: undefined }],
    ['compress=off,retain=30d', { compress: 'off', retain: 30 }],
    ['off', { compress: 'off', retain: 'off' }],
  ])('%s is understood', (text, policies) => {
    expect(readPolicies(text)).toEqual(policies);
  });

  test.each([
    '',
    ',',
    'on',
    'compress',
    'compress=',
    'compress=7',
    'compress=0d',
    'compress=-7d',
    'compress=1.5d',
    'compress=7h',
    'compress=7d=8d',
    'compress=7d,compress=8d',
    'retention=7d',
    'toString=7d',
    'compress=7d,retain=7d',
    'compress=1y,retain=52w',
    'retain=101y',
  ])('%j is refused with an example', text => {
    expect(() => readPolicies(text)).toThrow(
      /^--timescale: expected .*, got ".*"\. Example: --timescale compress=7d,retain=2y$/,
    );
  });
});

test('what is printed says how a policy was', () => {
  expect(policyLine({ policy: 'compress', before: undefined, after: 7 })).toBe(
    'compressed rows older than 7 days (before: off)',
  );
  expect(policyLine({ policy: 'retain', before: 1, after: undefined })).toBe(
    'dropped    off (before: rows older than 1 day)',
  );
  expect(policyLine({ policy: 'retain', before: 730, after: 730 })).toBe(
    'dropped    rows older than 730 days, as before',
  );
});
