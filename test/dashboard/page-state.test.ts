/** Every state of the page. */
import { describe, expect, test } from 'vitest';
import type { MinuteRow } from '../../src/dashboard/load-minutes.ts';
import type { Knowledge } from '../../src/dashboard/knowledge.ts';
import { buildModel } from '../../src/dashboard/model.ts';
import { firstWiki, pageState } from '../../src/dashboard/page-state.ts';
import type { PageInput } from '../../src/dashboard/page-state.ts';
import type { Failure } from '../../src/dashboard/poller.ts';

const query = { wiki: 'enwiki', minutes: 180, step: '1m', within: 195 } as const;
const rows: MinuteRow[] = [{ ts: '2026-11-20T10:05:00Z', total: 3, human: 2, bot: 1 }];
const failure: Failure = { message: 'no connection', sinceMs: 0, attempts: 1, retryAtMs: 9 };

const READ: Knowledge = { kind: 'known', segments: [] };
const UNAVAILABLE: Knowledge = { kind: 'unavailable', message: 'x' };

function answered(rows: MinuteRow[], knowledge = READ): Partial<PageInput> {
  const value = { rows, knowledge };
  return {
    edits: { kind: 'current', query, answer: { query, value, atMs: 0 } },
    shown: value,
    model: buildModel({
      value,
      gaps: [],
      minutes: 180,
      average: 0,
      nowSec: Date.UTC(2026, 10, 20, 10, 6) / 1000,
    }),
  };
}

function listed(...wikis: string[]): Partial<PageInput> {
  return { wikis: { kind: 'current', query: 'all', answer: { query: 'all', value: wikis, atMs: 0 } } };
}

function stateOf(...changes: Partial<PageInput>[]) {
  const start: PageInput = {
    wiki: 'enwiki',
    wikis: { kind: 'loading', query: 'all', answer: undefined },
    edits: { kind: 'loading', query, answer: undefined },
    shown: undefined,
    originSettled: true,
    gapsSettled: true,
    model: undefined,
  };
  return pageState(Object.assign(start, ...changes));
}

describe('pageState', () => {
  test('is loading until there is a response', () => {
    expect(stateOf()).toEqual({ kind: 'loading' });
    expect(stateOf({ wiki: undefined })).toEqual({ kind: 'loading' });
    expect(stateOf({ wiki: undefined }, listed('enwiki'))).toEqual({ kind: 'loading' });
  });

  test('never shows a chart before it is known whether the data is simulated', () => {
    expect(stateOf(answered(rows), { originSettled: false })).toEqual({ kind: 'loading' });
    expect(stateOf(answered(rows))).toEqual({ kind: 'chart', wiki: 'enwiki' });
  });

  test('never shows minutes as 0 before it is known whether they lie in a gap', () => {
    expect(stateOf(answered(rows), { gapsSettled: false })).toEqual({ kind: 'loading' });
    expect(stateOf(answered([]), listed('enwiki'), { gapsSettled: false })).toEqual({ kind: 'loading' });
  });

  test('is unreachable when no request has ever succeeded', () => {
    const failing = { kind: 'failing', answer: undefined, failure } as const;
    expect(stateOf({ edits: { ...failing, query } })).toEqual({ kind: 'unreachable', failure });
    expect(stateOf({ wiki: undefined, wikis: { ...failing, query: 'all' } })).toEqual({
      kind: 'unreachable',
      failure,
    });
  });

  test('keeps the chart when the API becomes unreachable', () => {
    const answer = { query, value: { rows, knowledge: READ }, atMs: 0 };
    const state = stateOf(answered(rows), { edits: { kind: 'failing', query, answer, failure } });
    expect(state).toEqual({ kind: 'chart', wiki: 'enwiki' });
  });

  test('waits while gold is empty', () => {
    expect(stateOf({ wiki: undefined }, listed())).toEqual({ kind: 'waiting' });
    expect(stateOf(listed(), answered([]))).toEqual({ kind: 'waiting' });
  });

  test('shows the chart of a wiki without edits, and distinguishes it from an unknown one', () => {
    const chart = { kind: 'chart', wiki: 'enwiki' };
    expect(stateOf(listed('enwiki', 'dewiki'), answered([]))).toEqual(chart);
    // The API knows more wikis than those that have edits.
    expect(stateOf(listed('dewiki'), answered([]))).toEqual(chart);
    const unknown = { kind: 'unknown-wiki', wiki: 'enwiki' };
    expect(stateOf(listed('dewiki'), answered([], { kind: 'no-such-wiki' }))).toEqual(unknown);
    expect(stateOf({ wiki: 'English!' })).toEqual({ kind: 'unknown-wiki', wiki: 'English!' });
  });

  test('while the API cannot say, calls a wiki unknown only if a complete list lacks it', () => {
    const chart = { kind: 'chart', wiki: 'enwiki' };
    expect(stateOf(listed('dewiki'), answered([], UNAVAILABLE))).toEqual({
      kind: 'unknown-wiki',
      wiki: 'enwiki',
    });
    const full = Array.from({ length: 2_000 }, (_, at) => `w${at}`);
    expect(stateOf(listed(...full), answered([], UNAVAILABLE))).toEqual(chart);
    expect(stateOf(answered([], UNAVAILABLE))).toEqual(chart);
  });
});

test('starts with English Wikipedia, else with the most recently active wiki', () => {
  expect(firstWiki(['dewiki', 'enwiki'])).toBe('enwiki');
  expect(firstWiki(['dewiki', 'frwiki'])).toBe('dewiki');
  expect(firstWiki([])).toBeUndefined();
});
