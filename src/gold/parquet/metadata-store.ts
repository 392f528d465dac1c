/**
 * What gold knows beside its rows (sources, gaps, coverage): small JSON objects, each written once under a name that
 * its content decides. A listing tells which there are; what was read once is not read again.
 */
import { createHash } from 'node:crypto';
import { mapBounded } from '../../core/map-bounded.ts';
import { PipelineError } from '../../contracts/errors.ts';
import type { ObjectStore, VersionedStore } from '../../store/object-store.ts';
import { Listing } from './listing.ts';

const PARALLEL_READS = 16;

export class Notes<T> {
  readonly #store: ObjectStore & VersionedStore;
  readonly #prefix: string;
  readonly #listing: Listing;
  /** By key. They are few and small: a thousand gaps are 200 kB. */
  readonly #read = new Map<string, T>();

  constructor(store: ObjectStore & VersionedStore, prefix: string, maxAgeMs: number) {
    this.#store = store;
    this.#prefix = prefix;
    this.#listing = new Listing(store, prefix, maxAgeMs);
  }

  /** Writes a note; once more changes nothing. `order`: what notes are sorted by, such as an instant. */
  async put(identity: string, note: T, order = ''): Promise<void> {
    const digest = createHash('sha256').update(identity).digest('hex').slice(0, 16);
    const key = `${this.#prefix}${order === '' ? '' : `${order}-`}${digest}.json`;
    const body = Buffer.from(`${JSON.stringify(note)}\n`);
    await this.#store.putIfAbsent(key, body, { contentType: 'application/json' });
    this.#listing.forget();
  }

  /** All notes, or those whose order lies behind `order`. */
  async all(order = ''): Promise<T[]> {
    // Behind the dash that follows an order, before any later order.
    const after = order === '' ? this.#prefix : `${this.#prefix}${order}~`;
    const listed = (await this.#listing.since(after)).filter(({ key }) => key.endsWith('.json'));
    const notes = await mapBounded(listed, PARALLEL_READS, ({ key }) => this.#get(key));
    return notes.filter(note => note !== undefined);
  }

  /** As `all`, by a listing of this instant. */
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
    const note = parse(key, object.body) as T;
    this.#read.set(key, note);
    return note;
  }
}

function parse(key: string, body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch (error) {
    throw new PipelineError(`${key} is not JSON`, {
      code: 'object_unreadable',
      op: 'read gold',
      subject: key,
      retryable: false,
      hint: 'Remove it; what it said is found again by `npm run transform`.',
      cause: error,
    });
  }
}
