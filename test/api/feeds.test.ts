import { beforeEach, describe, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import type { JsonFeed } from '../../src/api/schemas/feeds.ts';
import { MemoryGold } from './memory-gold.ts';
import { REASON, anomalyOf } from './recorded.ts';

const START = Date.parse('2026-11-20T09:00:00Z') / 1000;

describe('feeds of anomalies', () => {
  let gold: MemoryGold;
  let app: FastifyInstance;
  let nowMs: number;
  beforeEach(async () => {
    nowMs = Date.parse('2026-11-20T10:05:42Z');
    gold = new MemoryGold();
    app = await buildApp({ gold, dashboardDir: 'not-built', version: '1', now: () => nowMs });
    return () => app.close();
  });
  const ask = (url: string, host = 'edits.example') => app.inject({ url, headers: { host } });
  const items = async (url = '/feeds/anomalies.json') => (await ask(url)).json<JsonFeed>().items;

  test('say in words what was unusual, and why', async () => {
    gold.setAnomalies(anomalyOf());
    const answer = await ask('/feeds/anomalies.json');
    expect(answer.headers['content-type']).toBe('application/feed+json; charset=utf-8');
    expect(answer.json()).toEqual({
      version: 'https://jsonfeed.org/version/1.1',
      title: 'wikigauge: unusually many edits',
      home_page_url: 'http://edits.example/',
      feed_url: 'http://edits.example/feeds/anomalies.json',
      language: 'en',
      authors: [{ name: 'wikigauge' }],
      items: [
        {
          id: 'urn:wikigauge:anomaly:0f3c9a5b7d21e846',
          url: 'http://edits.example/?wiki=enwiki#0f3c9a5b7d21e846',
          title: 'English Wikipedia: 12 times as many edits as usual',
          content_text: `From 2026-11-20 09:00 UTC to 2026-11-20 09:45 UTC people made 1,890 edits in English Wikipedia, where 302 are usual. ${REASON.sentence}`,
          date_published: '2026-11-20T09:05:00Z',
          date_modified: '2026-11-20T10:00:00Z',
          tags: ['news_burst'],
        },
      ],
    });
  });

  test('leave bots out unless they are asked for', async () => {
    gold.setAnomalies(anomalyOf({ account: 'bot', to: null, reason: undefined }));
    expect(await items()).toEqual([]);
    expect(await items('/feeds/anomalies.json?bots=include')).toMatchObject([
      {
        title: 'English Wikipedia: 12 times as many edits by bots as usual',
        content_text:
          'Since 2026-11-20 09:00 UTC bots made 1,890 edits in English Wikipedia, where 302 are usual.',
      },
    ]);
  });

  test('have an entry for an event of five wikis, and one each where fewer are unusual', async () => {
    const wikis = ['dewiki', 'enwiki', 'eswiki', 'frwiki', 'itwiki'];
    const together = wikis.map((wiki, i) => anomalyOf({ id: `0${i}`, wiki, from: START + 60 * i }));
    gold.setAnomalies(...together, anomalyOf({ id: '9', wiki: 'plwiki', from: START - 7_200 }));
    const [event, other, ...more] = await items();
    expect(event).toMatchObject({
      id: 'urn:wikigauge:anomaly:00',
      title: '5 wikis at once: up to 12 times as many edits as usual',
    });
    expect(event?.content_text.split('\n')).toHaveLength(5);
    expect(other?.title).toMatch(/^Polish Wikipedia: /);
    expect(more).toEqual([]);
  });

  test('are of one wiki, which has to exist', async () => {
    gold.setAnomalies(anomalyOf(), anomalyOf({ id: 'b', wiki: 'dewiki' }));
    expect((await items('/feeds/dewiki.json')).map(({ id }) => id)).toEqual(['urn:wikigauge:anomaly:b']);
    expect((await ask('/feeds/nosuchwiki.atom')).statusCode).toBe(404);
    expect((await ask('/feeds/EN.atom')).statusCode).toBe(400);
  });

  test('are labelled where anything is simulated', async () => {
    gold.setSources({ url: 'http://x/', simulated: true });
    expect((await ask('/feeds/anomalies.atom')).body).toContain(
      '<title>wikigauge: unusually many edits (SIMULATED)</title>',
    );
  });

  test('stay the same until something is new, and are not sent again', async () => {
    gold.setAnomalies(anomalyOf());
    const first = await ask('/feeds/anomalies.atom?_=1');
    nowMs += 7_200_000;
    const again = await app.inject({
      url: '/feeds/anomalies.atom?_=2',
      headers: { host: 'edits.example', 'if-none-match': String(first.headers.etag) },
    });
    expect([again.statusCode, again.headers['cache-control']]).toEqual([304, 'no-cache']);
  });

  test('as Atom are escaped, whatever a title or a Host contains', async () => {
    const sentence = 'A & B <script>alert(1)</script> "]]>" \u0000\u0008 \ud83d end';
    gold.setAnomalies(anomalyOf({ reason: { kind: 'news_burst', sentence } }));
    const { body, headers } = await ask('/feeds/enwiki.atom');
    expect(headers['content-type']).toBe('application/atom+xml; charset=utf-8');
    expect(body).toContain(
      'A &amp; B &lt;script&gt;alert(1)&lt;/script&gt; &quot;]]&gt;&quot;   end</content>',
    );
    const hostile = await ask('/feeds/enwiki.atom', 'x"><script>');
    expect(hostile.body).toContain('href="/feeds/enwiki.atom"');
  });
});
