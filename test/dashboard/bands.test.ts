/** ⑧ Gaps as bands of minutes, which are unknown or only incomplete, and their descriptions. Invariant 8. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Gap } from '../../src/dashboard/api-client.ts';
import { bandAt, bandsOf, clipBands } from '../../src/dashboard/bands.ts';
import type { Band } from '../../src/dashboard/bands.ts';
import { gapSummary, gapText } from '../../src/dashboard/gap-text.ts';

const T = Date.UTC(2026, 10, 20, 10, 0) / 1000;

/** A gap between two seconds, counted from T. */
function gap(cause: Gap['cause'], fromSec: number, toSec: number): Gap {
  const [from, to] = [fromSec, toSec].map(at => new Date((T + at) * 1000).toISOString()) as [string, string];
  return { id: `${cause} ${fromSec}`, cause, from, to, backfill: { from, to, command: '' } };
}

function band(kind: Band['kind'], from: number, to: number, ...causes: Gap['cause'][]): Band {
  return { kind, causes, from: T + from * 60, to: T + to * 60 };
}

describe('bandsOf', () => {
  test.each([
    ['a few messages within a minute', gap('offsets', 70, 71.5), band('incomplete', 1, 2, 'offsets')],
    ['at one instant', gap('offsets', 60, 60), band('incomplete', 1, 2, 'offsets')],
    ['across a minute boundary', gap('offsets', 61, 179), band('incomplete', 1, 3, 'offsets')],
    ['skipped for exactly a minute', gap('offsets', 60, 120), band('no-data', 1, 2, 'offsets')],
    ['skipped for longer', gap('offsets', 59.9, 121), band('no-data', 0, 3, 'offsets')],
    ['no longer kept', gap('retention', 70, 75), band('no-data', 1, 2, 'retention')],
    ['after the log was lost', gap('log_lost', 60, 180), band('no-data', 1, 3, 'log_lost')],
  ])('%s', (_name, given, expected) => {
    expect(bandsOf([given])).toEqual([expected]);
  });

  test('merges an outage of both topics into one band', () => {
    const both = [gap('retention', 65, 600), gap('retention', 80, 640), gap('offsets', 660, 900)];
    expect(bandsOf(both)).toEqual([band('no-data', 1, 15, 'retention', 'offsets')]);
    expect(bandsOf([gap('retention', 60, 120), gap('retention', 180, 240)])).toHaveLength(2);
  });

  test('omits a few missing messages within an outage', () => {
    const within = [gap('offsets', 100, 101), gap('retention', 0, 600), gap('offsets', 700, 701)];
    expect(bandsOf(within)).toEqual([
      band('no-data', 0, 10, 'retention'),
      band('incomplete', 11, 12, 'offsets'),
    ]);
  });

  test('covers every instant of every gap, in order, and bands of a kind never touch', () => {
    const anyGap = fc
      .tuple(fc.constantFrom('offsets', 'retention', 'log_lost'), fc.nat(5_000), fc.nat(400))
      .map(([cause, from, length]) => gap(cause, from, from + length));
    fc.assert(
      fc.property(fc.array(anyGap, { maxLength: 12 }), gaps => {
        const bands = bandsOf(gaps);
        for (const { from, to } of gaps) {
          const [first, end] = [Date.parse(from) / 1000, Date.parse(to) / 1000];
          expect(bands.some(at => at.from <= first && end <= at.to)).toBe(true);
        }
        expect(bands.map(({ from }) => from)).toEqual(bands.map(({ from }) => from).sort((a, b) => a - b));
        for (const kind of ['no-data', 'incomplete']) {
          const same = bands.filter(at => at.kind === kind);
          expect(same.every((at, i) => i === 0 || at.from > (same[i - 1]?.to ?? 0))).toBe(true);
        }
      }),
    );
  });
});

test('clipBands keeps what lies between two minutes', () => {
  const bands = [band('no-data', 0, 3), band('no-data', 5, 20), band('incomplete', 30, 31)];
  expect(clipBands(bands, T + 3 * 60, T + 10 * 60)).toEqual([band('no-data', 5, 10)]);
  expect(clipBands(bands, T + 60, T + 120)).toEqual([band('no-data', 1, 2)]);
});

test('bandAt finds the band of a minute, and prefers no-data', () => {
  const bands = [band('incomplete', 0, 3, 'offsets'), band('no-data', 2, 5, 'retention')];
  expect(bandAt(bands, T - 60)).toBeUndefined();
  expect(bandAt(bands, T + 60)?.kind).toBe('incomplete');
  expect(bandAt(bands, T + 120)?.kind).toBe('no-data');
  expect(bandAt(bands, T + 300)).toBeUndefined();
});

describe('descriptions', () => {
  test('of a minute say what is missing and why', () => {
    expect(gapText(band('no-data', 0, 1, 'retention'))).toBe('no data (no longer available from the source)');
    expect(gapText(band('incomplete', 0, 1, 'offsets'))).toBe('incomplete (the stream skipped messages)');
    expect(gapText(band('no-data', 0, 1, 'log_lost', 'offsets'))).toBe(
      'no data (the commit log was lost, the stream skipped messages)',
    );
  });

  test('list a few gaps, and only count many', () => {
    const one = band('no-data', 5, 80, 'retention');
    expect(gapSummary([one])).toBe(
      '1 gap: Fri 20 Nov, 10:05 to 11:20 UTC, no data (no longer available from the source).',
    );
    expect(gapSummary([one, band('incomplete', 90, 91, 'offsets')])).toMatch(
      /^2 gaps: .*; Fri 20 Nov, 11:30 UTC, incomplete \(the stream skipped messages\)\.$/,
    );
    const many = [0, 10, 20, 30].map(at => band('incomplete', at, at + 1, 'offsets'));
    expect(gapSummary(many)).toBe('4 gaps between Fri 20 Nov, 10:00 UTC and Fri 20 Nov, 10:31 UTC.');
  });
});
