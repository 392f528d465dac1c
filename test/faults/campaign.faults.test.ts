/**
 * A campaign: while several hours of a simulated universe stream through the real parts, the faults of the deck strike,
 * in an order and at times that a seed determines. After each fault the pipeline must make progress again, and all the
 * while each open hour equals the parts in its ledger; at the end bronze and gold equal the oracle row by row, and no seal
 * has corrected anything. The short form keeps gold in both places at once, so one campaign covers
 * both; `--gold each` runs a campaign for each place. As part of `npm test` only some faults strike, others in each run.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { Random, keyOf } from '../../dev/simulator/random.ts';
import { isoMs } from '../../src/core/time.ts';
import { deckFor } from './deck/cards.ts';
import { expectCleanAudits } from './support/audits.ts';
import { expectBronze, expectGold, untilSwept } from './support/comparison.ts';
import { Skipped } from './support/fault.ts';
import type { Fault } from './support/fault.ts';
import { placesOf } from './support/form.ts';
import type { GoldSetting } from './support/form.ts';
import { expectGaps } from './support/gaps.ts';
import { keepFolder } from './support/keep-folder.ts';
import { untilMoves } from './support/movement.ts';
import { OpenHoursWatch } from './support/open-hours-watch.ts';
import { openPipeline } from './support/pipeline.ts';
import type { Pipeline } from './support/pipeline.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Events a second in the universe, and its hours: more than are streamed while the faults strike. */
const RATE = 6;
const HOURS_PER_FAULT = 0.18;
const LEAST_HOURS = 4;
/** Events a second as they are streamed: an hour takes a minute and a half. */
const PACE = 250;
/** Offsets are skipped this long after each switch. The holes have different sizes, so that none is taken for another. */
const HOLE_AFTER_MS = HOUR_MS / 4;
const HOLE_SIZE = 4_000;
/** The traffic switches from one datacentre to the other this often. */
const SWITCH_EVERY_MS = HOUR_MS / 2;

const form = inject('form');
const { seed, rounds, isLong, most } = form;

for (const gold of form.golds) {
  const deck = deckFor(gold, form);
  const campaign = Array.from({ length: rounds }, (_, i) =>
    shuffled(deck, `order ${i}`)
      .slice(0, most)
      .map(fault => [i, fault] as const),
  ).flat();
  // A misspelt `--only` must not look like a passed campaign.
  describe.skipIf(campaign.length === 0)(`the campaign with gold in ${placesOf(gold).join(' and ')}`, () => {
    survive(gold, campaign);
  });
}

function survive(gold: GoldSetting, campaign: readonly (readonly [round: number, fault: Fault])[]): void {
  let pipeline: Pipeline;
  let openHours: OpenHoursWatch;
  let hasFailed = false;

  beforeAll(async () => {
    console.log(
      `faults: gold in ${placesOf(gold).join(' and ')}, seed ${seed}, in this order: ${campaign.map(([, { name }]) => name).join(' · ')}`,
    );
    const untilMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
    const hours = Math.max(LEAST_HOURS, Math.ceil(HOURS_PER_FAULT * campaign.length));
    const fromMs = untilMs - hours * HOUR_MS;
    const switches = Array.from({ length: (untilMs - fromMs) / SWITCH_EVERY_MS - 1 }, (_, i) =>
      new Date(fromMs + (i + 1) * SWITCH_EVERY_MS).toISOString(),
    );
    pipeline = await openPipeline({
      name: `campaign-${placesOf(gold).join('-')}`,
      gold,
      seed,
      universe: {
        seed: String(seed),
        rate: String(RATE),
        from: new Date(fromMs).toISOString(),
        until: new Date(untilMs).toISOString(),
        switch: switches.join(','),
        partitions: String(1 + (seed % 3)),
        holes: switches.map((at, i) => `${isoMs(Date.parse(at) + HOLE_AFTER_MS)}=${HOLE_SIZE + i}`).join(','),
        replayRate: String(PACE),
        faults: 'garbage=0.003,duplicate=0.01',
      },
      settings: { FLUSH_MIN_LINES: '400', FLUSH_MAX_SEC: '2' },
      diskMegabytes: 256 * rounds,
    });
    await pipeline.workers.start();
    await pipeline.startIngest();
    openHours = new OpenHoursWatch(pipeline);
    openHours.start();
    await untilMoves(pipeline.world);
  }, 120_000);
  afterAll(async () => {
    await openHours.stop();
    await pipeline.close();
  }, 120_000);

  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => {
      hasFailed = true;
      keepFolder(gold);
    });
  });

  for (const [round, fault] of campaign) {
    test(`${fault.name}${rounds === 1 ? '' : ` (${round + 1})`}`, async ({ skip }) => {
      skip(hasFailed, 'an earlier fault failed');
      const random = new Random(keyOf(seed, `${fault.name} ${round}`));
      await sleep(random.below(1_500));
      const hold = (shortMs: number, longMs: number) =>
        sleep((isLong ? longMs : shortMs) * (0.5 + 0.5 * random.unit()));
      try {
        await fault.strike(pipeline, { random, hold });
      } catch (error) {
        if (error instanceof Skipped) skip(error.message);
        throw error;
      }
      await untilMoves(pipeline.world);
      expect(pipeline.workers.crashes).toEqual([]);
      expect(openHours.differences).toEqual([]);
    }, 300_000);
  }

  test('at the end bronze and gold equal the oracle', async () => {
    await pipeline.repair();
    pipeline.hurry();
    // The rest of the universe, on a machine that may have other work.
    await expectGold(pipeline, 1_500_000);
    // A worker flushes what follows the last edit when it stops; the next one removes what crashes left behind.
    await pipeline.workers.stopAll();
    await pipeline.workers.start();
    await untilSwept(pipeline);
    await pipeline.workers.stopAll();
    expect(pipeline.workers.crashes).toEqual([]);
    await openHours.stop();
    expect(openHours.differences).toEqual([]);
    for (const place of placesOf(gold))
      expect(openHours.compared).toContainEqual(expect.stringContaining(place));
    await expectCleanAudits(pipeline);
    await expectGaps(pipeline);
    await expectBronze(pipeline);
  }, 1_800_000);
}

function shuffled(faults: readonly Fault[], purpose: string): Fault[] {
  const random = new Random(keyOf(seed, purpose));
  const left = [...faults];
  return Array.from({ length: left.length }, () => left.splice(random.below(left.length), 1)).flat();
}
