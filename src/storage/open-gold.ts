/** Opens gold where the settings say that it is: in Postgres, in S3, or in both. */
import { BothGolds } from './gold-both.ts';
import { openPostgresGold } from './gold-postgres.ts';
import type { PostgresSettings } from './gold-postgres.ts';
import { openS3Gold } from './gold-s3.ts';
import { openPostgresSnapshots } from './gold-snapshot-postgres.ts';
import { openS3Snapshots } from './gold-snapshot-s3.ts';
import type { GoldSnapshots } from './gold-snapshot.ts';
import type { GoldStore } from './gold.ts';
import type { ObjectStore, VersionedStore } from './object-store.ts';

/** A place where the counts are kept. */
export type GoldPlace = { readonly kind: 's3' } | { readonly kind: 'postgres'; readonly dsn: string };

/** The first one is what API and dashboard read. */
export type GoldPlaces = readonly [GoldPlace, ...GoldPlace[]];

/** Opens every place; the object store stays the caller's to close. */
export function openGold(
  [first, ...others]: GoldPlaces,
  store: ObjectStore & VersionedStore,
  postgres: Omit<PostgresSettings, 'dsn'>,
): GoldStore {
  const open = (place: GoldPlace): GoldStore =>
    place.kind === 's3' ? openS3Gold(store) : openPostgresGold({ ...postgres, dsn: place.dsn });
  return others.reduce<GoldStore>((gold, place) => new BothGolds(gold, open(place)), open(first));
}

/** Opens the first place for `verify`; the object store stays the caller's to close. */
export function openSnapshots([first]: GoldPlaces, store: ObjectStore & VersionedStore): GoldSnapshots {
  return first.kind === 's3' ? openS3Snapshots(store) : openPostgresSnapshots(first.dsn);
}
