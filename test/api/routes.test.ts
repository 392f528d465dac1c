/** ⑦ The routes and their exact responses, over a gold in memory. */
import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import { isoSeconds } from '../../src/core/time.ts';
import type { PipelineReading, ReadPipeline } from '../../src/temporal/pipeline-reader.ts';
import type { BackfillReading } from '../../src/temporal/running-backfills.ts';
import { MemoryGold } from './memory-gold.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 10, 5, 42);
const CURRENT = Date.UTC(2026, 10, 20, 10, 5) / 1000;

let gold: MemoryGold;
let app: FastifyInstance;

beforeEach(async () => {
  gold = new MemoryGold();
  app = await buildApp({ gold, dashboardDir: 'not-built', version: '1.2.3', now: () => NOW_MS });
  return () => app.close();
});

async function get(url: string) {
  const response = await app.inject(url);
  return {
    status: response.statusCode,
    headers: response.headers,
    body: response.json<unknown>(),
    text: response.body,
  };
}

describe('GET /wikis', () => {
  test('returns names, most recently active first', async () => {
    gold.put('dewiki', CURRENT - 60, 1, 0);
    gold.put('enwiki', CURRENT, 1, 0);
    gold.put('commonswiki', CURRENT - 120, 1, 0);
    expect(await get('/wikis')).toMatchObject({ status: 200, body: ['enwiki', 'dewiki', 'commonswiki'] });
    expect(await get('/wikis?limit=2')).toMatchObject({ status: 200, body: ['enwiki', 'dewiki'] });
  });

  test('returns 50 wikis by default, and up to 2000', async () => {
    for (let i = 0; i < 2_100; i++) gold.put(`w${i}`, CURRENT - i * 60, 1, 0);
    expect((await get('/wikis')).body).toHaveLength(50);
    expect((await get('/wikis?limit=2000')).body).toHaveLength(2_000);
    expect((await get('/wikis?limit=2001')).status).toBe(400);
  });

  test('returns an empty list while gold is empty', async () => {
    expect(await get('/wikis')).toMatchObject({ status: 200, text: '[]' });
  });
});

