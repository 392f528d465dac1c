/** What can happen to Temporal, Postgres and S3. */
import { DatabaseError } from 'pg';
import type { Client } from 'pg';
import { expect } from 'vitest';
import { isTaken } from '../../../local/ports.ts';
import { untilHolds } from '../../support/until.ts';
import { Skipped } from '../support/fault.ts';
import type { Fault, Occasion } from '../support/fault.ts';
import { tailOf, untilCommitted } from '../support/movement.ts';
import type { Pipeline } from '../support/pipeline.ts';

const TOO_MANY_CONNECTIONS = '53300';

export const serverFaults: readonly Fault[] = [
  killed('temporal', 'Temporal'),
  killed('postgres', 'Postgres'),
  killed('s3', 'S3'),
  {
    name: 'Postgres: every connection taken',
    async strike({ connectPostgres }, { random, hold }) {
      const taken = await takeConnections(connectPostgres);
      try {
        // Those of the workers too: they find none when they come back.
        const [first] = taken;
        const { rowCount } = (await first?.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'wikigauge worker'`,
        )) ?? { rowCount: 0 };
        taken.push(...(await takeConnections(connectPostgres)));
        expect(taken.length + (rowCount ?? 0)).toBeGreaterThan(100);
        for (const spare of taken.splice(0, random.below(3))) await spare.end();
        await hold(3_000, 60_000);
      } finally {
        await Promise.all(taken.map(client => client.end()));
      }
    },
  },
  {
    name: 'Postgres: gold locked by somebody',
    async strike({ connectPostgres }, { hold }) {
      const client = await connectPostgres();
      // Within a transaction pg_stat_activity stays as it was at the first look.
      const onlooker = await connectPostgres();
      try {
        await client.query('begin');
        await client.query('lock table gold.edits_per_min in access exclusive mode');
        await untilHolds(async () => {
          const { rowCount } = await onlooker.query(
            `select from pg_stat_activity where application_name = 'wikigauge worker' and wait_event_type = 'Lock'`,
          );
          expect(rowCount).toBeGreaterThan(0);
        });
        await hold(4_000, 70_000);
        await client.query('rollback');
      } finally {
        await client.end();
        await onlooker.end();
      }
    },
  },
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
    name: 'S3: disk full',
    async strike({ disk, world }, { hold }) {
      if (disk === undefined) throw new Skipped('no file system may be mounted here');
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

/** kill -9 of the server and all its processes; started again on the same port with the same data. */
function killed(which: keyof Pipeline['servers'], name: string): Fault {
  return {
    name: `${name}: kill -9 and restart`,
    async strike(pipeline, { hold }) {
      const server = pipeline.servers[which];
      const way = pipeline.proxies[which];
      await Promise.all([server.kill(), way.refuse()]);
      expect(await isTaken(server.port)).toBe(false);
      await hold(4_000, 40_000);
      await server.start();
      await way.pass();
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

/** Opens connections until the server has no more. */
async function takeConnections(connect: () => Promise<Client>): Promise<Client[]> {
  const taken: Client[] = [];
  for (;;) {
    try {
      taken.push(await connect());
    } catch (error) {
      if (error instanceof DatabaseError && error.code === TOO_MANY_CONNECTIONS) return taken;
      throw error;
    }
  }
}
