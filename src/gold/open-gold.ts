/** Opens gold in the places that the settings name: Postgres, S3, or both. */
import { DualWriteGold } from './dual-write.ts';
import type { GoldPlace, GoldPlaces } from '../config/places.ts';
import { openPostgresGold } from './postgres/postgres-gold.ts';
import type { PostgresSettings } from './postgres/pool.ts';
import { openS3Gold } from './parquet/parquet-gold.ts';
import { openPostgresSnapshots } from './postgres/snapshot.ts';
import { openS3Snapshots } from './parquet/snapshot.ts';
import type { GoldSnapshots } from './snapshot.ts';
import type { GoldStore } from './gold-store.ts';
import type { ObjectStore, VersionedStore } from '../store/object-store.ts';

/** Opens every place. The caller closes the object store. */
export function openGold(
  [first, ...others]: GoldPlaces,
  store: ObjectStore & VersionedStore,
  postgres: Omit<PostgresSettings, 'dsn'>,
): GoldStore {
  const open = (place: GoldPlace): GoldStore =>
    place.kind === 's3' ? openS3Gold(store) : openPostgresGold({ ...postgres, dsn: place.dsn });
  return others.reduce<GoldStore>((gold, place) => new DualWriteGold(gold, open(place)), open(first));
}

/** Opens the first place for `verify`. The caller closes the object store. */
export function openSnapshots([first]: GoldPlaces, store: ObjectStore & VersionedStore): GoldSnapshots {
  return first.kind === 's3' ? openS3Snapshots(store) : openPostgresSnapshots(first.dsn);
}
