/** ⑧ A long range in buckets, from the real API with a gold in memory: what the chart shows is what `/series` answers. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import type { Step } from '../../src/core/steps.ts';
import { loadSeries } from '../../src/dashboard/api-client.ts';
import type { Standing } from '../../src/dashboard/knowledge.ts';
import { foldMinutes } from '../../src/dashboard/fold.ts';
import { loadBuckets } from '../../src/dashboard/load-buckets.ts';
import { loadKnowledge } from '../../src/dashboard/load-knowledge.ts';
import { createMinutesLoader, rowsOf } from '../../src/dashboard/load-minutes.ts';
import { buildModel, readingAt } from '../../src/dashboard/model.ts';
import { rangeAsked, rangeOf, stepFor } from '../../src/dashboard/range.ts';
import { minuteSeries } from '../../src/dashboard/series.ts';
import { MemoryGold } from '../api/memory-gold.ts';
import { answeredBy } from './answered-by.ts';
import { COUNTING, FULL, NEVER, PROVISIONAL, knownFrom } from './known.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 12, 30, 20);
const NOW_MINUTE = Math.floor(NOW_MS / 60_000) * 60;
const signal = new AbortController().signal;

let gold: MemoryGold;
let app: FastifyInstance;
let asked: readonly string[];

beforeEach(async () => {
  gold = new MemoryGold();
  app = await buildApp({ gold, dashboardDir: 'not-built', version: '1', now: () => NOW_MS });
  asked = answeredBy(app);
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await app.close();
});

/** The stream was read between two ages in minutes, the older one first. */
function read(...ranges: readonly (readonly [from: number, to: number])[]): void {
  const at = (back: number): number => (NOW_MINUTE - back * 60) * 1000;
  gold.setReads({ read: ranges.map(([from, to]) => ({ fromMs: at(from), toMs: at(to) })), pending: [] });
}

/** Counts that tell minutes apart; every seventh minute has none. */
function fill(from: number, to: number): void {
  for (let back = from; back >= to; back -= 1) {
    if (back % 7 !== 0) gold.put('enwiki', NOW_MINUTE - back * 60, 10 + (back % 11), back % 5);
  }
}

async function modelOf(minutes: number, widthPx: number, end?: number) {
  const loader = createMinutesLoader({
    loadBuckets,
    loadRows: async (question, stop) => rowsOf(await loadSeries(question, '1m', stop)),
    loadKnowledge,
    keepMs: () => 0,
    nowMs: () => NOW_MS,
  });
  const query = rangeOf('enwiki', { minutes, end }, widthPx, NOW_MS);
  const value = await loader(query, signal);
  const model = buildModel({ value, gaps: [], minutes, end, average: 0, nowSec: NOW_MS / 1000 });
  return { query, value, model };
}

describe('the length of a bucket', () => {
  test.each<[minutes: number, width: number, step: Step]>([
    [60, 390, '1m'],
    [180, 390, '1m'],
    [1_440, 390, '5m'],
    [1_440, 1_440, '1m'],
    [10_080, 1_440, '15m'],
    [10_080, 390, '1h'],
    [43_200, 1_440, '1h'],
    [86_400, 1_440, '1h'],
    [86_400, 390, '1d'],
    [527_040, 1_440, '1d'],
  ])('of %d minutes on %d px is %s', (minutes, width, step) => {
    expect(stepFor(minutes, width)).toBe(step);
  });
});

describe.each([
  ['a day on a phone', 1_440, 390],
  ['a week', 10_080, 1_440],
  ['thirty days', 43_200, 1_440],
  ['sixty days on a phone', 86_400, 390],
])('%s', (_, minutes, widthPx) => {
  test('shows the numbers of `/series`, in every bucket', async () => {
    fill(9_000, 3);
    read([9_000, 500], [300, 3]);
    const { query, model } = await modelOf(minutes, widthPx);
    const answer = await loadSeries(rangeAsked(query), query.step, signal);
    const [columns] = answer.wikis;
    const { series } = model;
    expect(series.stepSec).toBe(answer.stepSec);
    expect(series.first).toBe(Date.parse(answer.from) / 1000);
    expect(series.human).toEqual(columns?.human);
    expect(series.bot).toEqual(columns?.bot);
    expect(series.min).toEqual(columns?.min);
    expect(series.max).toEqual(columns?.max);
    expect(series.known).toEqual(columns?.known);
    const shown = model.data.x.map((_x, index) => readingAt(model, index)?.total ?? 0);
    expect(shown.reduce((sum, edits) => sum + edits, 0)).toBe(model.edits);
  });
});

