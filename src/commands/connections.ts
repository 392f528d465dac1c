/** Opens what a command needs (the bucket, gold, Temporal) and closes it when the command's work ends or fails. */
import type { Client } from '@temporalio/client';
import { goldPlaces, s3Settings } from '../config/places.ts';
import type { Config } from '../config/declarations.ts';
import type { GoldStore } from '../gold/gold-store.ts';
import { openGold } from '../gold/open-gold.ts';
import type { PostgresSettings } from '../gold/postgres/pool.ts';
import { recentChange } from '../recentchange/definition.ts';
import { openS3 } from '../store/s3.ts';
import { connectClient } from '../temporal/client.ts';
import type { Environment } from '../temporal/client.ts';

type Bucket = ReturnType<typeof openS3>;

export async function withStore<T>(
  config: Parameters<typeof s3Settings>[0],
  work: (store: Bucket) => Promise<T>,
): Promise<T> {
  const store = openS3(s3Settings(config), recentChange().prefix);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

export interface Stores {
  readonly store: Bucket;
  readonly gold: GoldStore;
}

/** @throws ConfigurationError when gold is in Postgres and PG_DSN is missing */
export async function withGold<T>(
  config: Pick<Config, 'GOLD' | 'PG_DSN'> & Parameters<typeof s3Settings>[0],
  postgres: Omit<PostgresSettings, 'dsn'>,
  work: (stores: Stores) => Promise<T>,
): Promise<T> {
  const places = goldPlaces(config);
  return withStore(config, async store => {
    const gold = openGold(places, store, postgres);
    try {
      return await work({ store, gold });
    } finally {
      await gold.close();
    }
  });
}

export async function withClient<T>(
  work: (client: Client) => Promise<T>,
  env: Environment = process.env,
): Promise<T> {
  const client = await connectClient(env);
  try {
    return await work(client);
  } finally {
    await client.connection.close();
  }
}