describe('GET /api/v1/wikis', () => {
  const named = async (query: string): Promise<string[]> =>
    ((await get(`/api/v1/wikis${query}`)).body as { wiki: string }[]).map(({ wiki }) => wiki);

  test('returns names, language, project, domain and the activity of the last hour', async () => {
    gold.put('arwiki', CURRENT, 2, 1);
    gold.put('arwiki', CURRENT - 59 * 60, 1, 0);
    gold.put('arwiki', CURRENT - 60 * 60, 100, 0);
    expect(await get('/api/v1/wikis?limit=1')).toMatchObject({
      status: 200,
      body: [
        {
          wiki: 'arwiki',
          names: { english: 'Arabic Wikipedia', own: 'ويكيبيديا' },
          language: { code: 'ar', tag: 'ar', english: 'Arabic', own: 'العربية', direction: 'rtl' },
          project: 'wikipedia',
          domain: 'ar.wikipedia.org',
          edits: 4,
          botShare: 0.25,
          lastEdit: '2026-11-20T10:05:00Z',
        },
      ],
    });
  });

  test('lists the busiest wikis first, then by their latest edit, then by name', async () => {
    gold.put('frwiki', CURRENT, 1, 1);
    gold.put('dewiki', CURRENT, 3, 0);
    gold.put('itwiki', CURRENT - 90 * 60, 9, 0);
    expect(await named('?limit=5')).toEqual(['dewiki', 'frwiki', 'itwiki', 'abstractwiki', 'abwiki']);
    expect((await named('?window=2h'))[0]).toBe('itwiki');
    expect((await named('?window=91m'))[0]).toBe('itwiki');
    expect((await named('?window=90m'))[0]).toBe('dewiki');
  });

  test('gives the last minutes of the first twenty on demand, and null where a minute is not whole', async () => {
    const sparklines = async (query: string): Promise<unknown[]> =>
      ((await get(`/api/v1/wikis${query}`)).body as { sparkline?: unknown }[]).map(
        ({ sparkline }) => sparkline,
      );
    gold.setReads({ read: [{ fromMs: (CURRENT - 180) * 1000, toMs: (CURRENT + 60) * 1000 }], pending: [] });
    gold.put('dewiki', CURRENT, 3, 4);
    gold.put('dewiki', CURRENT - 120, 5, 0);
    gold.put('frwiki', CURRENT - 60, 1, 0);
    expect(await sparklines('?limit=3&sparkline=5')).toEqual([
      [null, 0, 5, 0, 7],
      [null, 0, 0, 1, 0],
      [null, 0, 0, 0, 0],
    ]);
    expect(await sparklines('?limit=1')).toEqual([undefined]);
    gold.setReads({ read: [{ fromMs: (CURRENT - 180) * 1000, toMs: NOW_MS }], pending: [] });
    expect(await sparklines('?limit=1&sparkline=2')).toEqual([[0, null]]);
    const many = await sparklines('?limit=100&sparkline=1');
    expect(many.filter(line => line !== undefined)).toHaveLength(20);
    expect(many.slice(20).every(line => line === undefined)).toBe(true);
  });

  test('does not count minutes that lie in the future', async () => {
    gold.put('frwiki', CURRENT + 60, 1, 1);
    expect((await get('/api/v1/wikis?q=frwiki&limit=1')).body).toMatchObject([{ wiki: 'frwiki', edits: 0 }]);
  });

  test('lists wikis without edits, those that are closed only if they have counts', async () => {
    const all = await named('?limit=2000');
    expect(all.length).toBeGreaterThan(800);
    expect(all).not.toContain('aawiki');
    gold.put('aawiki', CURRENT, 1, 0);
    expect((await get('/api/v1/wikis?limit=1')).body).toMatchObject([{ wiki: 'aawiki', closed: true }]);
  });

  test('lists a wiki that is newer than the list', async () => {
    gold.put('zz_newwiki', CURRENT, 1, 0);
    expect((await get('/api/v1/wikis?limit=1')).body).toEqual([
      {
        wiki: 'zz_newwiki',
        names: { english: 'zz_newwiki', own: 'zz_newwiki' },
        edits: 1,
        botShare: 0,
        lastEdit: '2026-11-20T10:05:00Z',
      },
    ]);
  });

  test('finds wikis by any of their names', async () => {
    expect(await named('?q=Deutsch%20wikiquote')).toEqual(['dewikiquote']);
    expect(await named('?q=commons.wikimedia')).toEqual(['commonswiki', 'testcommonswiki']);
  });

  test('gives all wikis in pages, by name', async () => {
    const pages: string[] = [];
    for (let page = await named('?sort=name&limit=300'); page.length > 0;) {
      pages.push(...page);
      page = await named(`?sort=name&limit=300&after=${page.at(-1)}`);
    }
    expect(pages).toEqual(await named('?sort=name&limit=2000'));
    expect(pages).toEqual(pages.toSorted());
  });

  test('lists only wikis that are kept, and those that have counts', async () => {
    const filtered = await buildApp({
      gold,
      dashboardDir: 'not-built',
      version: '1',
      keptWikis: ['lvwiki', 'enwiki'],
      now: () => NOW_MS,
    });
    gold.put('dewiki', CURRENT, 1, 0);
    const items = (await filtered.inject('/api/v1/wikis')).json<{ wiki: string }[]>();
    expect(items.map(({ wiki }) => wiki)).toEqual(['dewiki', 'enwiki', 'lvwiki']);
    await filtered.close();
  });

  test.each([
    ['?sort=size', 'sort', 'one of activity, name'],
    ['?window=25h', 'window', 'a number of minutes or hours, 1m to 1440m or 1h to 24h'],
    ['?window=1441m', 'window', 'a number of minutes or hours, 1m to 1440m or 1h to 24h'],
    ['?after=enwiki', 'after', expect.stringContaining('sorted by name')],
    ['?sort=activity&after=enwiki', 'after', expect.stringContaining('sorted by name')],
    ['?limit=0', 'limit', 'a whole number from 1 to 2000'],
    ['?sparkline=0', 'sparkline', 'a whole number from 1 to 60'],
    ['?sparkline=61', 'sparkline', 'a whole number from 1 to 60'],
    ['?Sort=name', 'Sort', 'one of the parameters q, sort, window, limit, sparkline, after'],
    ['?__proto__=1', '__proto__', 'one of the parameters q, sort, window, limit, sparkline, after'],
  ])('%s is refused by name', async (query, parameter, expected) => {
    expect(await get(`/api/v1/wikis${query}`)).toMatchObject({
      status: 400,
      body: { errors: [{ parameter, expected }] },
    });
  });

  test.each(['1m', '59m', '999m', '1000m', '1399m', '1440m', '1h', '9h', '10h', '19h', '20h', '24h'])(
    'accepts the window %s',
    async window => expect((await get(`/api/v1/wikis?limit=1&window=${window}`)).status).toBe(200),
  );
});

