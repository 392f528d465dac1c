/** A backfill in words: a bar while it runs, a summary at its end. */
import { describe, expect, test } from 'vitest';
import { describeProgress, describeReport, describeSize } from '../../src/commands/backfill-lines.ts';
import type { BackfillProgress } from '../../src/workflows/backfill-report.ts';

const progress: BackfillProgress = {
  from: '2026-11-20T00:00:00.000Z',
  to: '2026-11-22T00:00:00.000Z',
  stretches: [{ source: 'api', from: '2026-11-20T00:00:00.000Z', to: '2026-11-22T00:00:00.000Z' }],
  missing: [],
  failed: [],
  perSource: {
    api: {
      rows: 1200,
      known: 0,
      unusable: 0,
      bytes: 540_000,
      requests: 4,
      leastRequests: 3,
      done: 12,
      total: 48,
    },
  },
  rows: 1200,
  bytes: 540_000,
  requests: 4,
  rebuilt: { hours: 10, edits: 1100, changedRows: 90 },
  done: 12,
  total: 48,
  toRebuild: 2,
  rate: 9800,
  eta: '2026-11-24T10:42:00Z',
  troubled: [],
  state: 'reading',
  waitingFor: 'windows to be read',
};
const window = { source: 'api' as const, from: progress.from, to: progress.to, reason: 'no answer' };

describe('while it runs', () => {
  test('how far it is, how fast, and until when', () => {
    expect(describeProgress(progress)).toBe(
      '[█████···············] 25 % · 12 of 48 hours · 1,200 rows (9,800 a minute) · ' +
        '10 hours rebuilt, 2 to come · done about 10:42 UTC',
    );
  });

  test('what is in its way', () => {
    const line = describeProgress({
      ...progress,
      troubled: [window],
      failed: [window, window],
      state: 'paused',
    });
    expect(line).toMatch(/1 windows to be tried again · 2 failed · paused$/);
  });

  test('nothing is divided by nothing', () => {
    expect(describeProgress({ ...progress, done: 0, total: 0 })).toMatch(/^\[·{20}\] 0 %/);
  });
});

describe('at its end', () => {
  test('what came from where, and for how many requests', () => {
    expect(describeReport(progress)).toBe(
      [
        'done: 1,200 rows, 10 hours rebuilt, 90 rows of gold changed',
        'api     2026-11-20T00:00:00.000Z to 2026-11-22T00:00:00.000Z',
        'api     4 requests (3 is the least) 540.0 kB, 0 known before, 0 unusable',
      ].join('\n'),
    );
  });

  test('what the bot flag means in dumps, and what is not to be had', () => {
    const text = describeReport({
      ...progress,
      stretches: [{ source: 'dump', from: progress.from, to: progress.to }],
      missing: [{ from: progress.from, to: progress.to, wiki: 'xxwiki', why: 'there is no such dump' }],
    });
    expect(text).toContain('“bot” means that the account is a bot’s');
    expect(text).toMatch(/^not to be had: xxwiki 2026-11-20T.* there is no such dump$/m);
  });
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [3_240_000_000, '3.2 GB'],
])('%i bytes are %s', (bytes, text) => expect(describeSize(bytes)).toBe(text));
