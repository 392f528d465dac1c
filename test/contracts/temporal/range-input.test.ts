/** The range of hours of an input: whole hours, never empty. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ApplicationFailure } from '@temporalio/common';
import { readHourRange } from '../../../src/contracts/temporal/range-input.ts';

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-11-20T10:30:40Z') }));
afterEach(() => void vi.useRealTimers());

const ms = (hour: string): number => Date.parse(`${hour}:00:00Z`);
const read = (fields: Parameters<typeof readHourRange>[1]) => readHourRange('rebuild', fields, 'Example: {}');

/** The field that a rejected input names. */
function rejected(fields: Parameters<typeof readHourRange>[1]): unknown {
  try {
    return read(fields);
  } catch (error) {
    if (!(error instanceof ApplicationFailure) || error.type !== 'InvalidInput') throw error;
    return error.details?.[0];
  }
}

describe('a range of hours', () => {
  test('ends with the current hour and has sixty days by default', () => {
    expect(read({})).toEqual({ fromMs: ms('2026-09-21T11'), toMs: ms('2026-11-20T11') });
    expect(read({ hours: 1 })).toEqual({ fromMs: ms('2026-11-20T10'), toMs: ms('2026-11-20T11') });
  });

  test('is widened to whole hours, and ends with the current hour without an end', () => {
    expect(read({ from: '2026-11-20T08:59:59Z', to: '2026-11-20T09:00:01Z' })).toEqual({
      fromMs: ms('2026-11-20T08'),
      toMs: ms('2026-11-20T10'),
    });
    expect(read({ from: '2026-11-20T08:00:00Z' })).toEqual({
      fromMs: ms('2026-11-20T08'),
      toMs: ms('2026-11-20T11'),
    });
  });

  test.each([
    [{ hours: 2, from: '2026-11-20T08:00:00Z' }, 'hours'],
    [{ hours: 2, to: '2026-11-20T08:00:00Z' }, 'hours'],
    [{ to: '2026-11-20T08:00:00Z' }, 'from'],
    [{ from: '2026-11-20T08:00:00Z', to: '2026-11-20T08:00:00Z' }, 'from'],
    [{ from: '2026-11-20T09:00:00Z', to: '2026-11-20T08:00:00Z' }, 'from'],
  ])('%j is rejected, naming %s', (fields, field) => {
    expect(rejected(fields)).toEqual({ field });
  });
});