describe('GET /edits', () => {
  test('returns the public shape, byte for byte', async () => {
    gold.put('enwiki', CURRENT, 9, 3);
    gold.put('enwiki', CURRENT - 120, 0, 1);
    const { status, headers, text } = await get('/edits?wiki=enwiki&minutes=180');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(headers['cache-control']).toBe('no-cache');
    expect(text).toBe(
      '[{"ts":"2026-11-20T10:03:00Z","total":1,"human":0,"bot":1},{"ts":"2026-11-20T10:05:00Z","total":12,"human":9,"bot":3}]',
    );
  });

  test('returns an empty list for a wiki without counts', async () => {
    expect(await get('/edits?wiki=nosuchwiki')).toMatchObject({ status: 200, text: '[]' });
  });

  test('counts back from the current minute, 180 minutes by default', async () => {
    for (let i = 0; i < 400; i++) gold.put('enwiki', CURRENT - i * 60, 1, 0);
    const rows = (await get('/edits?wiki=enwiki')).body as { ts: string }[];
    expect(rows).toHaveLength(180);
    expect(rows[0]?.ts).toBe(isoSeconds(CURRENT - 179 * 60));
    expect((await get('/edits?wiki=enwiki&minutes=1')).body).toEqual([
      { ts: '2026-11-20T10:05:00Z', total: 1, human: 1, bot: 0 },
    ]);
  });

  test('ignores unknown parameters', async () => {
    expect((await get('/edits?wiki=enwiki&_=1700000000000&callback=x')).status).toBe(200);
  });

  test('accepts exactly the whole numbers from 1 to 527040 as minutes', async () => {
    const texts = fc.oneof(
      fc.integer({ min: -2, max: 527_045 }).map(String),
      fc.double().map(String),
      fc.string(),
      fc.constantFrom(
        '',
        '0',
        '1',
        '527040',
        '527041',
        '1e3',
        '0x10',
        ' 7',
        '7 ',
        '+7',
        '-7',
        '1.0',
        '٣',
        '1_000',
      ),
    );
    await fc.assert(
      fc.asyncProperty(texts, async text => {
        const good = /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 527_040;
        const { status } = await get(`/edits?wiki=enwiki&minutes=${encodeURIComponent(text)}`);
        expect(status).toBe(good ? 200 : 400);
      }),
    );
  });

  test('is an empty list for an unknown wiki of any shape', async () => {
    const texts = fc.oneof(
      fc.stringMatching(/^[a-z0-9_]{1,66}$/),
      fc.string(),
      fc.constantFrom('be-x-oldwiki', 'EnWiki', 'en wiki', "x' or 1=1", 'a'.repeat(65), '\0', ''),
    );
    await fc.assert(
      fc.asyncProperty(texts, async text => {
        expect(await get(`/edits?wiki=${encodeURIComponent(text)}`)).toMatchObject({
          status: 200,
          text: '[]',
        });
      }),
    );
  });

  test('is for enwiki without a wiki, as old clients expect', async () => {
    gold.put('enwiki', CURRENT, 1, 0);
    expect((await get('/edits')).body).toEqual([{ ts: '2026-11-20T10:05:00Z', total: 1, human: 1, bot: 0 }]);
  });

  test('responds to HEAD with the headers of GET and no body', async () => {
    gold.put('enwiki', CURRENT, 9, 3);
    const head = await app.inject({ method: 'HEAD', url: '/edits?wiki=enwiki' });
    const full = await app.inject('/edits?wiki=enwiki');
    expect(head.statusCode).toBe(200);
    expect(head.body).toBe('');
    expect(head.headers['content-length']).toBe(full.headers['content-length']);
  });
});

