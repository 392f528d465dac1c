/** Which ranges a backfill has filled: at its end, and while it still reads. */
import { describe, expect, test } from 'vitest';
import type { BackfillPlan, StepResult } from '../../src/contracts/temporal/backfill.ts';
import type { PlannedStretch } from '../../src/core/backfill.ts';
import { coverageOf, coverageSoFar } from '../../src/workflows/backfill-coverage.ts';
import {
  beginBackfill,
  takeHour,
  withFailedHour,
  withFailedReader,
  withRange,
  withStep,
  withoutReader,
  withoutRest,
} from '../../src/workflows/backfill-state.ts';
import type { BackfillState, Reader } from '../../src/workflows/backfill-state.ts';

const at = (hour: number, minute = 0): string => new Date(Date.UTC(2026, 10, 20, hour, minute)).toISOString();
const hourOf = (hour: number): string => at(hour).slice(0, 13);
const API = { source: 'api', from: at(0), to: at(4) } as const;
const STREAM = { source: 'stream', from: at(4), to: at(8) } as const;

function begin(
  wikis: readonly string[],
  stretches: readonly PlannedStretch[] = [API],
  filter?: readonly string[],
): BackfillState {
  const plan: BackfillPlan = {
    stretches,
    missing: [],
    sites: wikis.map(wiki => ({ wiki, serverName: `${wiki}.example` })),
    ...(filter !== undefined && { wikis: filter }),
  };
  return beginBackfill(plan, 3, at(20));
}

function readerOf(state: BackfillState, wiki?: string): Reader {
  const reader = state.lanes.find(({ site }) => site?.wiki === wiki);
  if (reader === undefined) throw new Error(`no reader of ${wiki}`);
  return reader;
}

function step(state: BackfillState, wiki: string | undefined, change: Partial<StepResult>): BackfillState {
  const nothing = { at: at(0), hours: [], rows: 0, known: 0, unusable: 0, bytes: 0, requests: 1 };
  return withStep(state, readerOf(state, wiki), { ...nothing, ...change });
}

const fail = (state: BackfillState, wiki: string): BackfillState =>
  withFailedReader(state, readerOf(state, wiki), 'no answer');

describe('coverage at the end', () => {
  test('includes all wikis that were requested', () => {
    const done = (filter?: readonly string[]): BackfillState =>
      step(step(begin(['a', 'b'], [API], filter), 'a', { at: at(4) }), 'b', { at: at(4) });
    expect(coverageOf(done())).toEqual([API]);
    expect(coverageOf(done(['a', 'b']))).toEqual([{ ...API, wikis: ['a', 'b'] }]);
  });

  test('names the wikis that the installation keeps, although none was requested', () => {
    // The plan has them; the input of the run does not.
    expect(coverageOf({ ...begin([], [STREAM], ['a', 'b']), lanes: [] })).toEqual([
      { ...STREAM, wikis: ['a', 'b'] },
    ]);
  });

  test('excludes a wiki that failed or that the source lacks', () => {
    let state = step(begin(['a', 'b', 'c']), 'a', { at: at(4) });
    state = fail(fail(state, 'b'), 'b');
    state = withoutReader(state, readerOf(state, 'c'), 'no dump');
    expect(coverageOf(state)).toEqual([{ ...API, wikis: ['a'] }]);
    expect(state.missing).toEqual([{ from: at(0), to: at(4), wiki: 'c', why: 'no dump' }]);
  });

  test('of a wiki that failed ends with the last whole hour that it has', () => {
    let state = step(begin(['a', 'b', 'c']), 'a', { at: at(4) });
    state = step(state, 'b', { at: at(2, 40), position: 'x' });
    state = step(state, 'c', { at: at(2, 10), position: 'x' });
    state = withoutRest(state, []);
    expect(coverageOf(state)).toEqual([
      { ...API, wikis: ['a'] },
      { ...API, to: at(2), wikis: ['b', 'c'] },
    ]);
    const later = { ...state, failed: [{ ...API, from: at(1, 20), wiki: 'b', reason: 'no answer' }] };
    expect(coverageOf(later)).toContainEqual({ ...API, to: at(1), wikis: ['b'] });
  });

  test('excludes a range that is missing for all wikis', () => {
    const missing = [{ from: at(1), to: at(2), why: 'x' }];
    expect(coverageOf({ ...begin(['a']), lanes: [], missing })).toEqual([
      { ...API, to: at(1) },
      { ...API, from: at(2) },
    ]);
  });

  test('is nothing where every wiki failed', () => {
    const state = fail(fail(fail(fail(begin(['a', 'b']), 'a'), 'a'), 'b'), 'b');
    expect(coverageOf(state)).toEqual([]);
  });

  test('excludes a wiki only from the ranges that its failure overlaps', () => {
    const later = { source: 'api', from: at(4), to: at(6) } as const;
    const failed = [{ source: 'api', wiki: 'a', from: at(4), to: at(6), reason: 'no answer' }] as const;
    expect(coverageOf({ ...begin(['a', 'b'], [API, later]), lanes: [], failed })).toEqual([
      API,
      { ...later, wikis: ['b'] },
    ]);
  });

  test('excludes no wiki from a range of the stream', () => {
    const failed = [{ source: 'api', wiki: 'a', from: at(4), to: at(6), reason: 'no answer' }] as const;
    expect(coverageOf({ ...begin(['a', 'b'], [STREAM]), lanes: [], failed })).toEqual([STREAM]);
  });

  test('of the stream excludes hours for which another source was asked, whose wikis can fail', () => {
    const api = { source: 'api', from: at(4), to: at(6) } as const;
    let state = withRange({ ...begin(['a', 'b'], [STREAM]), lanes: [] }, api, 3);
    state = step(fail(fail(state, 'b'), 'b'), 'a', { at: at(6) });
    expect(coverageOf(state)).toEqual([
      { ...STREAM, from: at(6) },
      { ...api, wikis: ['a'] },
    ]);
  });
});

