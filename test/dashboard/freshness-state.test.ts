/** ⑧ How old the data is, and why: the data decides, not the request. */
import { describe, expect, test } from 'vitest';
import type { Pipeline } from '../../src/dashboard/api-client.ts';
import { freshnessOf } from '../../src/dashboard/freshness-state.ts';
import type { FreshnessInput } from '../../src/dashboard/freshness-state.ts';

const NOW_SEC = Date.UTC(2026, 10, 20, 13, 3) / 1000;
const ANSWERED = { kind: 'current', query: 1, answer: { query: 1, value: 1, atMs: 0 } } as const;
const SINCE = '2026-11-20T12:20:00.000Z';

function pipeline(ingest: Partial<NonNullable<Pipeline['ingest']>>, rest: Partial<Pipeline> = {}): Pipeline {
  const running = { workflowId: 'x', status: 'running', stage: 'streaming', troubles: [], isAnswering: true };
  return { now: SINCE, temporal: { reachable: true }, links: {}, ingest: { ...running, ...ingest }, ...rest };
}

function of(ageMin: number, state?: Pipeline, minutes: FreshnessInput['minutes'] = ANSWERED) {
  return freshnessOf({ minutes, countedTo: NOW_SEC - ageMin * 60, pipeline: state, nowMs: NOW_SEC * 1000 });
}

const STORAGE = { kind: 'storage', what: 'S3 is away', since: SINCE, tries: 3, nextTry: SINCE };

describe('freshness', () => {
  test('is live while data is a few minutes old, with or without news of the pipeline', () => {
    expect(of(2, pipeline({}))).toMatchObject({ kind: 'live' });
    expect(of(9)).toMatchObject({ kind: 'live' });
    expect(of(2, pipeline({ troubles: [STORAGE] }))).toMatchObject({ kind: 'live' });
  });

  test('is delayed by the age of the data, however fresh the answer is', () => {
    expect(of(45)).toMatchObject({ kind: 'delayed', why: undefined });
    expect(of(45, pipeline({}))).toMatchObject({ kind: 'delayed', why: undefined });
  });

  test.each([
    ['trouble', pipeline({ troubles: [STORAGE] }), { text: 'S3 is away', sinceMs: Date.parse(SINCE) }],
    [
      'an hour that fails',
      pipeline(
        {},
        { failingHours: [{ hour: '2026-11-20T12', parts: 2, attempt: 5, failure: 'Postgres is away' }] },
      ),
      { text: 'Parts of the hour 2026-11-20T12 cannot be added to gold: Postgres is away' },
    ],
    ['no worker', pipeline({ isAnswering: false }), { text: 'No worker answers for ingest' }],
  ])('names %s as the reason, already after a short delay', (_, state, why) => {
    expect(of(4, state)).toMatchObject({ kind: 'delayed', why });
  });

  test('names Temporal when it cannot be asked', () => {
    const away = { now: SINCE, temporal: { reachable: false, problem: 'no route', since: SINCE }, links: {} };
    expect(of(4, away)).toMatchObject({ kind: 'live' });
    expect(of(45, away)).toMatchObject({
      kind: 'delayed',
      why: { text: 'no route', sinceMs: Date.parse(SINCE) },
    });
  });

  test('is paused or stopped at once, whatever the age', () => {
    expect(of(0, pipeline({ stage: 'paused' }))).toMatchObject({ kind: 'paused' });
    expect(of(0, pipeline({ status: 'failed', failure: 'no such bucket' }))).toMatchObject({
      kind: 'stopped',
      why: { text: 'The run of ingest is failed: no such bucket' },
    });
    expect(of(0, pipeline({ status: 'never_started' }))).toMatchObject({ kind: 'stopped' });
  });

  test('is no answer while requests fail, and loading before the first', () => {
    const failure = { message: 'x', sinceMs: 5, attempts: 1, retryAtMs: 9 };
    const failing = { kind: 'failing', query: 1, answer: undefined, failure } as const;
    expect(of(2, pipeline({ stage: 'paused' }), failing)).toMatchObject({ kind: 'no-answer', sinceMs: 5 });
    expect(of(2, undefined, { kind: 'loading', query: 1, answer: undefined })).toEqual({ kind: 'loading' });
  });

  test('is unknown without data', () => {
    const input = { minutes: ANSWERED, countedTo: undefined, pipeline: undefined, nowMs: 0 };
    expect(freshnessOf(input)).toEqual({ kind: 'no-data' });
  });
});
