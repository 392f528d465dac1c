/**
 * What gold knows besides its rows (sources, gaps, coverage): small JSON objects, each written once under a name that
 * its content determines. A listing says which exist; each is read once.
 */
import { createHash } from 'node:crypto';
import { mapBounded } from '../../core/map-bounded.ts';
import { PipelineError } from '../../contracts/errors.ts';
import type { ListedObject, ObjectStore, VersionedStore } from '../../store/object-store.ts';
import { UnreadableObjects } from '../unreadable-objects.ts';
import { Listing } from './listing.ts';
import type { ListingAge } from './listing-age.ts';
import { goldObjectProblems } from './known-problems.ts';

const PARALLEL_READS = 16;
/** A gap has 200 bytes, the coverage of all wikis 20,000. */
const MAX_ITEM_BYTES = 1 << 20;
/** Names as `put` makes them. */
const OWN_NAME = /^(?:.*-)?[0-9a-f]{16}\.json$/;

/** What the items are. */
export interface ItemKind<T> {
  /** For messages: `a gap`. */
  readonly name: string;
  readonly is: (value: unknown) => value is T;
}

export class MetadataStore<T> {
  readonly #store: ObjectStore & VersionedStore;
  readonly #prefix: string;
  readonly #kind: ItemKind<T>;
  readonly #unreadable: UnreadableObjects;
  readonly #listing: Listing;
  /** By key. They are few and small: a thousand gaps take 200 kB. */
  readonly #read = new Map<string, T>();

  /** @param unreadable learns which objects are skipped */
  constructor(
    store: ObjectStore & VersionedStore,
    prefix: string,
    kind: ItemKind<T>,
    maxAgeMs: number,
    unreadable = new UnreadableObjects(Date.now),
    age?: ListingAge,
  ) {
    this.#store = store;
    this.#prefix = prefix;
    this.#kind = kind;
    this.#unreadable = unreadable;
    this.#listing = new Listing(store, prefix, maxAgeMs, age);
  }

  /**
   * Writes an item; writing it again changes nothing.
   * @param identity the same for the same item
   * @param order what items are sorted by, such as an instant
   */
  async put(identity: string, item: T, order = ''): Promise<void> {
    const digest = createHash('sha256').update(identity).digest('hex').slice(0, 16);
    const key = `${this.#prefix}${order === '' ? '' : `${order}-`}${digest}.json`;
    const body = Buffer.from(`${JSON.stringify(item)}\n`);
    await this.#store.putIfAbsent(key, body, { contentType: 'application/json' });
    this.#listing.forget();
  }

  /** All items, or those that sort after `order`, without those that cannot be read. */
  async all(order = ''): Promise<T[]> {
    const listed = await this.#listed(order);
    const items = await mapBounded(listed, PARALLEL_READS, object =>
      this.#unreadable.skipping(object, () => this.#get(object.key)),
    );
    return items.filter(item => item !== undefined);
  }

  /**
   * All items of a new listing. For what must not be missed.
   * @throws PipelineError `object_unreadable` when one that was written by `put` cannot be read
   */
  async allNow(): Promise<T[]> {
    this.#listing.forget();
    const listed = await this.#listed('');
    const items = await mapBounded(listed, PARALLEL_READS, object =>
      OWN_NAME.test(object.key)
        ? this.#get(object.key)
        : this.#unreadable.skipping(object, () => this.#get(object.key)),
    );
    return items.filter(item => item !== undefined);
  }

  async #listed(order: string): Promise<ListedObject[]> {
    // '~' sorts after the dash that follows an order, and before any later order.
    const after = order === '' ? this.#prefix : `${this.#prefix}${order}~`;
    const listed = await this.#listing.since(after);
    this.#unreadable.settle(this.#prefix, after, listed);
    return listed.filter(({ key }) => key.endsWith('.json'));
  }

  async #get(key: string): Promise<T | undefined> {
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    const object = await this.#store.get(key, MAX_ITEM_BYTES);
    if (object === undefined) return undefined;
    const item = parseMetadata(key, object.body, this.#kind);
    this.#read.set(key, item);
    return item;
  }
}

/** @throws PipelineError `object_unreadable` when the object is none of its kind */
export function parseMetadata<T>(key: string, body: Uint8Array, kind: ItemKind<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body).toString('utf8'));
  } catch (error) {
    throw unreadable(key, 'JSON', error);
  }
  if (!kind.is(value)) throw unreadable(key, kind.name);
  return value;
}

function unreadable(key: string, what: string, cause?: unknown): PipelineError {
  return new PipelineError(goldObjectProblems.damagedNote.shows({ key, what }), {
    code: 'object_unreadable',
    op: 'read gold',
    subject: key,
    retryable: false,
    hint: goldObjectProblems.damagedNote.remedy,
    cause,
  });
}
