/** What the heartbeats of a backfill's windows add to what its workflow answers. A real run: test/workflows/backfill-progress.int. */
import { defaultPayloadConverter } from '@temporalio/common';
import type { WorkflowHandle } from '@temporalio/client';
import { describe, expect, test } from 'vitest';
import type { WindowReading } from '../../src/contracts/temporal/backfill.ts';
import { readBackfillProgress, withReadings } from '../../src/temporal/backfill-progress.ts';
import type { AnsweredProgress } from '../../src/temporal/backfill-progress.ts';

const at = (hour: number, minute = 0): string => new Date(Date.UTC(2026, 10, 20, hour, minute)).toISOString();
const totals = { rows: 0, known: 0, unusable: 0, bytes: 0, requests: 0, leastRequests: 0 };
const STREAM = { source: 'stream', from: at(6), to: at(12) } as const;
const answer: AnsweredProgress = {
  from: at(0),
  to: at(12),
  stretches: [],
  missing: [],
  failed: [],
  perSource: { stream: { ...totals, done: 6, total: 12 } },
  rows: 0,
  bytes: 0,
  requests: 0,
  rebuilt: { hours: 0, edits: 0, changedRows: 0 },
  startedAt: at(20),
  done: 6,
  total: 12,
  toRebuild: 0,
  rate: 0,
  eta: '2026-11-20T22:00:00Z',
  troubled: [],
  running: [STREAM],
  state: 'reading',
  waitingFor: 'windows to be read',
};
const half: WindowReading = { ...STREAM, done: 1, total: 2 };

describe('the progress of a backfill', () => {
  test('counts the part of a window that is read, and ends accordingly earlier', () => {
    // 9 of 12 hours in 90 minutes.
    expect(withReadings(answer, [half], Date.parse(at(21, 30)))).toEqual({
      ...answer,
      done: 9,
      perSource: { stream: { ...totals, done: 9, total: 12 } },
      running: [{ ...STREAM, share: 0.5 }],
      eta: '2026-11-20T22:00:00Z',
    });
  });

  test('has an end as soon as the first window moves', () => {
    const { eta: _, ...begun } = {
      ...answer,
      done: 0,
      perSource: { stream: { ...totals, done: 0, total: 12 } },
      running: [{ ...STREAM, from: at(0), to: at(6) }],
    };
    expect(withReadings(begun, [], Date.parse(at(21)))).not.toHaveProperty('eta');
    const reading = { ...half, from: at(0), to: at(6) };
    expect(withReadings(begun, [reading], Date.parse(at(21)))).toMatchObject({
      done: 3,
      eta: '2026-11-21T00:00:00Z',
    });
  });

  test('leaves out a heartbeat of a window that the answer does not name', () => {
    const now = Date.parse(at(21));
    const same = { done: 6, running: [STREAM] };
    const others: WindowReading[] = [
      { ...half, from: at(0), to: at(6) },
      { ...half, source: 'api', wiki: 'enwiki' },
      { ...half, wiki: 'enwiki' },
      { ...half, total: 0 },
    ];
    for (const other of others) expect(withReadings(answer, [other], now)).toMatchObject(same);
  });

  test('takes the part of the range that a file of the dumps has', () => {
    const dump = { source: 'dump', wiki: 'enwiki', from: at(0), to: at(12) } as const;
    const progress = { ...answer, running: [dump], perSource: { dump: { ...totals, done: 0, total: 12 } } };
    const file: WindowReading = { ...dump, to: at(4), done: 30, total: 120 };
    expect(withReadings(progress, [file], Date.parse(at(21)))).toMatchObject({
      done: 1,
      running: [{ ...dump, to: at(4), share: 0.25 }],
    });
  });

  test('is never more than there is', () => {
    const reading = { ...half, done: 9, total: 2 };
    expect(withReadings(answer, [reading], Date.parse(at(21)))).toMatchObject({
      done: 12,
      running: [{ share: 1 }],
    });
  });

  test('of a worker of another version is what it answers', () => {
    const { running: _, startedAt: __, ...older } = answer;
    expect(withReadings(older, [half], Date.parse(at(21)))).toEqual(older);
  });
});

describe('reading it', () => {
  const run = (result: unknown): WorkflowHandle =>
    ({ query: async () => result }) as unknown as WorkflowHandle;
  const described = (...details: unknown[]) =>
    ({
      raw: {
        pendingActivities: details.map(detail => ({
          heartbeatDetails: { payloads: [defaultPayloadConverter.toPayload(detail)] },
        })),
      },
    }) as unknown as Parameters<typeof readBackfillProgress>[1];

  test('finds the windows in the heartbeats of its activities, whatever else these say', async () => {
    const damaged = [
      7,
      null,
      {},
      { window: 'x' },
      { window: { ...half, done: 'x' } },
      { window: { source: 'radio' } },
    ];
    const seen = await readBackfillProgress(run(answer), described(...damaged, { atMs: 1, window: half }));
    expect(seen).toMatchObject({ done: 9, running: [{ share: 0.5 }] });
  });

  test('needs no activity, and no plan', async () => {
    const unplanned = { from: at(0), to: at(6), state: 'planning', waitingFor: 'the plan' } as const;
    expect(await readBackfillProgress(run(unplanned), described(half))).toEqual(unplanned);
    const raw = {} as Parameters<typeof readBackfillProgress>[1]['raw'];
    expect(await readBackfillProgress(run(answer), { raw })).toMatchObject({ done: 6 });
  });
});
