import { expect, test } from 'vitest';
import { withoutSpans } from '../../../src/core/coverage/spans.ts';

const spans = (...edges: readonly (readonly [number, number])[]) =>
  edges.map(([fromMs, toMs]) => ({ fromMs, toMs }));

test.each([
  ['nothing', [], [[0, 10]]],
  ['what lies outside', [[10, 20]], [[0, 10]]],
  [
    'the middle',
    [[3, 5]],
    [
      [0, 3],
      [5, 10],
    ],
  ],
  [
    'both ends',
    [
      [-5, 2],
      [8, 12],
    ],
    [[2, 8]],
  ],
  [
    'several',
    [
      [1, 2],
      [4, 6],
    ],
    [
      [0, 1],
      [2, 4],
      [6, 10],
    ],
  ],
  ['all', [[0, 10]], []],
  ['more than all', [[-1, 11]], []],
] as const)('a span without %s', (_, removed, rest) => {
  expect(withoutSpans(spans([0, 10]), spans(...removed))).toEqual(spans(...rest));
});

test('a hole that reaches over two spans', () => {
  expect(withoutSpans(spans([0, 10], [20, 30]), spans([5, 25]))).toEqual(spans([0, 5], [25, 30]));
});
