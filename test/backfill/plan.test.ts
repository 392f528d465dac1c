/** The plan of a backfill: which source `auto` reads for which wikis, and why. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePlan } from '../../src/backfill/plan.ts';
import type { PlanInput } from '../../src/contracts/temporal/backfill.ts';
import { HOUR_MS, floorHourMs, isoMs } from '../../src/core/time.ts';
import { ApiServer } from '../source/action-api/api-server.ts';
import { DumpServer } from '../source/history-dump/dump-server.ts';
import { STREAM } from '../support/stream.ts';

const DAY_MS = 24 * HOUR_MS;
const WIKIS = ['enwiki', 'dewiki', 'frwiki', 'itwiki', 'eswiki'];
const userAgent = 'wikigauge-tests/0.1 (https://wikigauge.example; tests@wikigauge.example)';

describe('a plan', () => {
  let api: ApiServer;
  let dumps: DumpServer;
  const nowMs = floorHourMs(Date.now());
  const daysAgo = (days: number): string => isoMs(nowMs - days * DAY_MS);
  beforeAll(async () => {
    [api, dumps] = await Promise.all([ApiServer.start(), DumpServer.start()]);
    const site = WIKIS.map(dbname => ({ url: `https://${dbname.slice(0, 2)}.wikipedia.org`, dbname }));
    api.reply = url => ({
      body:
        url.searchParams.get('action') === 'sitematrix'
          ? { sitematrix: { count: WIKIS.length, '0': { site } } }
          : {
              batchcomplete: true,
              query: { recentchanges: [{ timestamp: daysAgo(30).replace('.000Z', 'Z') }] },
            },
    });
    dumps.files.set('/', Buffer.from('<a href="2099-01/">2099-01/</a>'));
  });
  afterAll(async () => {
    await Promise.all([api.close(), dumps.close()]);
  });

  async function plan(input: Partial<PlanInput>, kept: readonly string[] = []) {
    const range = { from: daysAgo(40), to: daysAgo(1), source: 'auto' as const };
    const deps = {
      definition: STREAM,
      wikis: new Set(kept),
      api: { urlTemplate: api.template, userAgent },
      dumps: { url: dumps.url('/'), userAgent },
    };
    const { signal } = new AbortController();
    const made = await makePlan({ ...range, ...input }, deps, { signal, warn: () => undefined });
    return { sources: made.stretches.map(({ source }) => source), ...made };
  }

  test('of a few wikis reads the Action API where it reaches, then the dumps, and says why', async () => {
    const { sources, stretches, why } = await plan({ wikis: ['enwiki'] });
    expect(sources).toEqual(['dump', 'api']);
    // Two hours less than the API has, because it deletes its oldest hours meanwhile.
    expect(stretches[1]).toEqual({
      source: 'api',
      from: isoMs(nowMs - 30 * DAY_MS + 2 * HOUR_MS),
      to: daysAgo(1),
    });
    expect(why).toMatch(
      /^one wiki is wanted: .*; so the API where it reaches, then the stream, then the dumps$/,
    );
  });

  test('counts the wikis that the installation keeps when none is named', async () => {
    expect((await plan({}, ['dewiki', 'frwiki'])).why).toMatch(/^2 wikis are wanted: /);
  });

  test('of many or all wikis reads the stream first', async () => {
    const many = await plan({ wikis: WIKIS });
    expect(many.sources).toEqual(['dump', 'api', 'stream']);
    expect(many.why).toMatch(/^5 wikis are wanted: .*; so the stream where it reaches/);
    const all = await plan({});
    expect(all.sources).toEqual(['dump', 'api', 'stream']);
    expect(all.why).toMatch(/^all wikis are wanted/);
  });

  test('of a source that was asked for gives no reason', async () => {
    const { sources, why } = await plan({ source: 'stream', wikis: ['enwiki'] });
    expect(sources).toEqual(['stream']);
    expect(why).toBeUndefined();
  });
});
