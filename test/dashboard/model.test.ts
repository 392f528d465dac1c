/** ⑧ What one answer becomes: figures, readings, and which minute is whole. */
import { describe, expect, test } from 'vitest';
import type { Edits } from '../../src/api/schemas/edits.ts';
import { isoSeconds } from '../../src/core/time.ts';
import { minutesToAsk } from '../../src/dashboard/api-client.ts';
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

function model(change: Partial<ModelInput>) {
  return buildModel({
    rows: steady(-100, 0),
    askedMinutes: 195,
    minutes: 180,
    average: 0,
    lastMinute: undefined,
    nowSec: T + 30,
    ...change,
  });
}

describe('figures', () => {
  test('are those of the last whole minute and the hour that it ends', () => {
    expect(model({}).figures).toEqual({ minute: T - 60, inMinute: 3, hour: { total: 180, bot: 60 } });
  });

  test('are 0 for a wiki that rested while others went on', () => {
    const { figures } = model({ rows: steady(-100, -20), lastMinute: isoSeconds(T - 60) });
    expect(figures).toEqual({ minute: T - 120, inMinute: 0, hour: { total: 3 * 42, bot: 42 } });
  });

  test('have no hour when the answer does not reach back that far', () => {
    expect(model({ askedMinutes: 30 }).figures.hour).toBeUndefined();
  });

  test('always reach back an hour with what the page asks for', () => {
    for (const minutes of [1, 5, 60, 180]) {
      expect(model({ minutes, askedMinutes: minutesToAsk(minutes) }).figures.hour).toEqual({
        total: 180,
        bot: 60,
      });
    }
  });

  test('stand without any row', () => {
    expect(model({ rows: [] }).figures).toMatchObject({ inMinute: 0, hour: { total: 0, bot: 0 } });
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

  test('knows a minute that still grows', () => {
    const shown = model({ average: 3 });
    expect(readingAt(shown, shown.data.x.length - 1)).toMatchObject({
      minute: T,
      total: 3,
      average: undefined,
      open: true,
      lastWhole: false,
    });
  });

  test('rests on the growing minute when there is no other, and nowhere without rows', () => {
    expect(restingIndex(model({ rows: steady(0, 0) }))).toBe(0);
    expect(restingIndex(model({ rows: [] }))).toBe(-1);
    expect(readingAt(model({}), -1)).toBeUndefined();
  });

  test('rests on the last row of a wiki that rests', () => {
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
