/** The progress line and the summary of a backfill. */
import { describe, expect, test } from 'vitest';
import {
  describeProgress,
  describeReport,
  describeSize,
  fittedTo,
} from '../../src/commands/backfill-lines.ts';
import type { BackfillProgress } from '../../src/workflows/backfill-report.ts';

const progress: BackfillProgress = {
  from: '2026-11-20T00:00:00.000Z',
  to: '2026-11-22T00:00:00.000Z',
  startedAt: '2026-11-24T10:00:00.000Z',
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
  running: [],
  state: 'reading',
  waitingFor: 'windows to be read',
};
const window = { source: 'api' as const, from: progress.from, to: progress.to, reason: 'no answer' };

describe('describeProgress', () => {
  test('shows progress, speed and ETA', () => {
    expect(describeProgress(progress)).toBe(
      '[█████···············] 25% · 12 of 48 hours · ETA 10:42 UTC · 1,200 rows (9,800 per minute) · ' +
        '10 hours rebuilt, 2 to go',
    );
  });

  test('shows retries, failures and a pause', () => {
    const line = describeProgress({
      ...progress,
      troubled: [window],
      failed: [window, window],
      state: 'paused',
    });
    expect(line).toContain('12 of 48 hours · paused · ETA 10:42 UTC · 2 failed · 1 window to retry · ');
  });

  test('says how far the windows are that are being read, and names a few of them', () => {
    const { from, to } = progress;
    const stream = { source: 'stream', from, to, share: 0.51 } as const;
    const dump = { source: 'dump', wiki: 'enwiki', from, to, share: 0.369 } as const;
    const api = { source: 'api', wiki: 'dewiki', from, to } as const;
    const running = [stream, dump, api, { ...api, wiki: 'frwiki' }, { ...api, wiki: 'itwiki' }];
    expect(describeProgress({ ...progress, running })).toMatch(
      / · stream at 2026-11-21T00:28Z · dump enwiki 36% of 2026-11-20T00:00Z to 2026-11-22T00:00Z · api dewiki at 2026-11-20T00:00Z · 2 more windows$/,
    );
  });

  test('fits a terminal of 80 columns, with what matters most first', () => {
    const line = fittedTo(80, describeProgress(progress));
    expect(line).toHaveLength(79);
    expect(line).toMatch(/^\[█{5}·{15}\] 25% · 12 of 48 hours · ETA 10:42 UTC · 1,200 rows.*…$/);
    expect(fittedTo(undefined, line)).toBe(line);
    expect(fittedTo(200, 'short')).toBe('short');
  });

  test('shows 0% while the total is unknown', () => {
    expect(describeProgress({ ...progress, done: 0, total: 0 })).toMatch(/^\[·{20}\] 0%/);
  });
});

describe('describeReport', () => {
  test('lists ranges, sources and their requests', () => {
    expect(describeReport(progress)).toBe(
      [
        'done: 1,200 rows read, 10 hours rebuilt, 90 gold rows changed',
        'api     2026-11-20T00:00:00.000Z to 2026-11-22T00:00:00.000Z',
        'api     4 requests (minimum 3) 540.0 kB, 0 already known, 0 unusable',
      ].join('\n'),
    );
  });

  test('explains the bot flag of dumps, and lists what is unavailable', () => {
    const text = describeReport({
      ...progress,
      stretches: [{ source: 'dump', from: progress.from, to: progress.to }],
      missing: [{ from: progress.from, to: progress.to, wiki: 'xxwiki', why: 'there is no such dump' }],
    });
    expect(text).toContain('“bot” means that the account is a bot');
    expect(text).toMatch(/^unavailable: xxwiki 2026-11-20T.* there is no such dump$/m);
  });
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [3_240_000_000, '3.2 GB'],
])('%i bytes are %s', (bytes, text) => expect(describeSize(bytes)).toBe(text));
