/** ⑧ What is usual: people and bots together, minute by minute, and how counts compare with it in words. */
import { describe, expect, test } from 'vitest';
import { isoSeconds } from '../../src/core/time.ts';
import type { Expectation } from '../../src/dashboard/api-client.ts';
import { buildModel, readingAt } from '../../src/dashboard/model.ts';
import { sentenceOf } from '../../src/dashboard/sentence.ts';
import {
  comparisonOf,
  hasNoHistory,
  usualAt,
  usualBetween,
  usualColumns,
  usualOf,
} from '../../src/dashboard/usual.ts';
import { comparisonText, differenceText } from '../../src/dashboard/usual-text.ts';
import { COUNTING, FULL, GAP, knownFrom } from './known.ts';

/** A Friday. */
const T = Date.UTC(2026, 10, 20, 10, 30) / 1000;

type Numbers = readonly (number | null)[];

function band(mean: Numbers, below: number, above: number) {
  const moved = (by: number): Numbers => mean.map(value => (value === null ? null : value + by));
  return { mean, low: moved(-below), high: moved(above), dispersion: 2 };
}

/** From 90 minutes before T on, by minutes unless another step is given. */
function expectation(human: Numbers, bot: Numbers = human.map(() => 0), stepSec = 60): Expectation {
  const from = T - 5_400;
  return {
    from: isoSeconds(from),
    to: isoSeconds(from + human.length * stepSec),
    stepSec,
    wikis: [{ wiki: 'enwiki', human: band(human, 3, 6), bot: band(bot, 4, 8) }],
  };
}

const minutes = (count: number, value: number | null): Numbers => Array.from({ length: count }, () => value);

describe('what is usual', () => {
  test('is the sum of people and bots, whose widths add up as independent ones do', () => {
    expect(usualAt(usualOf(expectation([30], [10])) ?? never(), T - 5_400)).toEqual({
      mean: 40,
      low: 35,
      high: 50,
    });
  });

  test('is edits a minute, also of longer buckets', () => {
    const usual = usualOf(expectation([300], [0], 300)) ?? never();
    expect(usualAt(usual, T - 5_400)).toEqual({ mean: 60, low: 59, high: 62 });
    expect(usualAt(usual, T - 5_400 + 299)).toEqual({ mean: 60, low: 59, high: 62 });
  });

  test('is unknown where either is, before the answer, and in an hour after it', () => {
    const usual = usualOf(expectation([null, 5, 5], [5, null, 5])) ?? never();
    const start = T - 5_400;
    expect(usualAt(usual, start)).toBeUndefined();
    expect(usualAt(usual, start + 60)).toBeUndefined();
    expect(usualAt(usual, start + 120)).toBeDefined();
    expect(usualAt(usual, start - 60)).toBeUndefined();
    expect(hasNoHistory(usual)).toBe(false);
    expect(hasNoHistory(usualOf(expectation([null, null], [null, null])))).toBe(true);
    expect(hasNoHistory(undefined)).toBe(false);
  });

  test('is the same for minutes that begin after the answer, until the hour is over', () => {
    // The answer ends at 10:30.
    const usual = usualOf(expectation(minutes(90, 8))) ?? never();
    expect(usualAt(usual, T + 29 * 60)?.mean).toBe(8);
    expect(usualAt(usual, T + 30 * 60)).toBeUndefined();
  });

  test('has a column as long as the times of the chart, with nothing where nothing is known', () => {
    const usual = usualOf(expectation([20, null]));
    expect(usualColumns(usual, [T - 5_460, T - 5_400, T - 5_340])).toEqual({
      low: [null, 15, null],
      high: [null, 30, null],
    });
  });

  test('of a span is known only if it is known of each minute, and of each hour', () => {
    const usual = usualOf(expectation([...minutes(40, 2), ...minutes(50, 3)]));
    expect(usualBetween(usual, T - 5_400, T - 1_800)).toBe(40 * 2 + 20 * 3);
    expect(usualBetween(usual, T - 5_460, T - 1_800)).toBeUndefined();
    expect(usualBetween(usualOf(expectation([1_440], [0], 86_400)), T, T + 60)).toBeUndefined();
  });
});

