/** ⑧ The model of one response: figures, readings, and which minute is whole. */
import { describe, expect, test } from 'vitest';
import { isoSeconds } from '../../src/core/time.ts';
import { minutesToAsk } from '../../src/dashboard/api-client.ts';
import type { Edits, Gaps } from '../../src/dashboard/api-client.ts';
import { buildModel, readingAt, restingIndex } from '../../src/dashboard/model.ts';
import type { ModelInput } from '../../src/dashboard/model.ts';

const T = Date.UTC(2026, 10, 20, 10, 0) / 1000;

/** Two human edits and one of a bot in each minute from `first` to `last`, counted from T. */
function steady(first: number, last: number): Edits {
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

function model(change: Partial<ModelInput>) {
  return buildModel({
    rows: steady(-100, 0),
    gaps: [],
    askedMinutes: 195,
    minutes: 180,
    average: 0,
    lastMinute: undefined,
    nowSec: T + 30,
    ...change,
  });
}

describe('figures', () => {
  test('are those of the last whole minute and the hour that ends with it', () => {
    expect(model({}).figures).toEqual({
      minute: T - 60,
      inMinute: 3,
      hour: { total: 180, bot: 60, unknown: 0 },
    });
  });

  test('are 0 for a wiki without edits while others have some', () => {
    const { figures } = model({ rows: steady(-100, -20), lastMinute: isoSeconds(T - 60) });
    expect(figures).toEqual({ minute: T - 120, inMinute: 0, hour: { total: 3 * 42, bot: 42, unknown: 0 } });
  });

  test('have no hour when the data does not reach back an hour', () => {
    expect(model({ askedMinutes: 30 }).figures.hour).toBeUndefined();
  });

  test('always include an hour with the range that the page requests', () => {
    for (const minutes of [1, 5, 60, 180]) {
      expect(model({ minutes, askedMinutes: minutesToAsk(minutes) }).figures.hour).toEqual({
        total: 180,
        bot: 60,
        unknown: 0,
      });
    }
  });

  test('are 0 without any rows', () => {
    expect(model({ rows: [] }).figures).toMatchObject({ inMinute: 0, hour: { total: 0, bot: 0 } });
  });
});

describe('with a gap', () => {
  const outage = gap('retention', -30, -10);
  const withOutage = [...steady(-100, -31), ...steady(-10, 0)];

  test('figures use the minutes with data', () => {
    const { figures } = model({ rows: withOutage, gaps: [outage] });
    expect(figures).toEqual({ minute: T - 60, inMinute: 3, hour: { total: 120, bot: 40, unknown: 20 } });
  });

  test('figures are undefined, not 0, without data', () => {
    const rows = [...steady(-100, -80), ...steady(0, 0)];
    const { figures } = model({ rows, gaps: [gap('log_lost', -79, 0)] });
    expect(figures).toEqual({ minute: T - 60, inMinute: undefined, hour: undefined });
    const unknownWiki = model({ rows: [], gaps: [gap('log_lost', -200, 0)], lastMinute: isoSeconds(T) });
    expect(unknownWiki.figures).toEqual(figures);
  });

  test('its minutes read as no data with the cause, their neighbours as counted', () => {
    const shown = model({ rows: withOutage, gaps: [outage], average: 3 });
    const read = (minute: number) => readingAt(shown, shown.data.x.indexOf(T + minute * 60));
    for (const minute of [-30, -20, -11]) {
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
    const shown = model({ gaps: [gap('offsets', -5, -4.9), gap('retention', -30.5, -10)], average: 3 });
    const read = (minute: number) => readingAt(shown, shown.data.x.indexOf(T + minute * 60));
    expect(read(-5)).toMatchObject({
      total: 3,
      average: 3,
      gap: { kind: 'incomplete', causes: ['offsets'] },
    });
    expect(read(-31)).toMatchObject({ total: 3, average: undefined, gap: { kind: 'incomplete' } });
  });

  test('the chart gets the gaps that overlap the range, uncut', () => {
    const gaps = [gap('retention', -170, -160), gap('retention', -90, -50), gap('offsets', -3, -2.99)];
    expect(model({ gaps, minutes: 60 }).bands).toEqual([
      { kind: 'no-data', causes: ['retention'], from: T - 90 * 60, to: T - 50 * 60 },
      { kind: 'incomplete', causes: ['offsets'], from: T - 180, to: T - 120 },
    ]);
  });

  test('the axis includes a gap before the first row', () => {
    const rows = steady(-20, 0);
    expect(model({ rows }).span.from).toBe(T - 20 * 60);
    const shown = model({ rows, gaps: [gap('retention', -5_000, -20)] });
    expect(shown.span.from).toBe(T - 179 * 60);
    expect(shown.data.x[0]).toBe(T - 179 * 60);
  });

  test('the resting position is a minute with a count', () => {
    const rows = steady(-100, -60);
    const shown = model({ rows, gaps: [outage], lastMinute: isoSeconds(T) });
    expect(readingAt(shown, restingIndex(shown))).toMatchObject({ minute: T - 31 * 60, total: 0 });
  });

  test('a wiki without edits has no chart', () => {
    expect(model({ rows: [], gaps: [outage] }).hasEdits).toBe(false);
    expect(model({ rows: steady(-190, -185), gaps: [outage] }).hasEdits).toBe(false);
    expect(model({ rows: withOutage, gaps: [outage] }).hasEdits).toBe(true);
  });

  test('the end of a gap is not the newest minute of gold', () => {
    expect(model({ rows: steady(-100, -31), gaps: [outage] }).newest).toBe(T - 31 * 60);
  });
});

describe('reading', () => {
  test('rests on the last whole minute', () => {
    const shown = model({ average: 3 });
    expect(readingAt(shown, restingIndex(shown))).toEqual({
      minute: T - 60,
      total: 3,
      human: 2,
      bot: 1,
      average: 3,
      open: false,
      lastWhole: true,
    });
  });

  test('marks a minute that may still grow', () => {
    const shown = model({ average: 3 });
    expect(readingAt(shown, shown.data.x.length - 1)).toMatchObject({
      minute: T,
      total: 3,
      average: undefined,
      open: true,
      lastWhole: false,
    });
  });

  test('rests on the growing minute if it is the only one, and nowhere without rows', () => {
    expect(restingIndex(model({ rows: steady(0, 0) }))).toBe(0);
    expect(restingIndex(model({ rows: [] }))).toBe(-1);
    expect(readingAt(model({}), -1)).toBeUndefined();
  });

  test('rests on the last row when newer minutes have none', () => {
    const shown = model({ rows: steady(-100, -20), lastMinute: isoSeconds(T) });
    expect(readingAt(shown, restingIndex(shown))).toMatchObject({
      minute: T - 20 * 60,
      open: false,
      lastWhole: false,
    });
  });
});

test('newest is the newest minute of gold, of any wiki, and never in the future', () => {
  expect(model({}).newest).toBe(T);
  expect(model({ rows: steady(-9, -5), lastMinute: isoSeconds(T - 60) }).newest).toBe(T - 60);
  expect(model({ rows: steady(-9, 5), lastMinute: isoSeconds(T + 600) }).newest).toBe(T);
  expect(model({ rows: [] }).newest).toBeUndefined();
});
