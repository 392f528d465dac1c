/** Which source provides which part of a range, and subtraction of ranges. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinCoverage, planStretches, without } from '../../src/core/backfill.ts';
import type { Reaches, Stretch } from '../../src/core/backfill.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-20T00:00:00Z');
const at = (hour: number): string => new Date(START + hour * HOUR).toISOString();
const reach = (from: number, to: number) => ({ fromMs: START + from * HOUR, toMs: START + to * HOUR });

describe('a plan', () => {
  test('assigns each hour to the best source that has it, and lists what no source has', () => {
    const reaches = { stream: reach(20, 30), api: reach(10, 30), dump: reach(-100, 8) };
    expect(planStretches({ from: at(0), to: at(24) }, reaches)).toEqual({
      stretches: [
        { source: 'dump', from: at(0), to: at(8) },
        { source: 'api', from: at(10), to: at(20) },
        { source: 'stream', from: at(20), to: at(24) },
      ],
      missing: [{ from: at(8), to: at(10) }],
    });
  });

  test('asks the sources in the given order, and only those', () => {
    const reaches = { stream: reach(6, 30), api: reach(2, 30), dump: reach(-100, 4) };
    const range = { from: at(0), to: at(8) };
    expect(planStretches(range, reaches, ['api', 'stream', 'dump'])).toEqual({
      stretches: [
        { source: 'dump', from: at(0), to: at(2) },
        { source: 'api', from: at(2), to: at(8) },
      ],
      missing: [],
    });
    expect(planStretches(range, reaches, ['stream'])).toEqual({
      stretches: [{ source: 'stream', from: at(6), to: at(8) }],
      missing: [{ from: at(0), to: at(6) }],
    });
  });

  test('leaves an hour that a source has only partly to the next source', () => {
    const reaches = { stream: reach(5.5, 30), api: reach(0, 30) };
    expect(planStretches({ from: at(0), to: at(8) }, reaches).stretches).toEqual([
      { source: 'api', from: at(0), to: at(6) },
      { source: 'stream', from: at(6), to: at(8) },
    ]);
  });

  test('lists its ranges in their order in time', () => {
    const reaches = { stream: reach(2, 4), api: reach(0, 6), dump: reach(8, 9) };
    expect(planStretches({ from: at(0), to: at(10) }, reaches)).toEqual({
      stretches: [
        { source: 'api', from: at(0), to: at(2) },
        { source: 'stream', from: at(2), to: at(4) },
        { source: 'api', from: at(4), to: at(6) },
        { source: 'dump', from: at(8), to: at(9) },
      ],
      missing: [
        { from: at(6), to: at(8) },
        { from: at(9), to: at(10) },
      ],
    });
  });

  test('takes nothing from a source that has no whole hour', () => {
    for (const partly of [reach(5.5, 6), reach(5.25, 5.75), reach(5, 5)]) {
      expect(planStretches({ from: at(0), to: at(8) }, { stream: partly })).toEqual({
        stretches: [],
        missing: [{ from: at(0), to: at(8) }],
      });
    }
  });

  test('ends in the middle of an hour when the range does', () => {
    const { stretches } = planStretches({ from: at(0), to: at(1.5) }, { stream: reach(0, 30) });
    expect(stretches).toEqual([{ source: 'stream', from: at(0), to: at(1.5) }]);
  });

  test('assigns or lists every hour of a range exactly once', () => {
    const hour = fc.integer({ min: 0, max: 60 });
    const someReach = fc.option(fc.tuple(hour, hour), { nil: undefined });
    fc.assert(
      fc.property(hour, hour, someReach, someReach, someReach, (a, b, stream, api, dump) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b) + 1];
        const given = { stream, api, dump };
        const reaches: Reaches = Object.fromEntries(
          Object.entries(given).flatMap(([source, hours]) =>
            hours === undefined ? [] : [[source, reach(Math.min(...hours), Math.max(...hours))]],
          ),
        );
        const { stretches, missing } = planStretches({ from: at(from), to: at(to) }, reaches);
        const contains = (range: Stretch, hour: number): boolean =>
          range.from <= at(hour) && at(hour) < range.to;
        for (let hour = from; hour < to; hour++) {
          const best = (['stream', 'api', 'dump'] as const).find(source => {
            const { fromMs, toMs } = reaches[source] ?? { fromMs: 0, toMs: 0 };
            return START + hour * HOUR >= fromMs && START + hour * HOUR < toMs;
          });
          const found = stretches.filter(range => contains(range, hour));
          expect(found.map(({ source }) => source)).toEqual(best === undefined ? [] : [best]);
          expect(missing.some(range => contains(range, hour))).toBe(best === undefined);
        }
      }),
    );
  });
});

test.each([
  [[], [[0, 10]]],
  [[[0, 10]], []],
  [[[-1, 11]], []],
  [
    [[2, 3]],
    [
      [0, 2],
      [3, 10],
    ],
  ],
  [
    [
      [0, 4],
      [3, 6],
    ],
    [[6, 10]],
  ],
  [[[12, 14]], [[0, 10]]],
] as [number[][], number[][]][])('ten hours minus %j', (others, left) => {
  const range = ([from = 0, to = 0]: number[]): Stretch => ({ from: at(from), to: at(to) });
  expect(without(range([0, 10]), others.map(range))).toEqual(left.map(range));
});

describe('coverage that adjoins', () => {
  const API = { source: 'api' } as const;

  test('is joined where it overlaps or touches, whatever the order of the records', () => {
    const pieces = [
      { ...API, from: at(4), to: at(6) },
      { ...API, from: at(0), to: at(2) },
      { ...API, from: at(2), to: at(3) },
      { ...API, from: at(5), to: at(8) },
      { ...API, from: at(6), to: at(7) },
    ];
    expect(joinCoverage(pieces)).toEqual([
      { ...API, from: at(0), to: at(3) },
      { ...API, from: at(4), to: at(8) },
    ]);
  });

  test('is left out where a range of more wikis contains it, and only there', () => {
    const whole = { ...API, from: at(0), to: at(8), wikis: ['dewiki', 'enwiki'] };
    const kept = [
      whole,
      { ...API, from: at(1), to: at(2), wikis: ['enwiki', 'frwiki'] },
      { source: 'dump' as const, from: at(2), to: at(3), wikis: ['enwiki'] },
      { ...API, from: at(3), to: at(4) },
      { ...API, from: at(7), to: at(9), wikis: ['enwiki'] },
    ];
    const within = { ...API, from: at(5), to: at(8), wikis: ['enwiki'] };
    expect(joinCoverage([...kept, { ...within, wikis: ['dewiki'] }])).toEqual(kept);
    expect(joinCoverage([within, { ...API, from: at(0), to: at(8) }])).toEqual([
      { ...API, from: at(0), to: at(8) },
    ]);
  });

  test('is not joined with that of another source or other wikis', () => {
    const [some, others] = [['enwiki', 'dewiki'], ['enwiki']];
    const pieces = [
      { ...API, from: at(0), to: at(2) },
      { source: 'dump' as const, from: at(1), to: at(3) },
      { ...API, from: at(2), to: at(4), wikis: some },
      { ...API, from: at(4), to: at(5), wikis: others },
    ];
    expect(joinCoverage(pieces)).toEqual(pieces);
    expect(
      joinCoverage([...pieces, { ...API, from: at(4), to: at(6), wikis: ['dewiki', 'enwiki'] }]),
    ).toContainEqual({
      ...API,
      from: at(2),
      to: at(6),
      wikis: some,
    });
  });
});
