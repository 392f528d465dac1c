/** What a pipeline stores at an instant. Read directly, so that these requests are not counted. */
import { Client as PostgresClient } from 'pg';
import { recentChange } from '../../src/recentchange/definition.ts';
import type { CommitRecord } from '../../src/contracts/storage/log-record.ts';
import { mapBounded } from '../../src/core/map-bounded.ts';
import { readRecord } from '../../src/bronze/commit-log.ts';
import type { S3ObjectStore } from '../../src/store/s3.ts';
import { placeOf } from './s3-counter.ts';
import type { Held } from './measured.ts';

const PARALLEL_READS = 8;

/** Objects and bytes by place. The instant is when the last page of the listing is read. */
export async function storedIn(store: S3ObjectStore): Promise<Held[]> {
  const places = new Map<string, Held>();
  for await (const page of store.listObjects('')) {
    for (const { key, size } of page) {
      const name = placeOf(key);
      const { count, bytes } = places.get(name) ?? { count: 0, bytes: 0 };
      places.set(name, { name, count: count + 1, bytes: bytes + size });
    }
  }
  return [...places.values()];
}

/** Rows and sizes of gold's tables, with their indexes. */
export async function tablesOf(dsn: string): Promise<Held[]> {
  const client = new PostgresClient({ connectionString: dsn });
  await client.connect();
  try {
    const { rows: found } = await client.query<{ name: string; bytes: string }>(
      `select relname as name, pg_total_relation_size(c.oid) as bytes
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'gold' and c.relkind = 'r' order by relname`,
    );
    const tables: Held[] = [];
    for (const { name, bytes } of found) {
      const { rows } = await client.query<{ count: string }>(`select count(*) from gold."${name}"`);
      tables.push({ name, count: Number(rows[0]?.count), bytes: Number(bytes) });
    }
    return tables;
  } finally {
    await client.end();
  }
}

/** How much each has grown. */
export function growthOf(before: readonly Held[], after: readonly Held[]): Held[] {
  const known = new Map(before.map(held => [held.name, held]));
  return after.map(({ name, count, bytes }) => {
    const old = known.get(name) ?? { count: 0, bytes: 0 };
    return { name, count: count - old.count, bytes: bytes - old.bytes };
  });
}

/** Sequence of the last record in the log. */
export async function lastSequence(store: S3ObjectStore): Promise<number> {
  let last = 0;
  for await (const keys of store.list(recentChange().logKeys.prefix))
    last = Math.max(last, ...keys.map(key => Number(/(\d+)\.json$/.exec(key)?.[1] ?? 0)));
  return last;
}

/** Commits after sequence `after`, up to and including `last`. */
export async function commitsBetween(
  store: S3ObjectStore,
  after: number,
  last: number,
): Promise<CommitRecord[]> {
  const sequences = Array.from({ length: last - after }, (_, i) => after + 1 + i);
  const records = await mapBounded(sequences, PARALLEL_READS, sequence =>
    readRecord(store, recentChange().logKeys, sequence),
  );
  return records.filter(record => record?.kind === 'commit');
}
