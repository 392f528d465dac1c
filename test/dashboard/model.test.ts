/** ⑧ The model of one response: figures, chart and table are of the same minutes and add up. */
import { describe, expect, test } from 'vitest';
import { isoSeconds } from '../../src/core/time.ts';
import type { Gaps } from '../../src/dashboard/api-client.ts';
import type { MinuteRow } from '../../src/dashboard/load-minutes.ts';
import type { Knowledge, Standing } from '../../src/dashboard/knowledge.ts';
import { buildModel, readingAt, readingOf, restingIndex } from '../../src/dashboard/model.ts';
import type { ModelInput } from '../../src/dashboard/model.ts';
import { COUNTING, FULL, GAP, NEVER, PROVISIONAL, knownFrom } from './known.ts';

const T = Date.UTC(2026, 10, 20, 10, 0) / 1000;

/** Two human edits and one of a bot in each minute from `first` to `last`, counted from T. */
function steady(first: number, last: number): MinuteRow[] {
  return Array.from({ length: last - first + 1 }, (_, at) => ({
    ts: isoSeconds(T + (first + at) * 60),
    total: 3,
    human: 2,
    bot: 1,
  }));
}

function gap(cause: Gaps[number]['cause'], from: number, to: number): Gaps[number] {
  const at = (minute: number): string => new Date((T + minute * 60) * 1000).toISOString();
  return {
    id: `${from}`,
    cause,
    from: at(from),
    to: at(to),
    backfill: { from: at(from), to: at(to), command: '' },
  };
}

/** Until now: everything is full, and the current minute is counted. */
const ALL_READ = known([-600, FULL], [0, COUNTING]);

function known(...parts: readonly (readonly [number, Standing])[]): Knowledge {
  return knownFrom(T, 1, ...parts);
}

interface Change extends Partial<Omit<ModelInput, 'value'>> {
  readonly rows?: MinuteRow[];
  readonly knowledge?: Knowledge;
}

function model({ rows = steady(-200, 0), knowledge = ALL_READ, ...change }: Change = {}) {
  return buildModel({
    value: { rows, knowledge },
    gaps: [],
    minutes: 180,
    average: 0,
    nowSec: T + 30,
    ...change,
  });
}

const HOUR = { from: T - 3_600, to: T, unknown: 0 };

describe('figures', () => {
  test('are those of the last full minute and the hour that ends with it', () => {
    expect(model().figures).toEqual({
      minute: T - 60,
      inMinute: 3,
      hour: { ...HOUR, total: 180, human: 120, bot: 60 },
    });
  });

  test('are of the last full minute, however many newer ones are provisional', () => {
    const knowledge = known([-600, FULL], [-7, PROVISIONAL], [-2, COUNTING]);
    expect(model({ knowledge }).figures).toMatchObject({ minute: T - 8 * 60, hour: { to: T - 7 * 60 } });
  });

  test('are 0 for a wiki without edits, and add up with what is listed', () => {
    const shown = model({ rows: steady(-100, -20) });
    expect(shown.figures).toMatchObject({ minute: T - 60, inMinute: 0, hour: { total: 3 * 41 } });
    const { from = 0, to = 0 } = shown.figures?.hour ?? {};
    const listed = Array.from({ length: (to - from) / 60 }, (_, at) => readingOf(shown, from + at * 60));
    expect(listed.reduce((sum, reading) => sum + (reading?.total ?? 0), 0)).toBe(3 * 41);
    expect(model({ rows: [] }).figures).toMatchObject({ inMinute: 0, hour: { total: 0, bot: 0 } });
  });

  test('always include an hour with the range that the page requests', () => {
    for (const minutes of [1, 5, 60, 180]) {
      const shown = model({ minutes });
      expect(shown.figures?.hour).toMatchObject({ total: 180, unknown: 0 });
    }
  });

  test('say how many minutes of the hour are unknown', () => {
    const knowledge = known([-600, FULL], [-30, NEVER], [-10, FULL], [0, COUNTING]);
    const rows = [...steady(-200, -31), ...steady(-10, 0)];
    expect(model({ rows, knowledge }).figures?.hour).toMatchObject({ total: 120, bot: 40, unknown: 20 });
  });

  test('are undefined, not 0, while no minute is full', () => {
    expect(
      model({ knowledge: known([-600, NEVER], [-5, PROVISIONAL], [0, COUNTING]) }).figures,
    ).toBeUndefined();
    expect(model({ knowledge: { kind: 'unavailable', message: 'x' } }).figures).toBeUndefined();
  });
});

