/**
 * What gold knows besides its rows (sources, gaps, coverage): small JSON objects, each written once under a name that
 * its content determines. A listing says which exist; each is read once.
 */
import { createHash } from 'node:crypto';
import { mapBounded } from '../../core/map-bounded.ts';
import { PipelineError } from '../../contracts/errors.ts';
import type { ObjectStore, VersionedStore } from '../../store/object-store.ts';
import { Listing } from './listing.ts';

const PARALLEL_READS = 16;

export class MetadataStore<T> {
  readonly #store: ObjectStore & VersionedStore;
  readonly #prefix: string;
  readonly #listing: Listing;
  /** By key. They are few and small: a thousand gaps take 200 kB. */
  readonly #read = new Map<string, T>();

  constructor(store: ObjectStore & VersionedStore, prefix: string, maxAgeMs: number) {
    this.#store = store;
    this.#prefix = prefix;
    this.#listing = new Listing(store, prefix, maxAgeMs);
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

  /** All items, or those that sort after `order`. */
  async all(order = ''): Promise<T[]> {
    // '~' sorts after the dash that follows an order, and before any later order.
    const after = order === '' ? this.#prefix : `${this.#prefix}${order}~`;
    const listed = (await this.#listing.since(after)).filter(({ key }) => key.endsWith('.json'));
    const items = await mapBounded(listed, PARALLEL_READS, ({ key }) => this.#get(key));
    return items.filter(item => item !== undefined);
  }

  /** Like `all`, but always lists first. */
  async allNow(order = ''): Promise<T[]> {
    this.#listing.forget();
    return this.all(order);
  }

  async #get(key: string): Promise<T | undefined> {
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    const object = await this.#store.get(key);
    if (object === undefined) return undefined;
    // Written by `put`.
    const item = parseMetadata(key, object.body) as T;
    this.#read.set(key, item);
    return item;
  }
}

/** @throws PipelineError `object_unreadable` */
export function parseMetadata(key: string, body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch (error) {
    throw new PipelineError(`${key} is not JSON`, {
      code: 'object_unreadable',
      op: 'read gold',
      subject: key,
      retryable: false,
      hint: 'Restore an earlier version of it. Without one, move it out of gold/ and keep it: the log and the backfills say the same again only as far as they have not expired.',
      cause: error,
    });
  }
}