describe('GET /api/v1/gaps', () => {
  test('leaves out a gap that is closed for every wiki that the installation keeps', async () => {
    const range = { from: '2026-11-20T09:00:00.000Z', to: '2026-11-20T10:00:00.000Z' };
    gold.setGaps({ id: 'g', cause: 'retention', ...range });
    gold.setCoverage({ id: 'c', source: 'api', wikis: ['enwiki', 'dewiki'], ...range });
    expect((await get('/api/v1/gaps')).body).toHaveLength(1);
    const keptWikis = ['dewiki', 'enwiki'];
    const filtered = await buildApp({ gold, dashboardDir: 'x', version: '1', now: () => NOW_MS, keptWikis });
    expect((await filtered.inject('/api/v1/gaps')).json()).toEqual([]);
    expect((await filtered.inject('/api/v1/gaps?wiki=frwiki')).json()).toHaveLength(1);
    await filtered.close();
  });

  describe('that a running backfill will fill', () => {
    const range = { from: '2026-11-20T09:10:00.000Z', to: '2026-11-20T09:40:00.000Z' };
    const progress = { state: 'planning', waitingFor: 'the plan' } as const;
    const hour = { ...progress, from: '2026-11-20T09:00:00.000Z', to: '2026-11-20T10:00:00.000Z' };
    /** The id that the gap names, for a query. */
    const runningOf = async (query: string, pipeline: ReadPipeline): Promise<unknown> => {
      gold.setGaps({ id: 'g', cause: 'retention', ...range });
      const asking = await buildApp({ gold, dashboardDir: 'x', version: '1', now: () => NOW_MS, pipeline });
      const [gap] = (await asking.inject(`/api/v1/gaps${query}`)).json<
        { backfill: { running?: string } }[]
      >();
      await asking.close();
      expect(gap?.backfill).toMatchObject({
        command: expect.stringContaining('--from 2026-11-20T09:00:00Z'),
      });
      return gap?.backfill.running;
    };
    const runs =
      (...backfills: BackfillReading[]): ReadPipeline =>
      async () => ({ kind: 'never_started', namespace: 'default', backfills });

    test('names it, if it reaches over the gap and is for those wikis', async () => {
      const all = { workflowId: 'all', wikis: ['all'], progress: hour };
      const some = { workflowId: 'some', wikis: ['enwiki', 'dewiki'], progress: hour };
      const part = {
        workflowId: 'part',
        wikis: ['all'],
        progress: { ...hour, from: '2026-11-20T09:20:00.000Z' },
      };
      const unknown = { workflowId: 'unknown', progress: hour };
      const silent = { workflowId: 'silent', wikis: ['all'], progress: undefined };
      expect(await runningOf('', runs(part, unknown, silent, some, all))).toBe('all');
      expect(await runningOf('?wiki=dewiki', runs(part, some, all))).toBe('some');
      expect(await runningOf('?wiki=frwiki', runs(some))).toBeUndefined();
      expect(await runningOf('', runs(some))).toBeUndefined();
      expect(await runningOf('', runs())).toBeUndefined();
    });

    test('is listed without it while Temporal does not answer', async () => {
      expect(await runningOf('', () => new Promise(() => {}))).toBeUndefined();
      expect(await runningOf('', async () => ({ kind: 'away', what: 'x', sinceMs: 0 }))).toBeUndefined();
    });
  });

  test('returns the gaps that overlap the range, ascending, with the hours to fill', async () => {
    gold.setGaps(
      {
        id: 'skipped',
        cause: 'offsets',
        topic: 'eqiad.mediawiki.recentchange',
        from: '2026-11-20T09:59:58.250Z',
        to: '2026-11-20T10:00:01.000Z',
        missing: 4,
      },
      {
        id: 'began-before',
        cause: 'retention',
        from: '2026-11-19T22:30:00.000Z',
        to: '2026-11-20T09:30:00.500Z',
      },
      {
        id: 'long-ago',
        cause: 'log_lost',
        from: '2026-11-19T02:00:00.000Z',
        to: '2026-11-20T09:06:00.000Z',
      },
    );
    const { status, headers, body } = await get('/api/v1/gaps?minutes=60');
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-cache');
    expect(body).toEqual([
      {
        id: 'began-before',
        cause: 'retention',
        from: '2026-11-19T22:30:00.000Z',
        to: '2026-11-20T09:30:00.500Z',
        backfill: {
          from: '2026-11-19T22:00:00Z',
          to: '2026-11-20T10:00:00Z',
          command: 'npm run backfill -- --from 2026-11-19T22:00:00Z --to 2026-11-20T10:00:00Z',
        },
      },
      {
        id: 'skipped',
        cause: 'offsets',
        topic: 'eqiad.mediawiki.recentchange',
        from: '2026-11-20T09:59:58.250Z',
        to: '2026-11-20T10:00:01.000Z',
        missing: 4,
        backfill: {
          from: '2026-11-20T09:00:00Z',
          to: '2026-11-20T11:00:00Z',
          command: 'npm run backfill -- --from 2026-11-20T09:00:00Z --to 2026-11-20T11:00:00Z',
        },
      },
    ]);
  });

  test('counts back like /edits, 180 minutes by default', async () => {
    const ending = (to: number) => ({
      id: String(to),
      cause: 'retention' as const,
      from: '2026-11-01T00:00:00Z',
      to: isoSeconds(to),
    });
    const first = CURRENT - 179 * 60;
    gold.setGaps(ending(first), ending(first + 1));
    expect((await get('/api/v1/gaps')).body).toMatchObject([{ id: String(first + 1) }]);
    gold.put('enwiki', first - 60, 1, 0);
    gold.put('enwiki', first, 1, 0);
    expect((await get('/edits?wiki=enwiki')).body).toMatchObject([{ ts: isoSeconds(first) }]);
    expect((await get('/api/v1/gaps?minutes=181')).body).toHaveLength(2);
  });

  test('suggests the smallest range of whole hours that covers the gap, at least one', async () => {
    const ranges = fc.tuple(fc.integer({ min: -90_000, max: -1 }), fc.nat(90_000));
    await fc.assert(
      fc.asyncProperty(ranges, async ([begin, length]) => {
        const from = new Date(NOW_MS + begin * 1_000).toISOString();
        const to = new Date(NOW_MS + (begin + length) * 1_000).toISOString();
        gold.setGaps({ id: 'x', cause: 'log_lost', from, to });
        const [gap] = (await get('/api/v1/gaps?minutes=3000')).body as {
          backfill: { from: string; to: string };
        }[];
        const first = Date.parse(gap?.backfill.from ?? '');
        const end = Date.parse(gap?.backfill.to ?? '');
        expect([first % 3_600_000, end % 3_600_000]).toEqual([0, 0]);
        expect(Date.parse(from) - first).toBeGreaterThanOrEqual(0);
        expect(Date.parse(from) - first).toBeLessThan(3_600_000);
        expect(end - Date.parse(to)).toBeGreaterThanOrEqual(0);
        expect(end - first).toBeGreaterThanOrEqual(3_600_000);
        expect(end - Math.max(Date.parse(to), first + 1)).toBeLessThan(3_600_000);
      }),
    );
  });

  test('accepts the same minutes as /edits', async () => {
    for (const minutes of ['0', '527041', '1e3', '']) {
      const { status, body } = await get(`/api/v1/gaps?minutes=${minutes}`);
      expect(status).toBe(400);
      expect(body).toMatchObject({ errors: [{ parameter: 'minutes', got: minutes }] });
    }
    expect(await get('/api/v1/gaps?minutes=527040')).toMatchObject({ status: 200, text: '[]' });
  });
});

