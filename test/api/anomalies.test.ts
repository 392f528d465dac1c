import { beforeEach, describe, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import type { Anomalies } from '../../src/api/schemas/anomalies.ts';
import type { Expectation } from '../../src/api/schemas/expectation.ts';
import { MemoryGold } from './memory-gold.ts';
import { REASON, anomalyOf } from './recorded.ts';

const NOW_MS = Date.parse('2026-11-20T10:05:42Z');
const START = Date.parse('2026-11-20T09:00:00Z') / 1000;
const WEEK = 7 * 86_400;

let gold: MemoryGold;
let app: FastifyInstance;
beforeEach(async () => {
  gold = new MemoryGold();
  app = await buildApp({ gold, dashboardDir: 'not-built', version: '1', now: () => NOW_MS });
  return () => app.close();
});

describe('GET /api/v1/anomalies', () => {
  const ask = async (query = '') => (await app.inject(`/api/v1/anomalies${query}`)).json<Anomalies>();

  test('has those of a week with factor and reason', async () => {
    gold.setAnomalies(anomalyOf(), anomalyOf({ id: 'old', from: START - 8 * 86_400 }));
    expect(await ask()).toEqual({
      from: '2026-11-13T10:06:00Z',
      to: '2026-11-20T10:06:00Z',
      anomalies: [
        {
          id: '0f3c9a5b7d21e846',
          event: '0f3c9a5b7d21e846',
          wiki: 'enwiki',
          account: 'human',
          from: '2026-11-20T09:00:00Z',
          to: '2026-11-20T09:45:00Z',
          noticedAt: '2026-11-20T09:05:00Z',
          countedTo: '2026-11-20T09:45:00Z',
          edits: 1_890,
          expected: 301.5,
          factor: 6.3,
          peak: {
            from: '2026-11-20T09:00:00Z',
            to: '2026-11-20T09:05:00Z',
            edits: 412,
            expected: 33.5,
            factor: 12.3,
          },
          reason: REASON,
        },
      ],
    });
  });

  test('names one that lasts, and one without a reason', async () => {
    gold.setAnomalies(anomalyOf({ to: null, reason: undefined }));
    const [anomaly] = (await ask()).anomalies;
    expect(anomaly?.to).toBeNull();
    expect(anomaly).not.toHaveProperty('reason');
  });

  test('gives those of five wikis at once one event, also when one wiki is asked for', async () => {
    const wikis = ['aawiki', 'dewiki', 'enwiki', 'frwiki', 'itwiki'];
    gold.setAnomalies(
      ...wikis.map((wiki, i) => anomalyOf({ id: `id ${wiki}`, wiki, from: START + 60 * i })),
      anomalyOf({ id: 'bots', account: 'bot' }),
    );
    const { anomalies } = await ask('?wiki=frwiki');
    expect(anomalies).toMatchObject([{ wiki: 'frwiki', event: 'id aawiki' }]);
    expect((await ask('?account=bot')).anomalies).toMatchObject([{ id: 'bots', event: 'bots' }]);
    expect((await ask('?wiki=all')).anomalies).toHaveLength(6);
  });

  test('refuses more than 31 days', async () => {
    const query = 'from=2026-10-01T00:00:00Z&to=2026-11-20T00:00:00Z';
    const answer = await app.inject(`/api/v1/anomalies?${query}`);
    expect([answer.statusCode, answer.json<{ detail: string }>().detail]).toEqual([
      400,
      expect.stringContaining('at most 31 days before to'),
    ]);
  });
});

describe('GET /api/v1/expectation', () => {
  const ask = async (query: string) => (await app.inject(`/api/v1/expectation?${query}`)).json<Expectation>();

  test('has the band of each bucket, for people and bots', async () => {
    gold.setReads({ read: [{ fromMs: (START - 9 * WEEK) * 1000, toMs: NOW_MS }], pending: [] });
    for (let week = 1; week <= 8; week += 1)
      for (let minute = -120; minute < 240; minute += 1)
        gold.put('enwiki', START - week * WEEK + minute * 60, 2, 1);
    const { from, to, stepSec, wikis } = await ask(
      'wiki=enwiki,dewiki&from=2026-11-20T09:00:00Z&to=2026-11-20T09:10:00Z&step=5m',
    );
    expect([from, to, stepSec]).toEqual(['2026-11-20T09:00:00Z', '2026-11-20T09:10:00Z', 300]);
    const [english, german] = wikis;
    expect(english).toMatchObject({ wiki: 'enwiki', human: { dispersion: expect.any(Number) } });
    const [mean = 0, next = 0] = english?.human.mean.map(Number) ?? [];
    const low = english?.human.low[0] ?? 0;
    const high = english?.human.high[0] ?? 0;
    // Ten are usual, and today's slow hours allow for fewer.
    expect(mean).toBeGreaterThan(1);
    expect(mean).toBeLessThanOrEqual(10);
    expect(next).toBe(mean);
    expect(low).toBeLessThan(mean);
    expect(high).toBeGreaterThan(mean);
    expect(german?.human.mean).toEqual([0, 0]);
  });

  test('says where too little is known', async () => {
    const { wikis } = await ask('wiki=enwiki&minutes=10&step=5m');
    expect(wikis[0]?.human).toEqual({
      mean: [null, null, null],
      low: [null, null, null],
      high: [null, null, null],
      dispersion: null,
    });
  });

  test('is of all wikis together where only some are kept', async () => {
    const kept = await buildApp({
      gold,
      dashboardDir: 'not-built',
      version: '1',
      now: () => NOW_MS,
      keptWikis: ['enwiki'],
    });
    const read = { fromMs: (START - 9 * WEEK) * 1000, toMs: NOW_MS, wikis: ['enwiki'] };
    gold.setReads({ read: [read], pending: [] });
    const answer = await kept.inject('/api/v1/expectation?wiki=all&minutes=5&step=5m');
    expect(answer.json<Expectation>().wikis[0]?.human.mean).not.toContain(null);
    await kept.close();
  });
});
