/**
 * Ten minutes of ten times the live rate while Postgres is away: 300,000 events (a fifth of it in the short form),
 * which come faster still. The worker's memory stays bounded, bronze takes everything in, and once Postgres is back
 * gold catches up and equals the oracle.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { isTaken } from '../../local/ports.ts';
import { peakRssMb } from '../support/peak-rss.ts';
import { untilHolds } from '../support/until.ts';
import { expectBronze, expectGold, untilSwept } from './support/comparison.ts';
import { keepFolder } from './support/keep-folder.ts';
import { eventsCommitted, tailOf } from './support/movement.ts';
import { openPipeline } from './support/pipeline.ts';
import type { Pipeline } from './support/pipeline.ts';

const MINUTE_MS = 60_000;
const LIVE_RATE = 50;
const { seed, isLong, only } = inject('form');
const MINUTES = isLong ? 10 : 2;
/** Mean rate of the universe over a day: even in its quiet hours it is ten times that of the live stream. */
const RATE = 20 * LIVE_RATE;
/** Node, the SDK's core and an idle worker take about half of this. */
const MAX_RSS_MB = 700;

describe.runIf('Postgres away at ten times the live rate'.includes(only))('the backlog', () => {
  let pipeline: Pipeline;

  beforeAll(async () => {
    const untilMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
    pipeline = await openPipeline({
      name: 'backlog',
      seed,
      universe: {
        seed: String(seed),
        rate: String(RATE),
        from: new Date(untilMs - MINUTES * MINUTE_MS).toISOString(),
        until: new Date(untilMs).toISOString(),
      },
      // Small parts make the longest queue of them.
      settings: { FLUSH_MIN_LINES: '1000', FLUSH_MAX_SEC: '5' },
    });
  }, 120_000);
  afterAll(() => pipeline.close(), 120_000);
  beforeEach(({ onTestFailed }) => onTestFailed(keepFolder));

  test('Postgres away at ten times the live rate', async () => {
    const { servers, proxies, workers, world, wikimedia } = pipeline;
    const worker = await workers.start();
    await pipeline.startIngest();
    // Reading has begun: where a stream that was never read begins is asked of gold, too.
    await untilHolds(async () => expect(await tailOf(world)).toBeGreaterThan(1));
    await Promise.all([servers.postgres.kill(), proxies.postgres.refuse()]);
    expect(await isTaken(servers.postgres.port)).toBe(false);

    const events = await eventsOf(wikimedia.url, pipeline.range);
    expect(events).toBeGreaterThan(MINUTES * 60 * 10 * LIVE_RATE);
    await untilHolds(async () => expect(await eventsCommitted(world)).toBeGreaterThanOrEqual(events), {
      withinMs: 400_000,
      everyMs: 1_000,
    });
    await servers.postgres.start();
    await proxies.postgres.pass();
    await expectGold(pipeline, 420_000);

    const peakMb = await peakRssMb(worker.pid);
    console.log(`backlog: ${events} events without Postgres; peak RSS of the worker ${peakMb} MB`);
    expect(peakMb).toBeLessThan(MAX_RSS_MB);
    await untilSwept(world);
    await workers.stopAll();
    expect(workers.crashes).toEqual([]);
    await expectBronze(pipeline);
  }, 900_000);
});

async function eventsOf(wikimedia: string, [from, to]: Pipeline['range']): Promise<number> {
  const answer = await fetch(`${wikimedia}/oracle/events/count?from=${from}&to=${to}`);
  return ((await answer.json()) as { events: number }).events;
}
