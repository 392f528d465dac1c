/**
 * A producer stops for two hours while the offsets of its topic stay contiguous, on real servers: no event is missing, and both
 * hours are called quiet once they are sealed, which is when events come again.
 */
import { afterEach, describe, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { parseSimulateOptions } from '../../dev/simulator/options.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { settingsOf } from '../../dev/simulator/settings.ts';
import type { Child } from '../../dev/stack/child.ts';
import { buildApp } from '../../src/api/app.ts';
import { DETECT_ANOMALIES_ID } from '../../src/contracts/temporal/names.ts';
import { HOUR_MS, floorHourMs, hourOf, isoMs } from '../../src/core/time.ts';
import { INGEST_ID } from '../../src/recentchange/definition.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import { GOLD_ALONE } from '../support/form.ts';
import { replayRuns } from '../support/histories.ts';
import { startProcess } from '../support/processes.ts';
import { triggered } from '../support/triggered.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

describe.each(GOLD_ALONE)('a producer that stops, with gold in %s', kind => {
  let world: World;
  let wikimedia: Wikimedia;
  let worker: Child;
  let app: FastifyInstance;
  afterEach(async () => {
    await app.close();
    await worker.stop();
    await replayRuns(world, 'quiet-hours');
    await wikimedia.close();
    await world.close();
  });

  const json = async (url: string): Promise<unknown> => (await app.inject(url)).json();

  test('is noticed when its hours are sealed', async () => {
    const hourMs = floorHourMs(Date.now());
    const at = (hours: number): string => isoMs(hourMs + hours * HOUR_MS);
    const named = (hours: number): string => hourOf((hourMs + hours * HOUR_MS) / 1000);
    const [usual, first, second, open] = [named(-5), named(-4), named(-3), named(-2)];
    world = await openWorld({ gold: kind });
    wikimedia = await startWikimedia(
      parseSimulateOptions({
        port: '0',
        rate: '2',
        from: at(-7),
        // Canaries go on, as those of Wikimedia did.
        outages: `${at(-4)}=2h`,
        until: at(-1.5),
      }),
    );
    const { gold } = world;
    app = await buildApp({ gold, dashboardDir: 'not-built', version: '1' });
    await startIngest(world.client, INGEST_ID, { since: at(-7) });
    worker = await startProcess(world, 'worker', { env: { ...settingsOf(wikimedia), FLUSH_MAX_SEC: '2' } });
    // What is usual is read once an hour, so nothing is to be compared before the hours are there.
    await world.client.schedule.getHandle(DETECT_ANOMALIES_ID).pause();
    await untilHolds(
      async () => {
        const audits = await gold.audits(hourMs / 1000 - 6 * 3_600, hourMs / 1000, 9);
        const sealed = audits.filter(({ audit }) => audit.isSealed).map(({ hour }) => hour);
        expect(sealed).toEqual(expect.arrayContaining([usual, first, second]));
        expect(sealed).not.toContain(open);
      },
      { withinMs: 120_000 },
    );

    await triggered(world.client, DETECT_ANOMALIES_ID);
    // The first events after an outage may carry times from before its end.
    const quiet = { state: 'quiet', factor: 0 };
    await untilHolds(async () =>
      expect(await json(`/api/v1/hours/${second}`)).toMatchObject({ gaps: [], expectation: quiet }),
    );
    expect(await json(`/api/v1/hours/${first}`)).toMatchObject({
      gaps: [],
      expectation: {
        ...quiet,
        edits: 0,
        quiet: expect.arrayContaining([expect.objectContaining({ edits: 0 })]),
      },
    });
    expect(await json(`/api/v1/hours/${usual}`)).toMatchObject({
      expectation: { state: 'as_usual', quiet: [] },
    });
    expect(await json(`/api/v1/hours/${open}`)).not.toHaveProperty('expectation');
    expect(await json(`/api/v1/coverage?wiki=all&from=${at(-6)}&to=${at(0)}`)).toMatchObject({
      quiet: [
        { hour: first, edits: 0 },
        { hour: second, factor: 0 },
      ],
    });
    expect(await gold.gaps(0)).toEqual([]);
  });
});
