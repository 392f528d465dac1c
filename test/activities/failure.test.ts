/** How errors become Temporal failures: their type, whether they are retried, and what the operator reads. */
import { ApplicationFailure, defaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import proto from '@temporalio/proto';
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

  test('carries type and subject, and where the error was made', () => {
    const failure = toFailure(errorOf('storage_unavailable'));
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({
      type: 'StorageUnavailable',
      details: [{ op: 'read part', subject: 'bronze/a' }],
      stack: expect.stringMatching(/^ +at errorOf /),
    });
  });

  test('is small enough for Temporal to keep, whatever caused it, and says what to do', () => {
    const deep = (depth: number): Error =>
      new Error(`cause ${depth}`, depth === 0 ? {} : { cause: deep(depth - 1) });
    const error = new PipelineError(`Postgres: ${'it is away '.repeat(500)}`, {
      code: 'postgres_unavailable',
      op: 'apply part',
      subject: 'bronze/a',
      retryable: true,
      hint: 'Start Postgres.',
      cause: deep(20),
    });
    const failure = defaultFailureConverter.errorToFailure(toFailure(error), defaultPayloadConverter);
    expect(failure.message).toMatch(/^Postgres: it is away .*… Start Postgres\.$/);
    expect(proto.temporal.api.failure.v1.Failure.encode(failure).finish().length).toBeLessThan(3_000);
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
