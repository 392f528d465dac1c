/** Times as the Action API writes them. */
import { expect, test } from 'vitest';
import { epochSecondsOf } from '../../../src/source/action-api/api-time.ts';

const SECOND = Date.parse('2026-11-20T10:05:59Z') / 1000;

test.each(['2026-11-20T10:05:59Z', '2026-11-20T10:05:59.000Z', '2026-11-20T10:05:59.999Z'])(
  '%s is in that second',
  text => {
    expect(epochSecondsOf(text)).toBe(SECOND);
  },
);

test.each([
  '2026-02-30T10:05:59Z',
  '2026-02-30T10:05:59.123Z',
  '2026',
  '2026-11-20T10:05:59.Z',
  '2026-11-20T10:05:59+01:00',
  '',
  17,
  undefined,
])('%j is no such time', given => {
  expect(epochSecondsOf(given)).toBeUndefined();
});
