/** Damaged and hostile objects of gold: every route answers, with all that is not in them, and the status names them. */
import { expect, test } from 'vitest';
import { buildApp } from '../../src/api/app.ts';
import type { Status } from '../../src/api/schemas/status.ts';
import { openS3Gold } from '../../src/gold/parquet/parquet-gold.ts';
import { DAMAGES, damage, writeSmallGold } from '../support/damaged-objects.ts';
import { explanationOf } from './explained.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';

const NOW_MS = Date.parse('2026-11-20T04:30:00Z');
const ROUTES = [
  '/wikis',
  '/edits?wiki=enwiki&minutes=2880',
  '/edits?minutes=60',
  '/api/v1/gaps?minutes=2880',
  '/api/v1/backfills?minutes=2880',
  '/api/v1/wikis?window=24h',
  '/api/v1/series?wiki=enwiki&minutes=2880',
  '/api/v1/series?wiki=all&minutes=2880',
  '/api/v1/coverage?wiki=enwiki&minutes=2880',
  '/api/v1/explain?wiki=enwiki&from=2026-11-20T01:00:00Z&to=2026-11-20T02:00:00Z',
  '/api/v1/anomalies?minutes=2880',
  '/api/v1/expectation?wiki=enwiki&minutes=2880',
  '/feeds/anomalies.atom',
  '/feeds/enwiki.json',
  '/api/v1/hours?minutes=2880',
  '/api/v1/hours/2026-11-20T01',
  '/api/v1/hours/2026-11-19T20',
  '/healthz',
  '/api/v1/status',
];

type Unreadable = NonNullable<Status['unreadable']>;

test.each(DAMAGES)('$title', async one => {
  const store = new MemoryObjectStore();
  const small = await writeSmallGold(store, NOW_MS);
  const key = await damage(store, one, small);
  const gold = openS3Gold(store, () => NOW_MS);
  const explain = async () => explanationOf();
  const app = await buildApp({ gold, dashboardDir: 'not-built', version: '1', now: () => NOW_MS, explain });
  try {
    for (const url of ROUTES) expect([url, (await app.inject(url)).statusCode]).toEqual([url, 200]);
    const lost = one.lost?.(small) ?? [];
    const edits = (await app.inject('/edits?wiki=enwiki&minutes=2880')).json<{ ts: string }[]>();
    expect(edits.map(({ ts }) => ts.slice(0, 13))).toEqual(small.hours.filter(hour => !lost.includes(hour)));
    for (const wiki of ['enwiki', 'all']) {
      const url = `/api/v1/series?wiki=${wiki}&minutes=2880&format=csv`;
      const counted = (await app.inject(url)).body.split('\r\n').filter(line => /,\d+,\d+,/.test(line));
      expect(new Set(counted.map(line => line.slice(0, 13)))).toEqual(
        new Set(small.hours.filter(hour => !lost.includes(hour))),
      );
    }
    const wikis = (await app.inject('/wikis')).json<unknown[]>();
    expect(wikis).toEqual(['enwiki']);
    expect((await app.inject('/api/v1/gaps?minutes=2880')).json()).toHaveLength(1);
    const status = (await app.inject('/api/v1/status')).json<Record<string, unknown>>();
    expect(status).toMatchObject({ lastMinute: `${small.hours.at(-1)}:00:00Z`, simulated: true });
    const problems = (status['unreadable'] as Unreadable | undefined)?.first ?? [];
    expect(problems.map(found => found.key)).toEqual(one.said === undefined ? [] : [key]);
    expect(problems[0]?.problem ?? '').toContain(one.said ?? '');
  } finally {
    await app.close();
  }
});
