/** The small objects beside the rows of gold in S3: what each must have for its readers to use it. */
import type { GoldSource } from '../../contracts/storage/gold-source.ts';
import { GOLD_COVERAGE, GOLD_GAPS, GOLD_SOURCES } from '../../contracts/storage/object-keys.ts';
import type { StoredRead } from '../../contracts/storage/stored-read.ts';
import type { Coverage } from '../../core/backfill.ts';
import type { Gap } from '../../core/gaps.ts';
import { areTexts, isObject } from '../../core/json.ts';
import { instantOf } from '../../core/time.ts';
import type { ObjectStore, VersionedStore } from '../../store/object-store.ts';
import type { UnreadableObjects } from '../unreadable-objects.ts';
import type { ListingAge } from './listing-age.ts';
import { MetadataStore } from './metadata-store.ts';
import type { ItemKind } from './metadata-store.ts';

const CAUSES: readonly unknown[] = ['offsets', 'retention', 'log_lost', 'handover'] satisfies Gap['cause'][];
const BACKFILLS: readonly unknown[] = ['stream', 'api', 'dump'] satisfies Coverage['source'][];

const SOURCE: ItemKind<GoldSource> = {
  name: 'a source of gold',
  is: (value): value is GoldSource =>
    isObject(value) && typeof value['url'] === 'string' && typeof value['simulated'] === 'boolean',
};
const GAP: ItemKind<Gap> = {
  name: 'a gap',
  is: (value): value is Gap =>
    isRange(value) &&
    CAUSES.includes(value['cause']) &&
    isMaybe('string', value['topic']) &&
    isMaybe('number', value['missing']),
};
const COVERAGE: ItemKind<Coverage> = {
  name: 'the record of a backfill',
  is: (value): value is Coverage =>
    isRange(value) &&
    BACKFILLS.includes(value['source']) &&
    (value['wikis'] === undefined || areTexts(value['wikis'])),
};

/** An object of `ReadRecords`. */
export const READ_LIST: ItemKind<{ readonly records: readonly StoredRead[] }> = {
  name: 'a list of what was read',
  is: (value): value is { readonly records: readonly StoredRead[] } =>
    isObject(value) && Array.isArray(value['records']) && value['records'].every(isRead),
};

export interface Metadata {
  readonly sources: MetadataStore<GoldSource>;
  readonly gaps: MetadataStore<Gap>;
  readonly coverage: MetadataStore<Coverage>;
}

/** Opens all three. @param maxAgeMs of their listings */
export function openMetadata(
  store: ObjectStore & VersionedStore,
  maxAgeMs: number,
  unreadable: UnreadableObjects,
  age?: ListingAge,
): Metadata {
  return {
    sources: new MetadataStore(store, GOLD_SOURCES, SOURCE, maxAgeMs, unreadable, age),
    gaps: new MetadataStore(store, GOLD_GAPS, GAP, maxAgeMs, unreadable, age),
    coverage: new MetadataStore(store, GOLD_COVERAGE, COVERAGE, maxAgeMs, unreadable, age),
  };
}

function isRange(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  const { id, from, to } = value;
  return typeof id === 'string' && instantOf(from) !== undefined && instantOf(to) !== undefined;
}

function isRead(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { attempt, sequence, from, to, keys, wikis } = value;
  const isNamed = typeof attempt === 'string' && typeof sequence === 'number';
  const isWithin = instantOf(from) !== undefined && instantOf(to) !== undefined;
  return isNamed && isWithin && areTexts(keys) && (wikis === undefined || areTexts(wikis));
}

function isMaybe(type: 'string' | 'number', value: unknown): boolean {
  return value === undefined || typeof value === type;
}
