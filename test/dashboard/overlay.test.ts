/** ⑧ Lines over the chart: of other wikis, indexed, and of a week ago. */
import { describe, expect, test } from 'vitest';
import { isoSeconds } from '../../src/core/time.ts';
import type { SeriesAnswer } from '../../src/dashboard/api-client.ts';
import { buildModel } from '../../src/dashboard/model.ts';
import type { Model } from '../../src/dashboard/model.ts';
import { indexed, ratesOf, weekAgo } from '../../src/dashboard/overlay.ts';
import { overlayTexts } from '../../src/dashboard/overlay-text.ts';
import { COUNTING, FULL, NEVER, knownFrom } from './known.ts';

const T = Date.UTC(2026, 10, 20, 10, 0) / 1000;
const WEEK = 7 * 86_400;

/** Ten edits in each minute, of which those from 8 to 6 minutes before T were not read. */
function model(): Model {
  const minutes = Array.from({ length: 31 }, (_, back) => back).filter(back => back < 6 || back > 8);
  return buildModel({
    value: {
      rows: minutes.map(back => ({ ts: isoSeconds(T - back * 60), total: 10, human: 7, bot: 3 })),
      knowledge: knownFrom(T, 1, [-600, FULL], [-8, NEVER], [-5, FULL], [0, COUNTING]),
    },
    gaps: [],
    minutes: 10,
    average: 0,
    nowSec: T + 30,
  });
}

describe('a compared wiki', () => {
  test('is a line of its counted minutes at those of the chart, without the one that is being counted', () => {
    const x = Array.from({ length: 12 }, (_, at) => T + (at - 10) * 60);
    const rates = [10, 10, null, null, null, 10, 10, 10, 10, 10, null, null];
    expect(ratesOf(model(), x)).toEqual(rates);
  });

  test('has an average of 100 when it is indexed, whatever its size', () => {
    expect(indexed([1, null, 3])).toEqual([50, null, 150]);
    expect(indexed([1_000, null, 3_000])).toEqual([50, null, 150]);
    expect(indexed([null, 0, 0])).toEqual([null, 0, 0]);
    expect(indexed([])).toEqual([]);
  });

  test('is said after the wiki of the page', () => {
    const line = { isUnknown: false, values: [] };
    const lines = [
      { ...line, wiki: 'enwiki', name: 'English Wikipedia', model: model() },
      { ...line, wiki: 'dewiki', name: 'German Wikipedia', model: model() },
      { ...line, wiki: 'frwiki', name: 'French Wikipedia', model: undefined },
    ];
    expect(overlayTexts({ kind: 'compare', lines }, T - 120)).toEqual([
      '10 on German Wikipedia',
      '– on French Wikipedia',
    ]);
  });
});

describe('a week ago', () => {
  const answer: SeriesAnswer = {
    from: isoSeconds(T - WEEK),
    to: isoSeconds(T - WEEK + 900),
    stepSec: 300,
    completeThrough: null,
    version: '',
    wikis: [
      {
        wiki: 'enwiki',
        human: [40, null, 8],
        bot: [10, null, 2],
        bytes: [0, null, 0],
        min: [1, null, 1],
        max: [9, null, 9],
        known: [5, 0, 2],
        state: 'fuf',
      },
    ],
  };

  test('is edits a minute of the known minutes, moved by a week', () => {
    const ghost = weekAgo(answer, [T - 300, T, T + 300, T + 600]);
    expect(ghost.values).toEqual([null, 10, null, 5]);
    expect(overlayTexts(ghost, T)).toEqual(['50 a week ago']);
    expect(overlayTexts(ghost, T + 300)).toEqual(['– a week ago']);
  });
});
