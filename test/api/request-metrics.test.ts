/** What an API says of its answers to whoever watches it. */
import { expect, test } from 'vitest';
import { buildApp } from '../../src/api/app.ts';
import { goldProblem } from '../../src/api/gold-problem.ts';
import { Metrics } from '../../src/telemetry/metrics.ts';
import { MemoryGold } from './memory-gold.ts';

test('counts answers by route and status, and a path that nobody serves under one name', async () => {
  const metrics = new Metrics();
  const app = await buildApp({ gold: new MemoryGold(), dashboardDir: 'not-built', version: '1', metrics });
  const paths = ['/wikis?limit=2', '/wikis', '/wikis?limit=x', '/made/up/1', '/made/up/2'];
  for (const path of paths) await app.inject(path);
  await app.close();
  const text = metrics.text();
  const counts = [
    ['/wikis', 200, 2],
    ['/wikis', 400, 1],
    ['unmatched', 404, 2],
  ];
  for (const [route, status, count] of counts)
    expect(text).toContain(
      `wikigauge_http_requests_total{method="GET",route="${route}",status="${status}"} ${count}\n`,
    );
  expect(text).toContain('wikigauge_http_request_seconds_count{route="/wikis"} 3\n');
  expect(text).not.toContain('made');
});

test('is ready while gold answers, and otherwise says why without the driver’s words', async () => {
  const gold = new MemoryGold();
  expect(await goldProblem(gold)).toBeUndefined();
  gold.failure = Object.assign(new Error('password=secret'), { code: 'ECONNREFUSED' });
  expect(await goldProblem(gold)).toMatchObject({ error: 'gold is unavailable (ECONNREFUSED)' });
});