describe('GET /healthz', () => {
  test('is ok while gold responds', async () => {
    expect(await get('/healthz')).toMatchObject({ status: 200, text: '{"ok":true}' });
  });
});

describe('GET /api/v1/status', () => {
  test('returns origin and freshness of the counts', async () => {
    gold.setSources({ url: 'https://stream.example/recentchange', simulated: false });
    gold.put('enwiki', CURRENT - 180, 1, 0);
    expect((await get('/api/v1/status')).body).toEqual({
      version: '1.2.3',
      gold: 'postgres',
      now: '2026-11-20T10:05:42.000Z',
      lastMinute: '2026-11-20T10:02:00Z',
      simulated: false,
      sources: [{ url: 'https://stream.example/recentchange', simulated: false }],
    });
  });

  test('shows no token that an older version has recorded with a source', async () => {
    gold.setSources({ url: 'https://me:s3cret@stream.example/a?token=s3cret', simulated: false });
    const { text } = await get('/api/v1/status');
    expect(text).toContain('"https://stream.example/a"');
    expect(text).not.toContain('s3cret');
  });

  test('is simulated when any source is', async () => {
    gold.setSources(
      { url: 'https://stream.example/a', simulated: false },
      { url: 'http://127.0.0.1:5001/b', simulated: true },
    );
    expect((await get('/api/v1/status')).body).toMatchObject({ simulated: true });
  });

  test('omits unknown fields', async () => {
    const body = (await get('/api/v1/status')).body as object;
    expect(Object.keys(body).sort()).toEqual(['gold', 'now', 'simulated', 'sources', 'version']);
  });

  test('returns the address of the Temporal Web UI if known', async () => {
    const other = await buildApp({
      gold,
      dashboardDir: 'x',
      version: '1',
      temporalUiUrl: 'http://127.0.0.1:8233',
    });
    expect((await other.inject('/api/v1/status')).json()).toMatchObject({
      temporalUiUrl: 'http://127.0.0.1:8233',
    });
    await other.close();
  });
});

