import { beforeEach, describe, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import type { ExplainedRange } from '../../src/contracts/explanation.ts';
import { MemoryGold } from './memory-gold.ts';
import { explanationOf } from './explained.ts';

const NOW_MS = Date.parse('2026-11-20T10:05:42Z');
const START = Date.parse('2026-11-20T09:00:00Z') / 1000;

describe('GET /api/v1/explain', () => {
  let app: FastifyInstance;
  let asked: ExplainedRange[];
  const base = { dashboardDir: 'not-built', version: '1', now: () => NOW_MS };
  beforeEach(async () => {
    asked = [];
    app = await buildApp({
      ...base,
      gold: new MemoryGold(),
      explain: async range => {
        asked.push(range);
        return explanationOf();
      },
    });
    return () => app.close();
  });
  const ask = (query: string) => app.inject(`/api/v1/explain?${query}`);

  test('answers with the reason in words, what it follows from, and addresses on the wiki', async () => {
    const answer = await ask('wiki=enwiki&from=2026-11-20T09:00:00Z&to=2026-11-20T09:15:00Z');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      wiki: 'enwiki',
      from: '2026-11-20T09:00:00Z',
      to: '2026-11-20T09:15:00Z',
      sentence:
        'Up to 40 accounts changed the same page, most of all “Moon landing”; 1 other wiki had a rise too: probably news.',
      cause: {
        kind: 'news_burst',
        share: 0.548,
        accounts: 40,
        page: { title: 'Moon landing', share: 0.373 },
      },
      edits: 160,
      busiestAccount: { url: 'https://en.wikipedia.org/wiki/Special:Contributions/Example', changes: 12 },
      busierWikis: [{ wiki: 'dewiki', edits: 120, factor: 3.1 }],
      newcomers: { accounts: 21, changes: 30 },
    });
    expect(answer.json<{ topPages: object[] }>().topPages[1]).toEqual({
      wiki: 'x',
      title: 'New',
      changes: 62,
      share: 0.373,
      accounts: 40,
      restored: 3,
      new: true,
    });
    expect(asked).toEqual([{ wiki: 'enwiki', from: START, to: START + 900 }]);
  });

  test('reads whole minutes that have begun', async () => {
    await ask('wiki=all&from=2026-11-20T10:00:30Z&to=2026-11-20T10:59:00Z');
    expect(asked).toEqual([{ wiki: 'all', from: START + 3_600, to: START + 3_600 + 360 }]);
  });

  test.each([
    ['more than an hour', 'wiki=enwiki&from=2026-11-20T08:00:00Z&to=2026-11-20T09:01:00Z', 'to'],
    ['no range', 'wiki=enwiki', 'from'],
    ['no end', 'wiki=enwiki&from=2026-11-20T08:00:00Z', 'to'],
    ['a time without a zone', 'wiki=enwiki&from=2026-11-20T08:00&to=2026-11-20T09:00:00Z', 'from'],
    ['several wikis', 'wiki=enwiki,dewiki&from=2026-11-20T08:00:00Z&to=2026-11-20T09:00:00Z', 'wiki'],
  ])('refuses %s, and names the parameter', async (_, query, parameter) => {
    const answer = await ask(query);
    expect(answer.statusCode).toBe(400);
    expect(answer.json<{ errors: { parameter: string }[] }>().errors[0]?.parameter).toBe(parameter);
    expect(asked).toEqual([]);
  });

  test('takes 200 units, and reads nothing for a wiki that does not exist', async () => {
    const answer = await ask('wiki=nosuchwiki&from=2026-11-20T08:00:00Z&to=2026-11-20T09:00:00Z');
    expect([answer.statusCode, asked]).toEqual([404, []]);
    expect(answer.headers['ratelimit']).toBe('"client";r=11800;t=1');
  });

  test('says why it cannot explain without a store', async () => {
    const bare = await buildApp({ ...base, gold: new MemoryGold() });
    const answer = await bare.inject(
      '/api/v1/explain?wiki=enwiki&from=2026-11-20T08:00:00Z&to=2026-11-20T09:00:00Z',
    );
    expect([answer.statusCode, answer.json<{ detail: string }>().detail]).toEqual([
      503,
      'This API cannot read bronze, so it cannot explain anything: give it BUCKET and keys that may read it. Counts are answered without it.',
    ]);
    await bare.close();
  });
});
