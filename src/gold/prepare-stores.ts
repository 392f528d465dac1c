/** Prepares the bucket and every place of gold before a worker starts. */
import { randomUUID } from 'node:crypto';
import type { GoldPlaces } from '../config/places.ts';
import type { S3ObjectStore } from '../store/s3.ts';
import { migrate } from './postgres/migrate.ts';

/** How long a start waits for Postgres before it fails with a message. */
const MIGRATE_TIMEOUT_MS = 10_000;

/**
 * Creates the bucket and migrates the database where needed, and checks that the object store supports the conditional
 * writes that exactness relies on.
 * @throws PipelineError saying which place is unusable, and why
 */
export async function prepareStores(places: GoldPlaces, store: S3ObjectStore): Promise<void> {
  await store.prepare(randomUUID());
  for (const place of places) {
    if (place.kind === 's3') await store.prepareVersions(randomUUID());
    else await migrate(place.dsn, { signal: AbortSignal.timeout(MIGRATE_TIMEOUT_MS) });
  }
}
