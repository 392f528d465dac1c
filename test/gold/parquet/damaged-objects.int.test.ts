/** Damaged and hostile objects on a real store: the API answers as with a store in memory, and `verify` has a verdict. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildApp } from '../../../src/api/app.ts';
import { DAY_MS, isoMs } from '../../../src/core/time.ts';
import { openS3Gold } from '../../../src/gold/parquet/parquet-gold.ts';
import { DAMAGES, damage, writeSmallGold } from '../../support/damaged-objects.ts';
import { verifyWorld } from '../../support/verify.ts';
import { openWorld } from '../../support/world.ts';
import type { World } from '../../support/world.ts';

const NOW_MS = Date.parse('2026-11-20T04:30:00Z');
const ROUTES = [
  '/wikis',
  '/edits?wiki=enwiki&minutes=2880',
  '/api/v1/gaps?minutes=2880',
  '/api/v1/backfills?minutes=2880',
  '/api/v1/anomalies?minutes=2880',
  '/api/v1/coverage?wiki=enwiki&minutes=2880',
  '/api/v1/status',
];

describe('on a real store', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld({ gold: 's3' });
  });
  afterEach(() => world.close());

  test.each(DAMAGES)('$title', async one => {
    const small = await writeSmallGold(world.store, NOW_MS);
    const key = await damage(world.store, one, small);
    const gold = openS3Gold(world.store, () => NOW_MS);
    const app = await buildApp({ gold, dashboardDir: 'not-built', version: '1', now: () => NOW_MS });
    try {
      for (const url of ROUTES) expect([url, (await app.inject(url)).statusCode]).toEqual([url, 200]);
      const edits = (await app.inject('/edits?wiki=enwiki&minutes=2880')).json<{ ts: string }[]>();
      const lost = one.lost?.(small) ?? [];
      expect(edits.map(({ ts }) => ts.slice(0, 13))).toEqual(
        small.hours.filter(hour => !lost.includes(hour)),
      );
      const named = gold.unreadable?.().map(found => found.key);
      expect(named).toEqual(one.said === undefined ? [] : [key]);
    } finally {
      await app.close();
    }
    const range = { from: isoMs(NOW_MS - DAY_MS), to: isoMs(NOW_MS) };
    const { code, output } = await verifyWorld(world, range, { nowMs: NOW_MS });
    expect([code, output]).toEqual([1, expect.stringContaining('NOT exact')]);
    // Rows of another hour differ from bronze, which has none of these hours.
    expect(output).toContain(one.title.includes('with rows') ? 'gold counted' : key.split('\u001b', 1)[0]);
  });
});
