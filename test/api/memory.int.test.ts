/** The memory of the API while many ask for a year at once, from a gold that has one. */
import { expect, test } from 'vitest';
import { freePort } from '../../dev/stack/ports.ts';
import { MINUTE_MS, isoMs } from '../../src/core/time.ts';
import { peakRssMb } from '../support/peak-rss.ts';
import { startProcess } from '../support/processes.ts';
import { openWorld } from '../support/world.ts';

const MAX_RSS_MB = 250;
const WIKIS = ['enwiki', 'dewiki'];
const MINUTES = 365 * 24 * 60;
const AT_ONCE = 20;

test('twenty questions for a year at once are all answered, in 250 MB', async () => {
  const world = await openWorld({ gold: 'postgres' });
  const toMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const fromMs = toMs - MINUTES * MINUTE_MS;
  // By gold itself, this would take as long as a year of ingest takes at its fastest.
  await world.sql.query(
    `insert into gold.edits_per_min (ts_minute, wiki, is_bot, edits, bytes_change)
     select to_timestamp(minute), wiki, false, 1 + minute::bigint / 60 % 90, 100
     from generate_series($1::bigint, $2::bigint - 60, 60) minute, unnest($3::text[]) wiki`,
    [fromMs / 1000, toMs / 1000, WIKIS],
  );
  const port = await freePort();
  const api = await startProcess(world, 'api', { env: { PORT: String(port) } });
  try {
    const range = `from=${isoMs(fromMs)}&to=${isoMs(toMs)}`;
    const statuses = await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, i) => {
        const wiki = i % 4 === 0 ? WIKIS.join() : WIKIS[i % 2];
        const format = i % 3 === 0 ? 'csv' : 'json';
        const url = `http://127.0.0.1:${port}/api/v1/series?wiki=${wiki}&${range}&format=${format}`;
        const answer = await fetch(url);
        await answer.text();
        // A busy machine may refuse some, but says when to ask again.
        return answer.status === 200 || answer.headers.has('retry-after') ? 'good' : answer.status;
      }),
    );
    const peakMb = await peakRssMb(api.pid);
    console.log(`${AT_ONCE} questions for a year at once: peak RSS of the API ${peakMb} MB`);
    expect(statuses).toEqual(statuses.map(() => 'good'));
    expect(peakMb).toBeLessThanOrEqual(MAX_RSS_MB);
    const health = await fetch(`http://127.0.0.1:${port}/healthz`);
    expect(health.status).toBe(200);
  } finally {
    await api.stop();
    await world.close();
  }
}, 600_000);
