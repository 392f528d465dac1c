/** Faults of the stream and the network. */
import { expect } from 'vitest';
import type { TimedFault } from '../../../dev/simulator/fault-plan.ts';
import { readRecord } from '../../../src/bronze/commit-log.ts';
import { untilHolds } from '../../support/until.ts';
import type { Fault } from '../support/fault.ts';
import { Skipped } from '../support/fault.ts';
import { offsetGaps } from '../support/gaps.ts';
import { untilTroubleIsOver, untilTroubleShows } from '../support/operator.ts';
import { tailOf, untilCommitted } from '../support/movement.ts';
import type { Pipeline } from '../support/pipeline.ts';
import type { Servers } from '../support/servers.ts';
import { LOG_KEYS } from '../../support/stream.ts';

export const streamFaults: readonly Fault[] = [
  struck('cut in the middle of a line', 'cut'),
  struck('reset', 'rst'),
  struck('silent for ever', 'silence'),
  struck('messages again, out of order', 'redelivery'),
  struck('a message twice', 'duplicate'),
  claimed('one id a year ahead', 'futureid'),
  claimed('one id of many years ago', 'pastid'),
  {
    name: 'stream: a hole of thousands of offsets',
    async strike(pipeline) {
      const before = (await offsetGaps(pipeline)).length;
      pipeline.hurry();
      // Half an hour of the universe, which a busy machine takes minutes to read.
      await untilHolds(async () => expect((await offsetGaps(pipeline)).length).toBeGreaterThan(before), {
        withinMs: 180_000,
      });
      // This also cuts the connection.
      await pipeline.proxies.stream.pass();
    },
  },
  struck('answers 503', 'unavailable'),
  struck('answers 429 with Retry-After', 'ratelimit'),
  {
    name: 'stream: answers 403 until somebody would notice',
    async strike(pipeline) {
      const { faults } = pipeline.wikimedia;
      await untilConnected(pipeline.wikimedia);
      const before = faults.counts().forbidden;
      faults.strikeNow('forbidden');
      // A strike lasts 5 s.
      const again = setInterval(() => faults.strikeNow('forbidden'), 3_000);
      try {
        await untilTroubleShows(pipeline, 'stream');
      } finally {
        clearInterval(again);
      }
      expect(faults.counts().forbidden).toBeGreaterThan(before);
      await untilTroubleIsOver(pipeline);
    },
  },
  {
    name: 'stream: garbage between the messages',
    async strike({ wikimedia, world }) {
      const before = wikimedia.faults.counts().garbage;
      await untilHolds(async () => {
        const record = await untilCommitted(world, await tailOf(world));
        expect(record.deadLetters).not.toEqual([]);
        // New garbage, not only what was sent before.
        expect(wikimedia.faults.counts().garbage).toBeGreaterThan(before);
      });
    },
  },
  {
    name: 'stream: the other datacentre takes over, and the connection is cut',
    async strike(pipeline) {
      const before = await switchesPassed(pipeline);
      pipeline.hurry();
      // Half an hour of the universe, which a busy machine takes minutes to read.
      await untilHolds(async () => expect(await switchesPassed(pipeline)).toBeGreaterThan(before), {
        withinMs: 180_000,
      });
      // This also cuts the connection.
      await pipeline.proxies.stream.pass();
    },
  },
  {
    name: 'stream: half-open connection',
    async strike({ proxies, wikimedia }) {
      await untilConnected(wikimedia);
      const { counts } = proxies.stream;
      const before = { ...counts };
      proxies.stream.lose();
      expect(counts.lost).toBeGreaterThan(before.lost);
      // The worker notices by the silence alone.
      await untilHolds(() => expect(counts.accepted).toBeGreaterThan(before.accepted));
    },
  },
];

