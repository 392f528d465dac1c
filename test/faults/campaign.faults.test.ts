/**
 * One campaign: while several hours of a simulated universe stream through the real parts, everything that can go
 * wrong does, in an order and at moments that a seed decides. After each fault the pipeline must move again; in the
 * end bronze and gold equal the oracle row by row. One campaign for each place where gold can be.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { Random, keyOf } from '../../dev/simulator/random.ts';
import { deckFor } from './deck/cards.ts';
import { expectBronze, expectGold, untilSwept } from './support/comparison.ts';
import { Skipped } from './support/fault.ts';
import type { Fault } from './support/fault.ts';
import type { GoldKind } from './support/form.ts';
import { keepFolder } from './support/keep-folder.ts';
import { untilMoves } from './support/movement.ts';
import { openPipeline } from './support/pipeline.ts';
import type { Pipeline } from './support/pipeline.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Events a second of the universe, and hours of it for each round: more than a round takes at this pace. */
const RATE = 6;
const HOURS_PER_ROUND = 8;
/** Events a second as they come: an hour passes in a minute and a half. */
const PACE = 250;
/** The traffic changes from one datacentre to the other this often. */
const SWITCH_EVERY_MS = HOUR_MS / 2;

const form = inject('form');
const { seed, rounds, isLong } = form;

for (const gold of form.golds) {
  const deck = deckFor(gold, form);
  const campaign = Array.from({ length: rounds }, (_, i) =>
    shuffled(deck, `order ${i}`).map(fault => [i, fault] as const),
  ).flat();
  // A misspelt `--only` must not look like a campaign that was survived.
  describe.skipIf(campaign.length === 0)(`the campaign with gold in ${gold}`, () => {
    survive(gold, campaign);
  });
}

function survive(gold: GoldKind, campaign: readonly (readonly [round: number, fault: Fault])[]): void {
  let pipeline: Pipeline;
  let hasFailed = false;

  beforeAll(async () => {
    console.log(
      `faults: gold in ${gold}, seed ${seed}, in this order: ${campaign.map(([, { name }]) => name).join(' · ')}`,
    );
    const untilMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
    const fromMs = untilMs - rounds * HOURS_PER_ROUND * HOUR_MS;
    const switches = Array.from({ length: (untilMs - fromMs) / SWITCH_EVERY_MS - 1 }, (_, i) =>
      new Date(fromMs + (i + 1) * SWITCH_EVERY_MS).toISOString(),
    );
    pipeline = await openPipeline({
      name: `campaign-${gold}`,
      gold,
      seed,
      universe: {
        seed: String(seed),
        rate: String(RATE),
        from: new Date(fromMs).toISOString(),
        until: new Date(untilMs).toISOString(),
        switch: switches.join(','),
        replayRate: String(PACE),
        faults: 'garbage=0.003,duplicate=0.01',
      },
      settings: { FLUSH_MIN_LINES: '400', FLUSH_MAX_SEC: '2' },
      diskMegabytes: 256 * rounds,
    });
    await pipeline.workers.start();
    await pipeline.startIngest();
    await untilMoves(pipeline.world);
  }, 120_000);
  afterAll(() => pipeline.close(), 120_000);

  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => {
      hasFailed = true;
      keepFolder(gold);
    });
  });

  for (const [round, fault] of campaign) {
    test(`${fault.name}${rounds === 1 ? '' : ` (${round + 1})`}`, async ({ skip }) => {
      skip(hasFailed, 'a fault before this one was too much');
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
    }, 300_000);
  }

  test('in the end bronze and gold equal the oracle', async () => {
    await pipeline.mend();
    pipeline.hurry();
    await expectGold(pipeline, 420_000);
    // What came after the last edit is flushed by the end of a worker; the next one removes what crashes left.
    await pipeline.workers.stopAll();
    await pipeline.workers.start();
    await untilSwept(pipeline.world);
    await pipeline.workers.stopAll();
    expect(pipeline.workers.crashes).toEqual([]);
    await expectBronze(pipeline);
  }, 600_000);
}

function shuffled(faults: readonly Fault[], purpose: string): Fault[] {
  const random = new Random(keyOf(seed, purpose));
  const left = [...faults];
  return Array.from({ length: left.length }, () => left.splice(random.below(left.length), 1)).flat();
}