describe('GET /api/v1/pipeline', () => {
  async function answerFor(reading: PipelineReading, url?: string): Promise<unknown> {
    const options = { gold, dashboardDir: 'x', version: '1', now: () => NOW_MS };
    const own = await buildApp({ ...options, temporalUiUrl: url, pipeline: async () => reading });
    const answer = (await own.inject('/api/v1/pipeline')).json<unknown>();
    await own.close();
    return answer;
  }

  test('says that Temporal is away and since when, while counts are still answered', async () => {
    const sinceMs = NOW_MS - 60_000;
    expect(await answerFor({ kind: 'away', what: 'Temporal does not answer', sinceMs })).toEqual({
      now: '2026-11-20T10:05:42.000Z',
      temporal: { reachable: false, problem: 'Temporal does not answer', since: '2026-11-20T10:04:42.000Z' },
      links: {},
    });
  });

  test('does not need gold', async () => {
    gold.failure = new Error('gold is away');
    expect(await get('/api/v1/pipeline')).toMatchObject({
      status: 200,
      body: { temporal: { reachable: false } },
    });
  });

  test('says that ingest was never started, and links to the Web UI', async () => {
    expect(await answerFor({ kind: 'never_started', namespace: 'a b' }, 'http://ui:8233/')).toMatchObject({
      temporal: { reachable: true },
      ingest: { workflowId: 'ingest-recentchange', status: 'never_started', troubles: [] },
      links: {
        workflows: 'http://ui:8233/namespaces/a%20b/workflows',
        ingest: 'http://ui:8233/namespaces/a%20b/workflows/ingest-recentchange',
      },
    });
  });

  test('says nothing of what a run waits for that was terminated', async () => {
    const ingest = {
      workflowId: 'ingest-recentchange',
      runId: 'r',
      status: 'terminated',
      stage: undefined,
      progress: { waitingFor: 'the next flush', deadLetters: 2 },
      heartbeat: undefined,
      attempt: undefined,
      attemptStartedMs: undefined,
      troubles: [],
      failure: 'by an operator',
      failingHours: [],
    };
    const answer = await answerFor({ kind: 'known', namespace: 'default', ingest });
    expect(answer).toMatchObject({
      ingest: { status: 'terminated', failure: 'by an operator' },
      deadLetters: 2,
    });
    expect(answer).not.toMatchObject({ ingest: { waitingFor: expect.anything() } });
  });

  test('lists the backfills that run, with what they and their windows have read', async () => {
    const running = [
      { source: 'stream', from: '2026-11-20T00:00:00.000Z', to: '2026-11-20T06:00:00.000Z', share: 0.5 },
      { source: 'api', wiki: 'dewiki', from: '2026-11-19T00:00:00.000Z', to: '2026-11-20T00:00:00.000Z' },
    ];
    const known = {
      state: 'reading',
      waitingFor: 'windows to be read',
      from: '2026-11-19T00:00:00.000Z',
      to: '2026-11-20T06:00:00.000Z',
      done: 15.5,
      total: 30,
      eta: '2026-11-20T10:20:00Z',
      rows: 900,
      toRebuild: 2,
      running,
    };
    const odd = { state: 7, from: 'then', done: -1, rows: 1.5, running: [7, { source: 'api' }], more: true };
    const backfills = [
      { workflowId: 'a', progress: { ...known, rate: 7 } },
      { workflowId: 'b', progress: odd },
      { workflowId: 'c', progress: undefined },
    ] as unknown as readonly BackfillReading[];
    expect(await answerFor({ kind: 'never_started', namespace: 'default', backfills })).toMatchObject({
      backfills: [{ workflowId: 'a', ...known }, { workflowId: 'b', running: [] }, { workflowId: 'c' }],
    });
    expect(await answerFor({ kind: 'never_started', namespace: 'default' })).not.toHaveProperty('backfills');
  });

  test('leaves out what a run of another version says in another way', async () => {
    const ingest = {
      workflowId: 'ingest-recentchange',
      runId: 'r',
      status: 'running',
      stage: undefined,
      progress: { openHours: 'none', deadLetters: -1, watermark: 'unknown', acknowledged: '7' },
      heartbeat: undefined,
      attempt: undefined,
      attemptStartedMs: undefined,
      troubles: [],
      failure: undefined,
      failingHours: [],
    };
    expect(await answerFor({ kind: 'known', namespace: 'default', ingest })).toEqual({
      now: '2026-11-20T10:05:42.000Z',
      temporal: { reachable: true },
      ingest: { workflowId: 'ingest-recentchange', status: 'running', troubles: [], isAnswering: true },
      links: {},
    });
  });
});
