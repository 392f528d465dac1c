/**
 * What a dataset has, as a listing tells: asked for when somebody wants it, no more often than its age allows, and once
 * however many want it at a time. A change is seen once the last listing is too old.
 */
import type { ListedObject, VersionedStore } from '../../store/object-store.ts';

interface Known {
  readonly after: string;
  readonly atMs: number;
  readonly objects: Promise<readonly ListedObject[]>;
}

export class Listing {
  readonly #store: Pick<VersionedStore, 'listObjects'>;
  readonly #prefix: string;
  readonly #maxAgeMs: number;
  #known: Known | undefined;

  constructor(store: Pick<VersionedStore, 'listObjects'>, prefix: string, maxAgeMs: number) {
    this.#store = store;
    this.#prefix = prefix;
    this.#maxAgeMs = maxAgeMs;
  }

  /** Objects with keys behind `after`, ascending. */
  async since(after: string): Promise<readonly ListedObject[]> {
    const nowMs = performance.now();
    const isKnown =
      this.#known !== undefined && this.#known.after <= after && nowMs - this.#known.atMs < this.#maxAgeMs;
    const known = isKnown && this.#known !== undefined ? this.#known : this.#list(after, nowMs);
    const objects = await known.objects;
    return known.after === after ? objects : objects.filter(({ key }) => key > after);
  }

  /** Has the next question ask S3. */
  forget(): void {
    this.#known = undefined;
  }

  #list(after: string, atMs: number): Known {
    const known = { after, atMs, objects: this.#listAll(after) };
    this.#known = known;
    // Who waits for it gets the error; the next one asks again.
    known.objects.catch(() => {
      if (this.#known === known) this.#known = undefined;
    });
    return known;
  }

  async #listAll(after: string): Promise<ListedObject[]> {
    const objects: ListedObject[] = [];
    for await (const page of this.#store.listObjects(this.#prefix, after)) objects.push(...page);
    return objects;
  }
}
