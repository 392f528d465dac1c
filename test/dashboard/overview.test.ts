/** ⑧ The overview, the strip under the axis and the sentence: what they say of the range that is shown. */
import { describe, expect, test } from 'vitest';
import { coverageRuns } from '../../src/dashboard/coverage-runs.ts';
import { sentenceOf } from '../../src/dashboard/sentence.ts';
import { buildModel } from '../../src/dashboard/model.ts';
import { movedRange, overviewOf, overviewPath, selectedRange } from '../../src/dashboard/overview.ts';
import { COUNTING, FULL, NEVER, knownFrom } from './known.ts';

const NOW = Date.UTC(2026, 10, 20, 12) / 1000;

describe('the overview', () => {
  const range = (minutes: number) => ({ wiki: 'enwiki', minutes, within: minutes + 15, step: '1m' as const });

  test('is a day, a week or sixty days, and several times as long as the range', () => {
    const length = (minutes: number): number | undefined => overviewOf(range(minutes), 1_440)?.asked.minutes;
    expect([60, 180, 1_440, 10_080, 86_400].map(length)).toEqual([1_440, 1_440, 10_080, 86_400, 86_400]);
    expect(length(100_000)).toBeUndefined();
  });

  test('reaches back to a frozen range, or is not there', () => {
    expect(overviewOf({ ...range(60), end: NOW, within: 5_000 }, 1_440)?.asked.minutes).toBe(10_080);
    expect(overviewOf({ ...range(60), end: NOW, within: 90_000 }, 1_440)).toBeUndefined();
  });

  test('draws averages, and nothing where nothing is known', () => {
    const columns = { wiki: 'enwiki', bytes: [], min: [], max: [], state: '' };
    const answer = {
      from: '',
      to: '',
      stepSec: 300,
      completeThrough: null,
      version: '',
      wikis: [{ ...columns, human: [10, null, 20], bot: [0, null, 5], known: [5, 0, 5] }],
    };
    expect(overviewPath(answer)).toEqual({ path: 'M0 5L0 3H1L1 5H2L2 0H3V5Z', most: 5 });
    expect(overviewPath({ ...answer, wikis: [] })).toBeUndefined();
  });
});

describe('a selection', () => {
  const whole = { from: NOW - 86_400, to: NOW };

  test('is the range between its ends, in whole minutes, from either side', () => {
    expect(selectedRange([0.25, 0.5], whole, 180)).toEqual({ minutes: 360, end: NOW - 43_200 });
    expect(selectedRange([0.5, 0.25], whole, 180)).toEqual({ minutes: 360, end: NOW - 43_200 });
  });

  test('of no length moves the range that is shown there', () => {
    expect(selectedRange([0.5, 0.5], whole, 180)).toEqual({ minutes: 180, end: NOW - 43_200 + 5_400 });
  });

  test('that reaches now is live', () => {
    expect(selectedRange([0.75, 1.2], whole, 180)).toEqual({ minutes: 360, end: undefined });
  });
});

test('earlier and later move by half of a range, and later ends in a live one', () => {
  const earlier = movedRange({ minutes: 180, end: undefined }, NOW, -1);
  expect(earlier).toEqual({ end: NOW - 5_400 });
  expect(movedRange({ minutes: 180, ...earlier }, NOW, 1)).toEqual({ end: undefined });
});

describe('of a range that nobody read for an hour', () => {
  const T = NOW - 180 * 60;
  const rows = Array.from({ length: 200 }, (_, at) => ({
    ts: new Date((NOW - 199 * 60 + at * 60) * 1000).toISOString().replace('.000', ''),
    total: 4,
    human: 3,
    bot: 1,
  })).filter(({ ts }) => Date.parse(ts) / 1000 < T + 3_600 || Date.parse(ts) / 1000 >= T + 7_200);
  const model = buildModel({
    value: { rows, knowledge: knownFrom(T, 181, [-30, FULL], [60, NEVER], [120, FULL], [180, COUNTING]) },
    gaps: [],
    minutes: 180,
    average: 0,
    nowSec: NOW + 20,
  });

  test('the strip has a run for each state, which adjoin from end to end', () => {
    const runs = coverageRuns(model);
    expect(runs.map(({ kind }) => kind)).toEqual(['full', 'unread', 'full', 'counting']);
    expect(runs[0]?.from).toBe(model.span.from);
    expect(runs.at(-1)?.to).toBe(model.span.to);
    for (const [at, { from }] of runs.entries()) expect(from).toBe(runs[at - 1]?.to ?? from);
  });

  test('the sentence counts what is known, and says how much is not', () => {
    expect(
      sentenceOf(model, { minutes: 180, end: undefined, zone: 'utc' }, { usual: undefined, saysHour: true }),
    ).toBe('4.0 edits a minute over the last 3 hours, 480 in all; 25% by bots; 1 h without data.');
  });
});
