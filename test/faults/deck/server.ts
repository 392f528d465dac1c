/** Faults of Temporal and S3. */
import { expect } from 'vitest';
import { untilHolds } from '../../support/until.ts';
import { crash, restart } from '../support/crash.ts';
import { Skipped } from '../support/fault.ts';
import type { Fault, Occasion } from '../support/fault.ts';
import { untilFailureShows, untilTroubleIsOver, untilTroubleShows } from '../support/operator.ts';
import { tailOf, untilCommitted } from '../support/movement.ts';
import type { Servers } from '../support/servers.ts';

export const serverFaults: readonly Fault[] = [
  killed('temporal', 'Temporal'),
  killed('s3', 'S3'),
  {
    name: 'S3: slow',
    async strike({ proxies, world }) {
      const before = proxies.s3.counts.bytes;
      proxies.s3.limit(40_000);
      await untilCommitted(world, await tailOf(world));
      await untilCommitted(world, await tailOf(world));
      expect(proxies.s3.counts.bytes).toBeGreaterThan(before);
      await proxies.s3.pass();
    },
  },
  answering(500),
  answering(503),
  answeringUntilNoticed(503, 'answers 503 to everything'),
  answeringUntilNoticed(403, 'refuses every request with 403'),
  {
    name: 'S3: frozen until somebody would notice',
    async strike(pipeline) {
      const { proxies } = pipeline;
      proxies.s3.freeze();
      await untilTroubleShows(pipeline, 'storage');
      await proxies.s3.pass();
      await untilTroubleIsOver(pipeline);
    },
  },
  {
    name: 'S3: silent in the middle of a body',
    async strike(pipeline) {
      const { s3Proxy } = pipeline;
      const before = s3Proxy.counts.stalled;
      s3Proxy.behave({ kind: 'stall', share: 1 });
      await untilHolds(() => expect(s3Proxy.counts.stalled).toBeGreaterThan(before));
      await untilFailureShows(pipeline, /S3: get .*silent/);
      s3Proxy.behave({ kind: 'pass' });
    },
  },
  {
    name: 'S3: connection cut after the PUT was stored',
    async strike({ s3Proxy }) {
      const { counts } = s3Proxy;
      const before = { ...counts };
      s3Proxy.behave({ kind: 'lose answers', share: 0.5 });
      await untilHolds(() => {
        expect(counts.lostRecords).toBeGreaterThan(before.lostRecords + 1);
        expect(counts.lostAnswers).toBeGreaterThan(before.lostAnswers + 5);
      });
      s3Proxy.behave({ kind: 'pass' });
    },
  },
  {
    name: 'S3: listings begin with empty pages',
    async strike({ s3Proxy, workers, world }) {
      const before = s3Proxy.counts.emptyPages;
      s3Proxy.behave({ kind: 'empty pages' });
      // The next worker lists the log: it must find the end, not an empty log.
      await workers.newest.kill();
      const tail = await tailOf(world);
      await workers.start();
      const record = await untilCommitted(world, tail);
      expect(record.epoch).toBeGreaterThan(tail);
      expect(s3Proxy.counts.emptyPages).toBeGreaterThan(before);
      s3Proxy.behave({ kind: 'pass' });
    },
  },
  {
    name: 'S3: disk full',
    async strike({ disk, world }, { hold }) {
      if (disk === undefined) throw new Skipped('this user may not mount a file system');
      await disk.fill();
      try {
        const put = world.store.putIfAbsent('probe', new Uint8Array(1 << 20), { contentType: 'text/plain' });
        await expect(put).rejects.toMatchObject({ code: 'storage_unavailable' });
        await hold(4_000, 30_000);
      } finally {
        await disk.empty();
      }
    },
  },
];

/** kill -9 of the server and all its processes, then a restart on the same port with the same data. */
export function killed(which: keyof Servers, name: string): Fault {
  return {
    name: `${name}: kill -9 and restart`,
    async strike(pipeline, { hold }) {
      await crash(pipeline, which);
      await hold(4_000, 40_000);
      await restart(pipeline, which);
    },
  };
}

function answering(status: 500 | 503): Fault {
  return {
    name: `S3: answers ${status}`,
    async strike({ s3Proxy }, { random }: Occasion) {
      const before = s3Proxy.counts.answered;
      s3Proxy.behave({ kind: 'answer', status, share: 0.3 + 0.6 * random.unit() });
      await untilHolds(() => expect(s3Proxy.counts.answered).toBeGreaterThan(before + 20));
      s3Proxy.behave({ kind: 'pass' });
    },
  };
}

/** @param name what S3 does */
function answeringUntilNoticed(status: 403 | 503, name: string): Fault {
  return {
    name: `S3: ${name} until somebody would notice`,
    async strike(pipeline) {
      const { s3Proxy } = pipeline;
      const before = s3Proxy.counts.answered;
      s3Proxy.behave({ kind: 'answer', status, share: 1 });
      await untilTroubleShows(pipeline, 'storage');
      expect(s3Proxy.counts.answered).toBeGreaterThan(before);
      s3Proxy.behave({ kind: 'pass' });
      await untilTroubleIsOver(pipeline);
    },
  };
}
