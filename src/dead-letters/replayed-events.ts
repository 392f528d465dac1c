/** Which usable letters have been replayed already. */
import { replayPrefix } from '../contracts/storage/object-keys.ts';
import { identitiesIn } from '../bronze/parts.ts';
import type { LetterObject } from '../bronze/dead-letters.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { UsableLetter } from './judge.ts';

export class ReplayedEvents {
  readonly #store: ObjectStore;
  /** Identities by the key prefix of the parts that were replayed from one object into one hour. */
  readonly #known = new Map<string, ReadonlySet<string>>();

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  /** Whether a part replayed from this object holds the event. */
  async has({ hour, event }: UsableLetter, { flush }: LetterObject): Promise<boolean> {
    const prefix = replayPrefix(hour, flush);
    const ids = this.#known.get(prefix) ?? (await this.#idsUnder(prefix));
    this.#known.set(prefix, ids);
    return ids.has(event.id);
  }

  async #idsUnder(prefix: string): Promise<Set<string>> {
    const ids = new Set<string>();
    for await (const page of this.#store.list(prefix)) {
      for (const key of page)
        for (const { identity } of await identitiesIn(this.#store, key)) ids.add(identity);
    }
    return ids;
  }
}
