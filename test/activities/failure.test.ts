/** How errors become Temporal failures: their type, whether they are retried, and what the operator reads. */
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { toFailure } from '../../src/activities/failure.ts';
import { PipelineError } from '../../src/contracts/errors.ts';
import type { ErrorCode } from '../../src/contracts/errors.ts';
import { RetryLater, refused } from '../../src/source/source-failure.ts';

const FINAL = [
  'bronze_expired',
  'cursor_refused',
  'dump_missing',
  'dump_unreadable',
  'invalid_input',
  'no_days',
  'object_missing',
  'object_unreadable',
  'source_refused',
] as const satisfies readonly ErrorCode[];
const RETRIED = [
  'fenced',
  'postgres_unavailable',
  'source_unreachable',
  'storage_denied',
  'storage_unavailable',
  'temporal_unavailable',
] as const satisfies readonly ErrorCode[];

function errorOf(code: ErrorCode, hint = ''): PipelineError {
  return new PipelineError('it failed', {
    code,
    op: 'read part',
    subject: 'bronze/a',
    retryable: false,
    hint,
  });
}

describe('toFailure', () => {
  test.each(FINAL)('does not retry %s', code => {
    expect(toFailure(errorOf(code))).toMatchObject({ nonRetryable: true });
  });

  test.each(RETRIED)('retries %s', code => {
    expect(toFailure(errorOf(code))).toMatchObject({ nonRetryable: false });
  });

  test('retries a refusal that may pass', () => {
    expect(toFailure(refused('blocked for now', 'https://x.org', '', true))).toMatchObject({
      type: 'SourceRefused',
      nonRetryable: false,
      nextRetryDelay: 30_000,
    });
  });

  test('carries type, subject and cause', () => {
    const error = errorOf('storage_unavailable');
    const failure = toFailure(error);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({
      type: 'StorageUnavailable',
      details: [{ op: 'read part', subject: 'bronze/a' }],
      cause: error,
    });
  });

  test.each([
    ['appends the hint', 'Do this.', 'it failed. Do this.'],
    ['does not repeat a hint that is in the message', 'it failed', 'it failed'],
    ['leaves a message without a hint alone', '', 'it failed'],
  ])('%s', (_, hint, message) => {
    expect(toFailure(errorOf('no_days', hint))).toMatchObject({ message });
  });

  test('lets the caller decide that a failure is final', () => {
    expect(toFailure(errorOf('fenced'), { isFinal: true })).toMatchObject({ nonRetryable: true });
  });

  test('retries after the pause that the source asked for', () => {
    const failure = toFailure(new RetryLater('later', 'https://x.org', 7_000));
    expect(failure).toMatchObject({ nextRetryDelay: 7_000, nonRetryable: false });
    expect(toFailure(new RetryLater('later', 'https://x.org', 0))).not.toMatchObject({
      nextRetryDelay: expect.anything(),
    });
  });

  test('returns errors of other kinds unchanged', () => {
    const error = new TypeError('a bug');
    expect(toFailure(error)).toBe(error);
  });
});
