/** The input of `backfill`: defaults, whole hours, and helpful messages. */
import { ApplicationFailure } from '@temporalio/common';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readBackfillInput } from '../../../src/contracts/temporal/backfill-input.ts';

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-11-20T10:30:40Z') }));
afterEach(() => void vi.useRealTimers());

function failure(raw: unknown): { message: string; field: unknown } {
  try {
    return { message: JSON.stringify(readBackfillInput(raw)), field: 'accepted' };
  } catch (error) {
    if (!(error instanceof ApplicationFailure) || error.nonRetryable !== true) throw error;
    return { message: error.message, field: (error.details?.[0] as { field?: unknown } | undefined)?.field };
  }
}

describe('a backfill', () => {
  test('without input covers sixty days from the best sources, three wikis in parallel', () => {
    expect(readBackfillInput(undefined)).toEqual({
      from: '2026-09-21T11:00:00.000Z',
      to: '2026-11-20T10:25:00.000Z',
      source: 'auto',
      concurrency: 3,
    });
  });

  test('covers whole hours and ends five minutes ago', () => {
    const { from, to } = readBackfillInput({ from: '2026-11-20T08:59:00Z', to: '2026-11-20T10:01:00Z' });
    expect([from, to]).toEqual(['2026-11-20T08:00:00.000Z', '2026-11-20T10:25:00.000Z']);
    expect(readBackfillInput({ from: '2026-11-20T01:30:00Z', to: '2026-11-20T02:30:00Z' })).toMatchObject({
      from: '2026-11-20T01:00:00.000Z',
      to: '2026-11-20T03:00:00.000Z',
    });
  });

  test('lists each wiki once; an empty list means all', () => {
    expect(readBackfillInput({ hours: 2, wikis: ['dewiki', 'enwiki', 'dewiki'] }).wikis).toEqual([
      'dewiki',
      'enwiki',
    ]);
    expect(readBackfillInput({ hours: 2, wikis: [] })).not.toHaveProperty('wikis');
  });

  test('does not start before the first day of Wikipedia', () => {
    expect(readBackfillInput({ from: '2001-01-15T00:00:00Z', to: '2001-01-16T00:00:00Z' }).from).toBe(
      '2001-01-15T00:00:00.000Z',
    );
  });

  test.each([
    [{ hours: 0 }, 'hours', 'hours must be a whole number of hours from 1 to'],
    [{ hours: 2, from: '2026-11-20T00:00:00Z' }, 'hours', 'give hours, or from and to, not both'],
    [{ to: '2026-11-20T00:00:00Z' }, 'from', 'to without from'],
    [{ from: '2026-11-20T00:00:00Z', to: '2026-11-19T00:00:00Z' }, 'from', 'from must lie before to'],
    [{ from: '2027-01-01T00:00:00Z' }, 'from', 'from lies in the future, got 2027-01-01T00:00:00Z; now is'],
    [
      { from: '2026-11-20T00:00:00Z', to: '2027-01-01T00:00:00Z' },
      'to',
      'to lies in the future, got 2027-01-01T00:00:00Z',
    ],
    [{ from: '1990-01-01T00:00:00Z' }, 'from', "before Wikipedia's first day, 2001-01-15"],
    [{ source: 'radio' }, 'source', 'source must be one of auto, stream, api, dump, got "radio"'],
    [{ concurrency: 0 }, 'concurrency', 'concurrency must be a whole number from 1 to 16, got 0'],
    [{ wiki: 'enwiki' }, 'wiki', 'wiki'],
  ])('%j is rejected', (raw, field, sentence) => {
    const failed = failure(raw);
    expect(failed.field).toBe(field);
    expect(failed.message).toContain(sentence);
    expect(failed.message).toContain('Example: {');
  });

  test('of the first minutes of this hour has nothing to fetch yet', () => {
    vi.setSystemTime(Date.parse('2026-11-20T10:03:00Z'));
    const { field, message } = failure({ hours: 1 });
    expect([field, message]).toEqual(['from', expect.stringContaining('only edits older than five minutes')]);
  });
});

test('a backfill that would end at the very instant it starts is rejected', () => {
  vi.setSystemTime(Date.parse('2026-11-20T10:05:59.999Z'));
  expect(failure({ hours: 1 })).toMatchObject({ field: 'from' });
  vi.setSystemTime(Date.parse('2026-11-20T10:06:00Z'));
  expect(readBackfillInput({ hours: 1 })).toMatchObject({
    from: '2026-11-20T10:00:00.000Z',
    to: '2026-11-20T10:01:00.000Z',
  });
});
