/** An hour of gold as an object of S3: rows as Parquet, ledger and audit among the file's own metadata. */
import { setTimeout as sleep } from 'node:timers/promises';
import { goldHourKey } from '../../contracts/storage/object-keys.ts';
import { PipelineError } from '../../contracts/errors.ts';
import type { Hour } from '../../core/time.ts';
import { GoldFile, encodeGold } from './row-file.ts';
import type { VersionedStore } from '../../store/object-store.ts';
import { NO_HOUR, factsOf, hourWith } from './hour-state.ts';
import type { GoldHour } from './hour-state.ts';

export const PARQUET = { contentType: 'application/vnd.apache.parquet' };

export interface HourVersion {
  /** Undefined while there is no object. */
  readonly etag: string | undefined;
  readonly hour: GoldHour;
}

const READ_TRIES = 4;
const PAUSE_MS = 50;

/** Reads an hour as a whole, its rows in the order of the file. @throws PipelineError `object_unreadable` */
export async function readHour(store: VersionedStore, hour: Hour): Promise<HourVersion> {
  const key = goldHourKey(hour);
  for (let tries = 1; ; tries += 1) {
    const version = await store.read(key);
    if (version === undefined) return { etag: undefined, hour: NO_HOUR };
    try {
      const file = await GoldFile.of(version.body);
      return { etag: version.etag, hour: hourWith(file.facts, await file.rows()) };
    } catch (error) {
      // A gateway on a file system may answer with pieces of two versions while one takes the place of the other.
      if (tries === READ_TRIES) throw damaged(key, error);
      await sleep(PAUSE_MS);
    }
  }
}

/** Replaces an hour; answers the tag of what was written, or undefined when another version is there. */
export async function writeHour(
  store: VersionedStore,
  hour: Hour,
  etag: string | undefined,
  next: GoldHour,
): Promise<string | undefined> {
  const body = await encodeGold(next.rows, factsOf(hour, next));
  return store.replace(goldHourKey(hour), etag, body, PARQUET);
}

/** The version that was listed is not the one that is there. */
export function objectChanged(key: string): PipelineError {
  return new PipelineError(`${key} was replaced since it was listed`, {
    code: 'object_changed',
    op: 'read gold',
    subject: key,
    retryable: true,
  });
}

function damaged(key: string, cause: unknown): PipelineError {
  return new PipelineError(`${key} is no object of gold that can be read`, {
    code: 'object_unreadable',
    op: 'read gold',
    subject: key,
    retryable: false,
    hint: 'Remove it, and rebuild its hour from bronze: npm run transform.',
    cause,
  });
}
