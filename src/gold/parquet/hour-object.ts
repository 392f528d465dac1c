/** Reads and writes an hour of gold as one object of S3: the rows as Parquet, ledger and audit in the footer. */
import { setTimeout as sleep } from 'node:timers/promises';
import { goldHourKey } from '../../contracts/storage/object-keys.ts';
import { PipelineError } from '../../contracts/errors.ts';
import type { Hour } from '../../core/time.ts';
import { GoldFile, encodeGold } from './row-file.ts';
import type { VersionedStore } from '../../store/object-store.ts';
import { EMPTY_HOUR, footerOf, hourOfFile } from './hour-state.ts';
import type { GoldHour } from './hour-state.ts';
import { goldObjectProblems } from './known-problems.ts';

export const PARQUET = { contentType: 'application/vnd.apache.parquet' };

export interface HourVersion {
  /** Undefined when there is no object. */
  readonly etag: string | undefined;
  readonly hour: GoldHour;
}

/** Of an hour or a day; a large day has two million. */
export const MAX_GOLD_BYTES = 64 << 20;
/** A gateway on a file system can return pieces of two versions while one replaces the other. */
export const READ_TRIES = 4;
export const PAUSE_MS = 50;

/** Reads a whole hour, its rows in the order of the file. @throws PipelineError `object_unreadable` */
export async function readHour(store: VersionedStore, hour: Hour): Promise<HourVersion> {
  const key = goldHourKey(hour);
  for (let tries = 1; ; tries += 1) {
    const version = await store.read(key, MAX_GOLD_BYTES);
    if (version === undefined) return { etag: undefined, hour: EMPTY_HOUR };
    try {
      const file = await GoldFile.of(version.body);
      return { etag: version.etag, hour: hourOfFile(file.footer, await file.rows(), hour) };
    } catch (error) {
      if (tries === READ_TRIES) throw unreadable(key, error);
      await sleep(PAUSE_MS);
    }
  }
}

/** Replaces the version `etag` of an hour. Returns the new ETag, or undefined when another version is there. */
export async function writeHour(
  store: VersionedStore,
  hour: Hour,
  etag: string | undefined,
  next: GoldHour,
): Promise<string | undefined> {
  const body = await encodeGold(next.rows, footerOf(hour, next));
  return store.replace(goldHourKey(hour), etag, body, PARQUET);
}

/** Others write the object at the same time, each of them on the version of another. */
export function contended(key: string, tries: number): PipelineError {
  const { shows, remedy } = goldObjectProblems.contended;
  return new PipelineError(shows({ key, tries: String(tries) }), {
    code: 'storage_unavailable',
    op: 'replace',
    subject: key,
    retryable: true,
    hint: remedy,
  });
}

/** The object is no longer the version that was listed. */
export function objectChanged(key: string): PipelineError {
  return new PipelineError(`${key} was replaced after it was listed`, {
    code: 'object_changed',
    op: 'read gold',
    subject: key,
    retryable: true,
  });
}

function unreadable(key: string, cause: unknown): PipelineError {
  return new PipelineError(goldObjectProblems.damagedHour.shows({ key }), {
    code: 'object_unreadable',
    op: 'read gold',
    subject: key,
    retryable: false,
    hint: goldObjectProblems.damagedHour.remedy,
    cause,
  });
}
