/** Faults of gold in S3. */
import { expect } from 'vitest';
import { GOLD_HOURS } from '../../../src/contracts/storage/object-keys.ts';
import { untilHolds } from '../../support/until.ts';
import type { Fault } from '../support/fault.ts';
import { goldAway } from '../support/gold-away.ts';
import { tailOf, untilCommitted } from '../support/movement.ts';

/** Many parts of an hour at a time, so that both workers write it at once. */
const SMALL_PARTS = { FLUSH_MIN_LINES: '20' };

export const goldInS3Faults: readonly Fault[] = [
  {
    name: 'gold in S3: refused for a while',
    async strike(pipeline, { hold }) {
      const { world } = pipeline;
      await goldAway.s3.begin(pipeline);
      // Ingest continues meanwhile.
      const { sequence, parts } = await untilCommitted(world, await tailOf(world));
      await untilCommitted(world, sequence);
      await hold(4_000, 70_000);
      const keys = parts.map(({ key }) => key);
      expect(await world.gold.unapplied(keys)).toEqual(keys);
      await goldAway.s3.end(pipeline);
    },
  },
  {
    name: 'gold in S3: connection cut after an hour was stored',
    async strike({ s3Proxy }) {
      const before = s3Proxy.counts.lostAnswers;
      s3Proxy.behave({ kind: 'lose answers', share: 0.5, below: GOLD_HOURS });
      await untilHolds(() => expect(s3Proxy.counts.lostAnswers).toBeGreaterThan(before + 5));
      s3Proxy.behave({ kind: 'pass' });
    },
  },
  {
    name: 'gold in S3: two workers write the same hour',
    async strike({ workers, s3Proxy }) {
      const previous = workers.newest;
      const pair = await Promise.all([workers.start(SMALL_PARTS), workers.start(SMALL_PARTS)]);
      await previous.stop();
      const before = s3Proxy.counts.conflicts;
      await untilHolds(() => expect(s3Proxy.counts.conflicts).toBeGreaterThan(before + 10));
      await workers.start();
      await Promise.all(pair.map(worker => worker.stop()));
    },
  },
];
