/** Faults of Postgres. */
import { DatabaseError } from 'pg';
import type { Client } from 'pg';
import { expect } from 'vitest';
import { untilHolds } from '../../support/until.ts';
import type { Fault } from '../support/fault.ts';
import { untilFailingHourShows, untilFailureShows } from '../support/operator.ts';
import { killed } from './server.ts';
import { halfOpen } from './stream.ts';

const TOO_MANY_CONNECTIONS = '53300';

export const postgresFaults: readonly Fault[] = [
  killed('postgres', 'Postgres'),
  {
    name: 'Postgres: frozen until somebody would notice',
    async strike(pipeline) {
      const { postgres } = pipeline.proxies;
      postgres?.freeze();
      await untilFailureShows(pipeline, /^Postgres at /);
      await untilFailingHourShows(pipeline, /^Postgres at /);
      await postgres?.pass();
    },
  },
  {
    name: 'Postgres: every connection taken',
    async strike({ connectPostgres }, { random, hold }) {
      const taken = await takeConnections(connectPostgres);
      try {
        // The workers' connections too, so that they cannot reconnect.
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
    name: 'Postgres: gold locked by another client',
    async strike({ connectPostgres }, { hold }) {
      const client = await connectPostgres();
      // A second connection, because within a transaction pg_stat_activity does not change after the first query.
      const observer = await connectPostgres();
      try {
        await client.query('begin');
        await client.query('lock table gold.edits_per_min in access exclusive mode');
        await untilHolds(async () => {
          const { rowCount } = await observer.query(
            `select from pg_stat_activity where application_name = 'wikigauge worker' and wait_event_type = 'Lock'`,
          );
          expect(rowCount).toBeGreaterThan(0);
        });
        await hold(4_000, 70_000);
        await client.query('rollback');
      } finally {
        await client.end();
        await observer.end();
      }
    },
  },
];

export const longPostgresFaults: readonly Fault[] = [halfOpen('postgres')];

/** Opens connections until the server refuses one. */
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
