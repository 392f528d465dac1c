/** Answers of the API and their description, by the names that its clients know. */
import { beforeEach, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import { PipelineError } from '../../src/contracts/errors.ts';
import type { BackfillRuns } from '../../src/temporal/backfill-runs.ts';
import type { PipelineReading } from '../../src/temporal/pipeline-reader.ts';
import { explanationOf } from '../api/explained.ts';
import { anomalyOf, expectationOf } from '../api/recorded.ts';
import { MemoryGold, auditedHourOf } from '../api/memory-gold.ts';
import { asJson, golden } from './golden.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 10, 5, 42);
const CURRENT = Date.UTC(2026, 10, 20, 10, 5) / 1000;
const STRETCH = { from: '2026-11-20T09:10:00.000Z', to: '2026-11-20T09:20:00.000Z' };
const TROUBLED: PipelineReading = {
  kind: 'known',
  namespace: 'default',
  ingest: {
    workflowId: 'ingest-recentchange',
    runId: 'a run',
    status: 'running',
    stage: 'troubled',
    progress: {
      acknowledged: 6,
      deadLetters: 2,
      watermark: '2026-11-20T10:00:00.000Z',
      openHours: ['2026-11-20T10'],
      failedHours: [],
      waitingFor: 'the next flush',
    },
    heartbeat: { acknowledged: 7, events: 900, buffered: 100, newest: '2026-11-20T10:05:00.000Z' },
    attempt: 1,
    attemptStartedMs: NOW_MS - 10_000,
    troubles: [
      {
        kind: 'storage',
        what: 'S3 is away',
        since: '2026-11-20T10:05:10.000Z',
        tries: 5,
        nextTry: '2026-11-20T10:05:50.000Z',
      },
    ],
    failure: 'its worker died',
    failingHours: [{ hour: '2026-11-20T10', parts: 2, attempt: 5, failure: 'Postgres is away' }],
  },
  backfills: [
    {
      workflowId: 'backfill-1',
      progress: {
        ...STRETCH,
        stretches: [],
        missing: [],
        failed: [],
        perSource: {},
        rows: 9,
        bytes: 900,
        requests: 2,
        rebuilt: { hours: 1, edits: 9, changedRows: 3 },
        startedAt: '2026-11-20T10:00:00.000Z',
        done: 1.5,
        total: 3,
        toRebuild: 1,
        rate: 7,
        eta: '2026-11-20T10:30:00Z',
        troubled: [],
        running: [{ source: 'api', wiki: 'enwiki', ...STRETCH, share: 0.5 }],
        state: 'reading',
        waitingFor: 'windows to be read',
      },
    },
  ],
};
const RUNS: BackfillRuns = {
  list: async () => ({
    kind: 'page',
    runs: [
      {
        id: 'backfill-1',
        status: 'running',
        startedAt: '2026-11-20T10:00:00.000Z',
        source: 'auto',
        wikis: ['enwiki'],
        from: STRETCH.from,
        progress: { ...STRETCH, state: 'planning', waitingFor: 'the plan' },
      },
      {
        id: 'backfill-0',
        status: 'completed',
        startedAt: '2026-11-20T08:00:00.000Z',
        endedAt: '2026-11-20T09:00:00.000Z',
      },
    ],
    next: 'a page',
  }),
  start: async () => 'backfill-2',
  control: async () => ({ kind: 'done', state: 'paused' }),
};
const PROSE = ['title', 'detail', 'expected', 'error', 'instance'];

let gold: MemoryGold;
let app: FastifyInstance;

beforeEach(async () => {
  gold = new MemoryGold();
  gold.setSources({ url: 'http://127.0.0.1:5001/', simulated: true });
  gold.put('enwiki', CURRENT, 9, 3);
  gold.put('dewiki', CURRENT - 60, 1, 0);
  gold.setGaps({
    id: 'offsets eqiad.mediawiki.recentchange',
    cause: 'offsets',
    topic: 'eqiad.mediawiki.recentchange',
    missing: 3,
    ...STRETCH,
  });
  gold.setAudits(...['2026-11-20T08', '2026-11-20T09'].map(hour => auditedHourOf(hour)));
  gold.setAnomalies(anomalyOf(), anomalyOf({ id: 'b', account: 'bot', to: null, reason: undefined }));
  gold.setExpectations(expectationOf('2026-11-20T09'));
  gold.setCoverage({ id: 'dump-1', source: 'dump', wikis: ['enwiki'], ...STRETCH });
  app = await buildApp({
    gold,
    dashboardDir: 'not-built',
    version: '1.2.3',
    temporalUiUrl: 'http://127.0.0.1:8233',
    pipeline: async () => TROUBLED,
    backfills: RUNS,
    explain: async () => explanationOf(),
    now: () => NOW_MS,
  });
  return () => app.close();
});

async function answers(...urls: readonly string[]): Promise<object[]> {
  const found: object[] = [];
  for (const url of urls) {
    const response = await app.inject(url);
    const type = response.headers['content-type'];
    found.push({ url, status: response.statusCode, type, body: response.json<unknown>() });
  }
  return found;
}

test('every route', async () => {
  const found = await answers(
    '/wikis?limit=2',
    '/edits?wiki=enwiki&minutes=180',
    '/healthz',
    '/api/v1/status',
    '/api/v1/anomalies?minutes=1440',
    '/api/v1/expectation?wiki=enwiki&minutes=10&step=5m',
    '/feeds/anomalies.json?bots=include',
    '/feeds/enwiki.json',
    '/api/v1/explain?wiki=enwiki&from=2026-11-20T09:00:00Z&to=2026-11-20T09:15:00Z',
    '/api/v1/gaps?minutes=60',
    '/api/v1/hours?limit=1',
    '/api/v1/hours/2026-11-20T09',
    '/api/v1/backfills?minutes=60&wiki=enwiki',
    '/api/v1/backfills/runs?limit=2',
    '/api/v1/pipeline',
    '/api/v1/wikis?limit=3',
    '/api/v1/wikis?limit=1&sparkline=60',
    '/api/v1/wikis?q=commons&sort=name',
    '/api/v1/series?wiki=enwiki,dewiki&minutes=5&step=5m',
  );
  expect(asJson(found)).toEqual(golden('api-answers', found));
});

test('problems', async () => {
  const wrong = await answers('/edits?minutes=0', '/wikis?limit=none', '/nowhere', '/api/v1/wikis?Q=german');
  gold.failure = new Error('x');
  const failed = await answers('/wikis', '/healthz');
  gold.failure = new PipelineError('x', {
    code: 'postgres_unavailable',
    op: 'x',
    subject: 'x',
    retryable: true,
  });
  const seen = asJson([...wrong, ...failed, ...(await answers('/wikis'))], PROSE);
  expect(seen).toEqual(golden('api-problems', seen));
});

/** Without what people read. */
function withoutProse(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutProse);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(
    ([name, each]) => !(['description', 'summary'].includes(name) && typeof each === 'string'),
  );
  return Object.fromEntries(
    kept.filter(([name]) => name !== 'examples').map(([name, each]) => [name, withoutProse(each)]),
  );
}

test('the OpenAPI document', async () => {
  const description = withoutProse((await app.inject('/api/v1/openapi.json')).json());
  const seen = asJson(description, ['x-expected']);
  expect(seen).toEqual(golden('openapi', seen));
});