test('the last buckets are of the same minutes as the figures', async () => {
  fill(12_000, 3);
  read([12_000, 3]);
  const { model } = await modelOf(10_080, 1_440);
  expect(model.figures?.hour?.unknown).toBe(0);
  const folded = foldMinutes(model.newest, model.series.stepSec);
  expect(model.series.total.slice(-folded.total.length)).toEqual(folded.total);
});

test('buckets that nobody read are unread and say why, and are asked about once', async () => {
  fill(9_000, 3);
  read([9_000, 3]);
  gold.setReads(
    { read: [{ fromMs: NOW_MS - 9_000 * 60_000, toMs: NOW_MS - 180_000 }], pending: [] },
    [],
    NOW_MINUTE - 8_000 * 60,
  );
  const { model } = await modelOf(10_080, 1_440);
  expect(model.unread[0]).toMatchObject({ kind: 'unread', why: ['retention'] });
  expect(asked.filter(url => url.includes('/coverage'))).toHaveLength(2);
});

test('after an outage of a day, the figures are of the hour before it', async () => {
  fill(9_000, 1_600);
  read([9_000, 1_600]);
  const { model } = await modelOf(10_080, 1_440);
  expect(model.figures).toMatchObject({ minute: NOW_MINUTE - 1_606 * 60, hour: { unknown: 0 } });
  expect(model.countedTo).toBe(NOW_MINUTE - 1_599 * 60);
});

test('a long range that was read costs three questions', async () => {
  fill(100, 3);
  read([100_000, 3]);
  await modelOf(86_400, 1_440);
  expect(asked.map(url => url.replace(/\?.*/, ''))).toEqual([
    '/api/v1/series',
    '/api/v1/coverage',
    '/api/v1/series',
  ]);
});

test('a frozen range ends where it was asked to end, with the figures of its last hour', async () => {
  fill(9_000, 3);
  read([20_000, 3]);
  const end = NOW_MINUTE - 2_000 * 60;
  const { model } = await modelOf(180, 1_440, end);
  expect(model.span).toEqual({ from: end - 180 * 60, to: end });
  expect(model.data.x.at(-1)).toBe(end - 60);
  expect(model.figures).toMatchObject({ minute: end - 60, hour: { to: end, unknown: 0 } });
  const week = await modelOf(5_000, 1_440, end);
  expect(week.model.span).toEqual({ from: end - 5_000 * 60, to: end });
  expect(week.model.figures).toMatchObject({ minute: end - 60, hour: model.figures?.hour });
});

test('a frozen range that ends in the future has its axis, and nothing after now', async () => {
  fill(100, 0);
  read([20_000, 3]);
  const end = NOW_MINUTE + 3_600;
  const { model } = await modelOf(180, 1_440, end);
  expect(model.span).toEqual({ from: end - 180 * 60, to: end });
  expect(model.data.x.at(-1)).toBe(NOW_MINUTE);
});

test('a wiki that does not exist is known as such, however long the range', async () => {
  const loader = createMinutesLoader({
    loadBuckets,
    loadRows: async () => [],
    loadKnowledge,
    keepMs: () => 0,
    nowMs: () => NOW_MS,
  });
  for (const minutes of [60, 10_080]) {
    const query = rangeOf('nosuchwiki', { minutes, end: undefined }, 1_440, NOW_MS);
    expect((await loader(query, signal)).knowledge).toEqual({ kind: 'no-such-wiki' });
  }
});

describe('minutes as buckets', () => {
  const T = Date.UTC(2026, 10, 20, 10) / 1000;
  const minutes = (...known: readonly (readonly [from: number, standing: Standing])[]) =>
    minuteSeries(
      [{ ts: '2026-11-20T10:00:00Z', total: 3, human: 2, bot: 1 }],
      knownFrom(T, 10, ...known),
      T,
      T + 9 * 60,
    );

  test('sum the known ones, and the worst one decides', () => {
    const folded = foldMinutes(minutes([0, FULL], [6, NEVER], [8, PROVISIONAL]), 300);
    expect(folded).toMatchObject({ first: T, stepSec: 300, total: [3, 0], human: [2, 0], known: [5, 3] });
    expect(folded).toMatchObject({ min: [0, 0], max: [3, 0], standing: [FULL, NEVER] });
  });

  test('are null where none is known, and still counted while one of them is', () => {
    expect(foldMinutes(minutes([0, NEVER], [5, FULL], [9, COUNTING]), 300)).toMatchObject({
      total: [3, 0],
      known: [1, 4],
      standing: [NEVER, COUNTING],
    });
    expect(foldMinutes(minutes([0, FULL], [5, NEVER]), 300).total).toEqual([3, null]);
  });
});