describe('coverage while more is read', () => {
  const soFar = (state: BackfillState, rebuilding: string[] = []) =>
    coverageSoFar(state, state.recorded ?? [], { concurrency: 3, rebuilding });

  test('ends with the slowest wiki, in whole hours', () => {
    let state = step(begin(['a', 'b']), 'a', { at: at(3), position: 'x' });
    expect(soFar(state)).toEqual([]);
    state = step(state, 'b', { at: at(2, 50), position: 'x' });
    expect(soFar(state)).toEqual([{ ...API, to: at(2) }]);
    state = step(state, 'a', { at: at(4) });
    expect(soFar(state)).toEqual([{ ...API, to: at(2) }]);
  });

  test('ends before the first hour that is not rebuilt', () => {
    let state = step(begin([], [STREAM]), undefined, { at: at(8), hours: [5, 6, 7].map(hourOf) });
    expect(soFar(state)).toEqual([{ ...STREAM, to: at(5) }]);
    state = takeHour(state).state;
    expect(soFar(state, [hourOf(5)])).toEqual([{ ...STREAM, to: at(5) }]);
    expect(soFar(state)).toEqual([{ ...STREAM, to: at(6) }]);
    state = takeHour(takeHour(state).state).state;
    expect(soFar(withFailedHour(state, hourOf(6), 'it is damaged'))).toEqual([
      { ...STREAM, to: at(6) },
      { ...STREAM, from: at(7) },
    ]);
  });

  test('does not repeat what is recorded', () => {
    const state = step(begin(['a'], [API], ['a']), 'a', { at: at(2), position: 'x' });
    const recorded = [{ ...API, to: at(1), wikis: ['a'] }];
    expect(soFar({ ...state, recorded })).toEqual([{ ...API, from: at(1), to: at(2), wikis: ['a'] }]);
    expect(soFar({ ...state, recorded: [{ ...API, to: at(2) }] })).toEqual([]);
    const ofOthers = [
      { ...API, to: at(2), wikis: ['b'] },
      { ...API, source: 'dump' as const },
    ];
    expect(soFar({ ...state, recorded: ofOthers })).toEqual([{ ...API, to: at(2), wikis: ['a'] }]);
  });

  test('does not wait for a wiki that is retried at the end, and leaves it out', () => {
    let state = step(begin(['a', 'b', 'c']), 'a', { at: at(2), position: 'x' });
    state = step(state, 'b', { at: at(1, 20), position: 'x' });
    state = fail(step(state, 'c', { at: at(3), position: 'x' }), 'b');
    expect(soFar(state)).toEqual([
      { ...API, to: at(2), wikis: ['a', 'c'] },
      { ...API, to: at(1), wikis: ['b'] },
    ]);
  });

  test('of many wikis comes batch by batch, and less often', () => {
    const wikis = Array.from({ length: 6 }, (_, i) => `w${i}`);
    const first = wikis.slice(0, 3);
    let state = begin(wikis);
    for (const wiki of first) state = step(state, wiki, { at: at(1), position: 'x' });
    // There are two batches, so two hours at least.
    expect(soFar(state)).toEqual([]);
    for (const wiki of first) state = step(state, wiki, { at: at(2), position: 'x' });
    expect(soFar(state)).toEqual([{ ...API, to: at(2), wikis: first }]);
    for (const wiki of first) state = step(state, wiki, { at: at(4) });
    expect(soFar({ ...state, recorded: [{ ...API, to: at(3), wikis: first }] })).toEqual([
      { ...API, from: at(3), wikis: first },
    ]);
    state = step(state, 'w4', { at: at(4) });
    expect(soFar(state)).toEqual([{ ...API, wikis: first }]);
  });

  test('of a long range comes a hundredth at a time while hours wait to be rebuilt, and at once when none does', () => {
    const long = { ...API, to: at(400) };
    const state = step(begin(['a'], [long]), 'a', { at: at(4), position: 'x', hours: [hourOf(3)] });
    expect(soFar(state)).toEqual([]);
    expect(soFar(takeHour(state).state, [hourOf(3)])).toEqual([]);
    expect(soFar(takeHour(state).state)).toEqual([{ ...API, to: at(4) }]);
    expect(soFar(step(state, 'a', { at: at(6), position: 'x', hours: [hourOf(5)] }))).toEqual([]);
    const further = step(takeHour(state).state, 'a', { at: at(6), position: 'x', hours: [hourOf(5)] });
    expect(soFar(further)).toEqual([{ ...API, to: at(5) }]);
  });

  test('is nothing at the start, and of a plan without ranges', () => {
    expect(soFar(begin(['a'], [API, STREAM]))).toEqual([]);
    expect(soFar(begin([], []))).toEqual([]);
  });
});
