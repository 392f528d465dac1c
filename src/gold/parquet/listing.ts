/**
 * A cached listing of one dataset. It is fetched on demand, shared by concurrent callers, and reused until it is too
 * old; a change becomes visible with the next listing after that.
 */
import type { ListedObject, VersionedStore } from '../../store/object-store.ts';
import { ListingAge } from './listing-age.ts';

interface Fetched {
  readonly after: string;
  readonly atMs: number;
  readonly objects: Promise<readonly ListedObject[]>;
}

export class Listing {
  readonly #store: Pick<VersionedStore, 'listObjects'>;
  readonly #prefix: string;
  readonly #maxAgeMs: number;
  readonly #age: ListingAge;
  #latest: Fetched | undefined;

  constructor(
    store: Pick<VersionedStore, 'listObjects'>,
    prefix: string,
    maxAgeMs: number,
    age = new ListingAge(),
  ) {
    this.#store = store;
    this.#prefix = prefix;
    this.#maxAgeMs = maxAgeMs;
    this.#age = age;
  }

  /** Objects with keys after `after`, ascending. */
  async since(after: string): Promise<readonly ListedObject[]> {
    const fetched = this.#usable(after) ?? this.#fetch(after);
    const objects = await fetched.objects;
    return fetched.after === after ? objects : objects.filter(({ key }) => key > after);
  }

  /** Makes the next call list again. */
  forget(): void {
    this.#latest = undefined;
  }

  /** The latest listing, if it is young enough and reaches back far enough. */
  #usable(after: string): Fetched | undefined {
    const latest = this.#latest;
    if (latest === undefined || latest.after > after) return undefined;
    return this.#age.isYoung(latest.atMs, this.#maxAgeMs) ? latest : undefined;
  }

  #fetch(after: string): Fetched {
    const fetched = { after, atMs: performance.now(), objects: this.#list(after) };
    this.#latest = fetched;
    // Callers that already wait get the error; the next call lists again.
    fetched.objects.catch(() => {
      if (this.#latest === fetched) this.#latest = undefined;
    });
    return fetched;
  }

  async #list(after: string): Promise<ListedObject[]> {
    const objects: ListedObject[] = [];
    for await (const page of this.#store.listObjects(this.#prefix, after)) objects.push(...page);
    return objects;
  }
}
