/**
 * Three days go through one pipeline that keeps gold in both places: for every request the API answers the same from
 * Postgres and from S3, and both equal the oracle. Then an hour of a compacted day is corrected.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import type { Child } from '../../dev/stack/child.ts';
import { parseSimulateOptions } from '../../dev/simulator/options.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { buildApp } from '../../src/api/app.ts';
import { COMPACT_DAYS_ID, TASK_QUEUE, compactDayId } from '../../src/contracts/temporal/names.ts';
import { GOLD_DAYS, GOLD_HOURS } from '../../src/contracts/storage/object-keys.ts';
import { HOUR_MS, hourOf } from '../../src/core/time.ts';
import type { GoldStore } from '../../src/gold/gold-store.ts';
import { openGold } from '../../src/gold/open-gold.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import { explainRange } from '../../src/insight/explain/explain-range.ts';
import { INGEST_ID, recentChange } from '../../src/recentchange/definition.ts';
import { readDetails } from '../../src/recentchange/details.ts';
import { keysUnder, oracleRows, rowsInPostgres, rowsInS3 } from '../support/exactness.ts';
import { isLong } from '../support/form.ts';
import { loseRows } from '../support/damage-gold.ts';
import { startProcess } from '../support/processes.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const DAY_MS = 24 * HOUR_MS;
const DAYS = 3;

describe('gold in Postgres and in S3, side by side', () => {
  let world: World;
  let wikimedia: Wikimedia;
  let worker: Child;
  const golds: GoldStore[] = [];
  const apps: FastifyInstance[] = [];
  // The universe ends now, so its days can be sealed and no minute changes between two reads.
  const untilMs = Math.floor(Date.now() / 60_000) * 60_000;
  const fromMs = Math.floor((untilMs - DAYS * DAY_MS) / HOUR_MS) * HOUR_MS;
  const range = [new Date(fromMs).toISOString(), new Date(untilMs).toISOString()] as const;
  /** Days that are completely in the range. */
  const finished = Array.from({ length: DAYS }, (_, i) => (Math.ceil(fromMs / DAY_MS) + i) * DAY_MS)
    .filter(ms => ms + DAY_MS + HOUR_MS <= untilMs)
    .map(ms => new Date(ms).toISOString().slice(0, 10));

  beforeAll(async () => {
    world = await openWorld({ gold: 'postgres,s3' });
    wikimedia = await startWikimedia(
      parseSimulateOptions({
        port: '0',
        rate: isLong ? '0.8' : '0.4',
        from: range[0],
        until: range[1],
        faults: 'garbage=0.003,duplicate=0.01',
      }),
    );
    worker = await startProcess(world, 'worker', {
      env: { EVENTSTREAMS_URL: wikimedia.streamUrl, FLUSH_MIN_LINES: '4000', FLUSH_MAX_SEC: '2' },
    });
    await startIngest(world.client, INGEST_ID, { since: range[0] });
    for (const place of world.places) {
      const options = { maxConnections: 2, applicationName: 'test', statementTimeoutMs: 30_000 };
      const gold = openGold([place], world.store, options);
      golds.push(gold);
      const now = (): number => untilMs;
      const definition = recentChange();
      apps.push(
        await buildApp({
          gold,
          dashboardDir: 'not-built',
          version: '1',
          now,
          explain: (asked, stopSignal) =>
            explainRange(asked, { store: world.store, definition, readDetails }, stopSignal),
        }),
      );
    }
  });
  afterAll(async () => {
    for (const app of apps) await app.close();
    for (const gold of golds) await gold.close();
    await worker.stop();
    await wikimedia.close();
    await world.close();
  });

  /** The answers of both to one request. */
  const answers = (url: string) =>
    Promise.all(
      apps.map(async app => {
        // Problems name the request: without an id of ours each has another.
        const asked = { url, headers: { 'x-request-id': 'side-by-side' } };
        const { statusCode, headers, body } = await app.inject(asked);
        return { statusCode, type: headers['content-type'], body };
      }),
    );

  test('the rows are those of the oracle, in both places, by hours and by days', async () => {
    const expected = await oracleRows(wikimedia.url, ...range);
    await untilHolds(async () => expect(await rowsInPostgres(world, ...range)).toEqual(expected), {
      withinMs: 240_000,
      everyMs: 1_000,
    });
    await untilHolds(async () => expect(await rowsInS3(world, ...range)).toEqual(expected));

    // After its seal an hour changes no more on its own.
    const hours = finished.flatMap(day =>
      Array.from({ length: 24 }, (_, i) => hourOf(Date.parse(day) / 1000 + i * 3_600)),
    );
    await untilHolds(async () => expect(await world.gold.unsealed(hours)).toEqual([]), { withinMs: 120_000 });

    // Like an operator who does not wait for the next run of the Schedule.
    await world.client.schedule.getHandle(COMPACT_DAYS_ID).trigger();
    const [first = '', last = ''] = [finished[0], finished.at(-1)];
    const days = [`${first}T00:00:00Z`, `${last}T24:00:00Z`] as const;
    await untilHolds(async () => {
      const written = await keysUnder(world, GOLD_DAYS);
      expect(written.length).toBeGreaterThanOrEqual(finished.length);
    });
    const ofDays = expected.filter(row => row >= days[0] && row.slice(0, 10) <= last);
    await untilHolds(async () => expect(await rowsInS3(world, ...days, GOLD_DAYS)).toEqual(ofDays));
    expect(ofDays.length).toBeGreaterThan(1_000);
  }, 400_000);

  test('every route of the API answers the same', async () => {
    // An open gap, a gap that a backfill has closed for one wiki, and the coverage of that backfill.
    const at = (hoursAgo: number): string => new Date(untilMs - hoursAgo * HOUR_MS).toISOString();
    await world.gold.recordGap({ id: 'a', cause: 'offsets', missing: 3, from: at(5), to: at(4) });
    await world.gold.recordGap({ id: 'b', cause: 'retention', topic: 'x', from: at(50), to: at(49) });
    await world.gold.recordCoverage({ id: 'c', source: 'dump', wikis: ['enwiki'], from: at(5), to: at(3) });
    // Ingest before all that: it kept one wiki, was away for two hours, and then kept all.
    const read = { attempt: 'earlier', keys: [] };
    await world.gold.recordReads([
      { ...read, sequence: 1, from: at(84), to: at(82), wikis: ['enwiki'] },
      { ...read, sequence: 2, from: at(80), to: at(76) },
    ]);

    const [app] = apps;
    const described = await app?.inject('/api/v1/openapi.json');
    const { paths = {} } = described?.json<{ paths: Record<string, object> }>() ?? {};
    const routes = Object.keys(paths)
      .filter(path => 'get' in (paths[path] ?? {}))
      // It has no end: `test/live/live.int.test.ts`, with gold in either place.
      .filter(path => path !== '/api/v1/live');
    const [everyWiki] = await answers('/wikis?limit=2000');
    const names = JSON.parse(everyWiki?.body ?? '') as string[];
    expect(names.length).toBeGreaterThan(50);
    const minutes = ['1', '60', '180', '1440', String(DAYS * 1_440), '527040', 'none'];
    const some = ['enwiki', ...names.slice(0, 3), ...names.slice(-3), 'nosuchwiki'];
    const ofWikis = some.flatMap(wiki => minutes.map(length => `?wiki=${wiki}&minutes=${length}`));
    // The hours of the gaps and of the backfill too.
    const certified = Array.from({ length: 60 }, (_, i) => hourOf(untilMs / 1000 - i * 3_600));
    const questions: Readonly<Record<string, readonly string[]>> = {
      '/edits': [...ofWikis, '', '?wiki=enwiki', '?wiki=EN'],
      '/wikis': ['', '?limit=1', '?limit=7', '?limit=2000', '?limit=0'],
      '/api/v1/series': [
        ...['auto', '1m', '5m', '15m', '1h', '1d'].flatMap(step => [
          `?wiki=enwiki,${names.slice(0, 3).join()}&minutes=4320&step=${step}`,
          `?wiki=all&from=${at(60)}&to=${at(10)}&step=${step}&format=csv`,
        ]),
        '',
        '?wiki=enwiki',
        '?wiki=all',
        '?wiki=nosuchwiki',
        '?wiki=enwiki&format=ndjson',
        '?wiki=EN',
        `?wiki=enwiki&from=${at(70)}&to=${at(0)}&minutes=3`,
        ...['enwiki', 'enwiki,dewiki', 'all'].flatMap(wiki => [
          `?wiki=${wiki}&from=${at(86)}&to=${at(60)}&step=5m`,
          `?wiki=${wiki}&from=${at(86)}&to=${at(60)}&step=1d`,
        ]),
      ],
      '/api/v1/wikis': [
        '',
        '?limit=2000',
        '?window=24h&limit=2000',
        '?window=7m',
        '?sparkline=60',
        '?sparkline=0',
        '?window=0m',
        '?windows=1h',
        '?sort=name&limit=2000',
        '?sort=name&after=enwiki',
        '?after=enwiki',
        '?q=german',
        '?q=nosuchwiki',
      ],
      '/api/v1/coverage': [
        ...some.flatMap(wiki => ['60', '1440', String(DAYS * 1_440)].map(m => `?wiki=${wiki}&minutes=${m}`)),
        '',
        '?wiki=all',
        `?wiki=all&from=${at(70)}&to=${at(0)}`,
        `?wiki=enwiki&from=${at(70)}&to=${at(0)}`,
        ...['enwiki', 'dewiki', 'all'].map(wiki => `?wiki=${wiki}&from=${at(86)}&to=${at(60)}`),
      ],
      '/healthz': [''],
      '/api/v1/hours': [
        '?minutes=1440',
        `?minutes=${DAYS * 1_440}&limit=168`,
        '?limit=5',
        `?limit=5&after=${hourOf(untilMs / 1000 - 9 * 3_600)}`,
        `?from=${at(30)}&to=${at(20)}`,
        '?limit=0',
      ],
      '/api/v1/hours/{hour}': [...certified, 'yesterday', '2001-01-15T00'],
      '/api/v1/anomalies': ['', '?wiki=enwiki&minutes=1440', '?account=bot', '?minutes=100000'],
      '/api/v1/expectation': ['?wiki=enwiki,dewiki&minutes=1440', '?wiki=all&minutes=60', '?wiki=EN'],
      '/feeds/anomalies.atom': ['', '?bots=include', '?bots=no'],
      '/feeds/anomalies.json': [''],
      '/feeds/{wiki}.atom': ['enwiki', 'nosuchwiki'],
      '/feeds/{wiki}.json': ['enwiki', 'EN'],
      '/api/v1/explain': [
        `?wiki=enwiki&from=${at(30)}&to=${at(29)}`,
        `?wiki=all&from=${at(20.5)}&to=${at(20)}`,
        `?wiki=enwiki&from=${at(30)}&to=${at(20)}`,
        `?wiki=nosuchwiki&from=${at(30)}&to=${at(29)}`,
      ],
      '/api/v1/gaps': ['', ...ofWikis, ...minutes.map(length => `?minutes=${length}`)],
      '/api/v1/backfills': ['', ...ofWikis, ...minutes.map(length => `?minutes=${length}`)],
      '/api/v1/backfills/runs': ['', '?status=ended', '?limit=0'],
      '/api/v1/status': [''],
      '/api/v1/pipeline': [''],
    };
    // A new route must be compared here too.
    expect(Object.keys(questions).sort()).toEqual(routes.toSorted());
    for (const [path, queries] of Object.entries(questions)) {
      for (const query of queries) {
        const url = /\{(?:hour|wiki)\}/.test(path) ? path.replace(/\{\w+\}/, query) : `${path}${query}`;
        // The API caches gaps for some seconds.
        await untilHolds(async () => {
          const [postgres, s3] = await answers(url);
          const where = (body = ''): string => body.replace('"gold":"s3"', '"gold":"postgres"');
          expect({ ...s3, body: where(s3?.body) }).toEqual({ ...postgres, body: where(postgres?.body) });
        });
      }
    }
    // What was asked above is not all unknown.
    const known = await app?.inject(`/api/v1/coverage?wiki=dewiki&from=${at(86)}&to=${at(75)}`);
    const states = known?.json<{ segments: { state: string; reason: string }[] }>().segments ?? [];
    expect(states.map(({ reason }) => reason)).toEqual(expect.arrayContaining(['filter', 'never']));
    const [longest] = await answers(`/edits?wiki=enwiki&minutes=${DAYS * 1_440}`);
    expect(JSON.parse(longest?.body ?? '').length).toBeGreaterThan(500);
  });

  test('a correction of an hour is visible at once, and its day is updated', async () => {
    const [day = ''] = finished;
    const damaged = [`${day}T10:00:00Z`, `${day}T11:00:00Z`] as const;
    const before = await rowsInS3(world, ...damaged);
    expect(before.length).toBeGreaterThan(10);
    const wiki = before[0]?.split(' ')[1] ?? '';
    const question = `/edits?wiki=${wiki}&minutes=${DAYS * 1_440}`;
    const [whole] = await answers(question);
    await loseRows(world, ...damaged);
    // The day still has the rows. The hour, which is newer, lacks them.
    await untilHolds(async () => {
      const [postgres, s3] = await answers(question);
      expect(s3?.body).not.toBe(whole?.body);
      expect(s3).toEqual(postgres);
    });

    const compacted = () =>
      world.client.workflow.execute('compactDay', {
        taskQueue: TASK_QUEUE,
        workflowId: compactDayId(day),
        args: [{ day }],
      });
    expect(await compacted()).toMatchObject({ day, hours: 24, isChanged: true });
    expect(await rowsInS3(world, ...damaged, GOLD_DAYS)).toEqual([]);
    expect(await compacted()).toMatchObject({ isChanged: false });

    await world.client.workflow.execute('transformRange', {
      taskQueue: TASK_QUEUE,
      workflowId: 'repair',
      args: [{ from: damaged[0], to: damaged[1] }],
    });
    await untilHolds(async () => {
      for (const answer of await answers(question)) expect(answer.body).toBe(whole?.body);
    });
    expect(await compacted()).toMatchObject({ isChanged: true });
    for (const dataset of [GOLD_HOURS, GOLD_DAYS])
      expect(await rowsInS3(world, ...damaged, dataset)).toEqual(before);
  });
});