describe('a comparison', () => {
  const model = buildModel({
    value: {
      rows: Array.from({ length: 121 }, (_, at) => ({
        ts: isoSeconds(T - at * 60),
        total: 12,
        human: 9,
        bot: 3,
      })),
      knowledge: knownFrom(T, 1, [-600, FULL], [-30, GAP], [-29, FULL], [0, COUNTING]),
    },
    gaps: [],
    minutes: 60,
    average: 0,
    nowSec: T + 30,
  });
  const usual = usualOf(expectation(minutes(92, 10)));
  const at = (back: number) => readingAt(model, model.data.x.indexOf(T - back * 60));

  test('is of counted minutes only', () => {
    expect(comparisonOf(at(10) ?? never(), usual)).toEqual({ edits: 12, usual: 10 });
    expect(comparisonOf(at(30) ?? never(), usual)).toBeUndefined();
    expect(comparisonOf(at(0) ?? never(), usual)).toBeUndefined();
    expect(comparisonOf(at(10) ?? never(), undefined)).toBeUndefined();
  });

  test.each([
    [108, 100, '8% above usual', '+8%'],
    [88, 100, '12% below usual', '−12%'],
    [1_004, 1_000, 'as usual', '±0%'],
    [320, 100, '3.2 times the usual', '×3.2'],
    [0, 0, 'as usual', '±0%'],
    [5, 0, 'more than usual', '+'],
    [0, 12, '100% below usual', '−100%'],
  ])('of %d edits where %d are usual is said as “%s”', (edits, expected, text, short) => {
    expect(comparisonText({ edits, usual: expected })).toBe(text);
    expect(differenceText({ edits, usual: expected })).toBe(short);
  });

  const zone = 'utc';
  const noHistory = usualOf(expectation(minutes(92, null)));

  test('is a part of the sentence, for the hour of the week that the last hour belongs to', () => {
    const known = { usual, saysHour: true };
    expect(sentenceOf(model, { minutes: 60, end: undefined, zone }, known)).toBe(
      '12.0 edits a minute over the last hour, 720 in all; 20% above usual for a Friday at 10:00 UTC; 25% by bots.',
    );
    expect(sentenceOf(model, { minutes: 180, end: undefined, zone }, known)).toContain(
      'the last hour 20% above usual for a Friday at 10:00 UTC;',
    );
  });

  test('is left out of the sentence without history, and while it is not known', () => {
    for (const unknown of [noHistory, undefined]) {
      const text = sentenceOf(
        model,
        { minutes: 60, end: undefined, zone },
        { usual: unknown, saysHour: true },
      );
      expect(text).toBe('12.0 edits a minute over the last hour, 720 in all; 25% by bots.');
    }
  });

  test('names no hour of the week where edits were compared with the hours before, or there is no room', () => {
    const known = { usual, saysHour: false };
    expect(sentenceOf(model, { minutes: 60, end: undefined, zone }, known)).toContain('; 20% above usual; ');
  });

  test('is of the whole of a frozen range', () => {
    const frozen = buildModel({
      value: {
        rows: Array.from({ length: 20 }, (_, back) => ({
          ts: isoSeconds(T - 1_860 - back * 60),
          total: 25,
          human: 25,
          bot: 0,
        })),
        knowledge: knownFrom(T, 1, [-600, FULL]),
      },
      gaps: [],
      minutes: 20,
      end: T - 1_800,
      average: 0,
      nowSec: T + 30,
    });
    const text = sentenceOf(frozen, { minutes: 20, end: T - 1_800, zone }, { usual, saysHour: true });
    expect(text).toContain(', 500 in all; 2.5 times the usual; 0% by bots');
  });
});

function never(): never {
  throw new Error('missing');
}
