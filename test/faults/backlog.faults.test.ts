/**
 * Minutes of ten times the live rate (two in the short form, ten in the longest) arrive as fast as they can be read while gold is
 * unreachable: Postgres is down, or S3 refuses every request for gold, or both. Bronze stores everything, the worker's
 * memory stays bounded, and once gold is back it catches up and equals the oracle.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { isLong as isInLongTests } from '../support/form.ts';
import { peakRssMb } from '../support/peak-rss.ts';
import { untilHolds } from '../support/until.ts';
import { expectBronze, expectGold, untilSwept } from './support/comparison.ts';
import { placesOf } from './support/form.ts';
import type { GoldSetting } from './support/form.ts';
import { goldAway } from './support/gold-away.ts';
import { keepFolder } from './support/keep-folder.ts';
import { eventsCommitted, tailOf } from './support/movement.ts';
import { openPipeline } from './support/pipeline.ts';
import type { Pipeline } from './support/pipeline.ts';

const MINUTE_MS = 60_000;
const LIVE_RATE = 50;
const { seed, isLong, only, golds } = inject('form');
const MINUTES = isLong ? 10 : isInLongTests ? 5 : 2;
/** Mean rate of the universe over a day: even its quiet hours have ten times the live rate. */
const RATE = 20 * LIVE_RATE;
/** An idle worker (Node and the SDK's core) takes about half of this. */
const MAX_RSS_MB = 700;

const NAMES: Readonly<Record<GoldSetting, string>> = {
  postgres: 'Postgres',
  s3: 'gold in S3',
  'postgres,s3': 'gold in Postgres and in S3',
};

const WHEN = 'away at ten times the live rate';

for (const gold of golds) {
  describe.runIf(`${NAMES[gold]} ${WHEN}`.includes(only))(`${NAMES[gold]} ${WHEN}`, () => {
    catchUp(gold);
  });
}

function catchUp(gold: GoldSetting): void {
  let pipeline: Pipeline;

  beforeAll(async () => {
    const untilMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
    pipeline = await openPipeline({
      name: `backlog-${placesOf(gold).join('-')}`,
      gold,
      seed,
      universe: {
        seed: String(seed),
        rate: String(RATE),
        from: new Date(untilMs - MINUTES * MINUTE_MS).toISOString(),
        until: new Date(untilMs).toISOString(),
      },
      // Small parts make the queue of parts as long as possible.
      settings: { FLUSH_MIN_LINES: '1000', FLUSH_MAX_SEC: '5' },
    });
  }, 120_000);
  afterAll(() => pipeline.close(), 120_000);
  beforeEach(({ onTestFailed }) => onTestFailed(() => keepFolder(gold)));

  test('bronze stores everything, and gold catches up', async () => {
    const { workers, world, wikimedia } = pipeline;
    const worker = await workers.start();
    await pipeline.startIngest();
    // Only now: the start position of a stream that was never read depends on gold.
    await untilHolds(async () => expect(await tailOf(world)).toBeGreaterThan(1));
    // S3 first: with Postgres down, a worker that keeps gold in both does not get as far as S3.
    for (const place of placesOf(gold).toReversed()) await goldAway[place].begin(pipeline);

    const events = await eventsOf(wikimedia.url, pipeline.range);
    expect(events).toBeGreaterThan(MINUTES * 60 * 10 * LIVE_RATE);
    await untilHolds(async () => expect(await eventsCommitted(world)).toBeGreaterThanOrEqual(events), {
      withinMs: 1_200_000,
      everyMs: 1_000,
    });
    for (const place of placesOf(gold)) await goldAway[place].end(pipeline);
    await expectGold(pipeline, 420_000);

    const peakMb = await peakRssMb(worker.pid);
    console.log(`backlog: ${events} events with ${NAMES[gold]} away; peak RSS of the worker ${peakMb} MB`);
    expect(peakMb).toBeLessThan(MAX_RSS_MB);
    await untilSwept(pipeline);
    await workers.stopAll();
    expect(workers.crashes).toEqual([]);
    await expectBronze(pipeline);
  }, 2_100_000);
}

async function eventsOf(wikimedia: string, [from, to]: Pipeline['range']): Promise<number> {
  const answer = await fetch(`${wikimedia}/oracle/events/count?from=${from}&to=${to}`);
  return ((await answer.json()) as { events: number }).events;
}