describe('the chart', () => {
  test('has every minute of the range, whatever is known of it', () => {
    for (const minutes of [10, 180]) {
      const shown = model({ minutes, rows: [], knowledge: known([-5, FULL], [0, COUNTING]) });
      expect(shown.data.x).toHaveLength(minutes);
      expect(shown.span).toEqual({ from: T - (minutes - 1) * 60, to: T + 60 });
    }
  });

  test('runs on at 0 to the last counted minute of a quiet wiki', () => {
    const shown = model({
      minutes: 10,
      rows: steady(-100, -50),
      knowledge: known([-600, FULL], [-1, COUNTING]),
    });
    expect(shown.data.total).toEqual([0, 0, 0, 0, 0, 0, 0, 0, null, null]);
    expect(shown.edits).toBe(0);
    expect(shown.countedTo).toBe(T - 60);
  });

  test('marks where nobody looked, and where counts are awaited', () => {
    const knowledge = known([-600, NEVER], [-20, FULL], [-3, COUNTING]);
    expect(model({ rows: steady(-20, -3), knowledge, minutes: 60 }).unread).toEqual([
      { kind: 'unread', why: ['never'], from: T - 59 * 60, to: T - 20 * 60 },
      { kind: 'awaited', why: [], from: T - 2 * 60, to: T + 60 },
    ]);
  });

  test('has the gaps that overlap the range, uncut', () => {
    const gaps = [gap('retention', -170, -160), gap('retention', -90, -50), gap('offsets', -3, -2.99)];
    // The hint how to fill them is about these, too.
    expect(model({ gaps, minutes: 60 }).gaps).toEqual(gaps.slice(1));
    expect(model({ gaps, minutes: 60 }).bands).toEqual([
      { kind: 'no-data', causes: ['retention'], from: T - 90 * 60, to: T - 50 * 60 },
      { kind: 'incomplete', causes: ['offsets'], from: T - 180, to: T - 120 },
    ]);
  });
});

describe('with a gap', () => {
  const outage = gap('retention', -30, -10);
  const rows = [...steady(-200, -31), ...steady(-10, 0)];
  const knowledge = known([-600, FULL], [-30, GAP], [-10, FULL], [0, COUNTING]);

  test('its minutes read as no data with the cause, their neighbours as counted', () => {
    const shown = model({ rows, knowledge, gaps: [outage], average: 3 });
    const read = (minute: number) => readingAt(shown, shown.data.x.indexOf(T + minute * 60));
    for (const minute of [-28, -20, -11]) {
      expect(read(minute)).toMatchObject({
        total: undefined,
        human: undefined,
        bot: undefined,
        average: undefined,
        gap: { kind: 'no-data', causes: ['retention'] },
      });
    }
    expect(read(-31)).toMatchObject({ total: 3, average: 3, gap: undefined });
    expect(read(-10)).toMatchObject({ total: 3, average: undefined, gap: undefined });
    expect(read(-8)).toMatchObject({ total: 3, average: 3 });
  });

  test('a counted minute in a gap reads as incomplete', () => {
    const gaps = [gap('offsets', -5, -4.9), gap('retention', -30.5, -10)];
    const parts = known([-600, FULL], [-31, GAP], [-10, FULL], [-5, GAP], [-4, FULL], [0, COUNTING]);
    const shown = model({ rows: steady(-200, 0), knowledge: parts, gaps, average: 3 });
    const read = (minute: number) => readingAt(shown, shown.data.x.indexOf(T + minute * 60));
    expect(read(-5)).toMatchObject({
      total: 3,
      average: 3,
      gap: { kind: 'incomplete', causes: ['offsets'] },
    });
    expect(read(-28)).toMatchObject({ total: 3, average: undefined, gap: { kind: 'incomplete' } });
  });
});

describe('reading', () => {
  test('rests on the last full minute', () => {
    const shown = model({ average: 3 });
    expect(readingAt(shown, restingIndex(shown))).toEqual({
      minute: T - 60,
      stepSec: 60,
      known: 1,
      total: 3,
      human: 2,
      bot: 1,
      standing: 'full',
      why: undefined,
      gap: undefined,
      average: 3,
      isLastFull: true,
    });
  });

  test('of a minute that is being counted has no average', () => {
    const shown = model({ average: 3 });
    expect(readingAt(shown, shown.data.x.length - 1)).toMatchObject({
      minute: T,
      total: 3,
      average: undefined,
      standing: 'counting',
      isLastFull: false,
    });
  });

  test('rests on the newest count when no minute shown is full, and at the end without any', () => {
    const knowledge = known([-600, NEVER], [-1, COUNTING]);
    const rest = (rows: MinuteRow[]): number | undefined => {
      const shown = model({ rows, knowledge });
      return readingAt(shown, restingIndex(shown))?.minute;
    };
    expect(rest(steady(-9, -4))).toBe(T - 4 * 60);
    expect(rest([])).toBe(T);
    expect(readingAt(model(), -1)).toBeUndefined();
  });
});

test('data ends with the newest minute that was counted, or has a count', () => {
  expect(model({ rows: [] }).countedTo).toBe(T);
  expect(model({ knowledge: known([-600, FULL], [-45, COUNTING]), rows: steady(-200, -44) }).countedTo).toBe(
    T - 43 * 60,
  );
  expect(model({ rows: steady(0, 5) }).countedTo).toBe(T + 60);
  expect(model({ rows: [], knowledge: known([-600, NEVER]) }).countedTo).toBeUndefined();
});
