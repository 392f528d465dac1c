/** Failures of activities and child workflows are recognised by their type, however deeply Temporal wraps them. */
import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure, RetryState } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { isFailureOf, reasonOf, rootCause } from '../../src/workflows/failures.ts';

const expired = ApplicationFailure.nonRetryable('parts are gone', 'BronzeExpired');
const ofActivity = new ActivityFailure(
  undefined,
  'rebuildHour',
  '1',
  RetryState.NON_RETRYABLE_FAILURE,
  undefined,
  expired,
);
const ofChild = new ChildWorkflowFailure(
  undefined,
  { workflowId: 'transform-2026-11-20T10', runId: 'r' },
  'transformHour',
  RetryState.NON_RETRYABLE_FAILURE,
  ofActivity,
);

describe.each([
  ['thrown by the workflow itself', expired],
  ['of an activity', ofActivity],
  ['of an activity of a child workflow', ofChild],
])('a failure %s', (_, failure) => {
  test('has the type, cause and reason of the first one', () => {
    expect(rootCause(failure)).toBe(expired);
    expect(isFailureOf('BronzeExpired', failure)).toBe(true);
    expect(isFailureOf('DumpMissing', failure)).toBe(false);
    expect(reasonOf(failure)).toBe('parts are gone');
  });
});

test('something that is not a failure has no type, and its text is the reason', () => {
  expect(isFailureOf('BronzeExpired', 'BronzeExpired')).toBe(false);
  expect(reasonOf('no error')).toBe('no error');
});
