/** Which hours are sealed although they have no part. */
import { describe, expect, test } from 'vitest';
import { EmptyHours } from '../../src/ingest/empty-hours.ts';

const at = (time: string): number => Date.parse(`2026-11-20T${time}:00Z`);

describe('an hour without a part', () => {
  test('is listed once, when the watermark passes its end', () => {
    const hours = new EmptyHours();
    expect(hours.passedBy(at('10:30'))).toEqual([]);
    expect(hours.passedBy(at('10:59'))).toEqual([]);
    expect(hours.passedBy(at('11:00'))).toEqual(['2026-11-20T10']);
    expect(hours.passedBy(at('11:59'))).toEqual([]);
    expect(hours.passedBy(at('14:10'))).toEqual(['2026-11-20T11', '2026-11-20T12', '2026-11-20T13']);
    expect(hours.passedBy(at('12:00'))).toEqual([]);
  });

  test('is not listed when a part came, also one that came early', () => {
    const hours = new EmptyHours();
    hours.passedBy(at('10:30'));
    for (const hour of ['2026-11-20T10', '2026-11-20T12']) hours.hasPart(hour);
    expect(hours.passedBy(at('11:30'))).toEqual([]);
    expect(hours.passedBy(at('13:30'))).toEqual(['2026-11-20T11']);
  });

  test('is not listed from before reading started, but since an earlier attempt came to a watermark', () => {
    const first = new EmptyHours();
    expect(first.passedBy(at('18:00'))).toEqual([]);
    const next = new EmptyHours();
    next.startAt(at('15:59'));
    expect(next.passedBy(at('18:00'))).toEqual(['2026-11-20T15', '2026-11-20T16', '2026-11-20T17']);
  });

  test('is listed for a week at most', () => {
    const hours = new EmptyHours();
    hours.startAt(Date.parse('2016-01-01T00:00:00Z'));
    const passed = hours.passedBy(at('10:30'));
    expect(passed).toHaveLength(168);
    expect(passed.at(-1)).toBe('2026-11-20T09');
  });
});