export const networkFaults: readonly Fault[] = [
  {
    name: 'network: every connection cut',
    async strike({ proxies }) {
      for (const proxy of Object.values(proxies)) {
        const before = proxy.counts.cut;
        proxy.cut();
        expect(proxy.counts.cut).toBeGreaterThanOrEqual(before);
      }
      expect(proxies.temporal.counts.cut).toBeGreaterThan(0);
    },
  },
  {
    name: 'network: refuses everything for a while',
    async strike({ proxies }, { hold }) {
      await Promise.all(Object.values(proxies).map(proxy => proxy.refuse()));
      expect(proxies.temporal.connections).toBe(0);
      await hold(4_000, 30_000);
      await Promise.all(Object.values(proxies).map(proxy => proxy.pass()));
    },
  },
  {
    name: 'network: nothing passes for a while, then all of it',
    async strike({ proxies }, { hold }) {
      for (const proxy of Object.values(proxies)) proxy.freeze();
      expect(proxies.temporal.counts.frozen).toBeGreaterThan(0);
      await hold(6_000, 40_000);
      await Promise.all(Object.values(proxies).map(proxy => proxy.pass()));
    },
  },
];

/** These take a minute each, until the other end of a dead connection times out. */
export const longNetworkFaults: readonly Fault[] = [halfOpen('temporal'), halfOpen('s3')];

export function halfOpen(which: keyof Servers): Fault {
  return {
    name: `network: half-open connections to ${which}`,
    async strike({ proxies }) {
      const way = proxies[which];
      await untilHolds(() => expect(way?.connections).toBeGreaterThan(0));
      way?.lose();
      expect(way?.counts.lost).toBeGreaterThan(0);
    },
  };
}

/** Longer than a reader takes to reconnect. */
const STRIKE_EVERY_MS = 6_000;

/** A fault that the simulated Wikimedia causes. */
function struck(what: string, fault: TimedFault | 'duplicate'): Fault {
  return {
    name: `stream: ${what}`,
    async strike({ wikimedia }) {
      await untilConnected(wikimedia);
      const before = wikimedia.faults.counts()[fault];
      const hasStruck = (): void => expect(wikimedia.faults.counts()[fault]).toBeGreaterThan(before);
      // After an earlier fault the reader may still wait on a silent connection. A fault that lasts seconds would end
      // before it reconnects, so strike until there is an effect.
      const strikes = async (): Promise<void> => {
        wikimedia.faults.strikeNow(fault);
        await untilHolds(hasStruck, { withinMs: STRIKE_EVERY_MS });
      };
      await untilHolds(strikes, { withinMs: 180_000 });
    },
  };
}

/** More than the jump of a single id that is believed. */
const BEHIND_MS = 2 * 3_600_000;

/** One id claims a wrong time; then the connection is cut, so that the next one begins where the cursor is. */
function claimed(what: string, fault: 'futureid' | 'pastid'): Fault {
  const { name, strike } = struck(what, fault);
  return {
    name,
    async strike(pipeline, occasion) {
      const { proxies, world } = pipeline;
      // Live reading is never so far behind. Where it is less, the id may be true: what it skips is a gap.
      if (Date.now() - (await readTo(pipeline)) < BEHIND_MS) throw new Skipped('the stream has nearly ended');
      await strike(pipeline, occasion);
      const { sequence } = await untilCommitted(world, await tailOf(world));
      await untilCommitted(world, sequence);
      expect(Date.now() - (await readTo(pipeline))).toBeGreaterThan(BEHIND_MS / 2);
      proxies.stream.cut();
    },
  };
}

/** The latest instant that any partition was read to, epoch ms. */
async function readTo({ world }: Pick<Pipeline, 'world'>): Promise<number> {
  const record = await readRecord(world.store, LOG_KEYS, await tailOf(world));
  const { topics = {}, partitions = {} } = record?.cursor ?? {};
  const known = [...Object.values(topics), ...Object.values(partitions)];
  return Math.max(0, ...known.map(({ timestampMs }) => timestampMs));
}

async function untilConnected(wikimedia: Pipeline['wikimedia']): Promise<void> {
  await untilHolds(() => expect(wikimedia.connections()).not.toEqual([]));
}

/** How many switches of datacentres the topics have passed, in total. Each topic has its own position. */
async function switchesPassed({ world, switchesMs }: Pick<Pipeline, 'world' | 'switchesMs'>) {
  const record = await readRecord(world.store, LOG_KEYS, await tailOf(world));
  return Object.values(record?.cursor.topics ?? {})
    .map(({ timestampMs }) => switchesMs.filter(ms => ms <= timestampMs).length)
    .reduce((sum, count) => sum + count, 0);
}
