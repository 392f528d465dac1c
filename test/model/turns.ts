/**
 * Decides whose turn is next. Every S3 call of every writer waits here until it is carried out, with an outcome chosen at
 * that time. Nothing that another writer could see happens between two calls, so a list of these choices is a schedule.
 */
import type { ObjectStore } from '../../src/store/object-store.ts';
import { storageDown } from '../support/memory-object-store.ts';

/**
 * `answered`: takes effect, and the writer gets the result. `lost`: takes effect, and the writer gets an error as if the
 * store were down. `refused`: the store is down. `died`: takes effect, and the writer gets no more turns.
 */
export type Outcome = 'answered' | 'lost' | 'refused' | 'died';

/** A waiting call. */
export interface Call {
  readonly writer: string;
  readonly operation: keyof ObjectStore;
  readonly key: string;
  /** Resolves when the writer waits for its next call. */
  go(outcome: Outcome): Promise<void>;
}

/** Sees each call that took effect, before the writer gets the result. `go` rejects with what it throws. */
export type Witness = (writer: string, operation: Call['operation'], key: string, effect: Effect) => void;

export interface Effect {
  readonly result: unknown;
  /** The body of a PUT. */
  readonly body?: Uint8Array;
}

export class Turns {
  readonly #store: ObjectStore;
  readonly #witness: Witness;
  readonly #waiting: Call[] = [];
  readonly #dead = new Set<string>();

  constructor(store: ObjectStore, witness: Witness) {
    this.#store = store;
    this.#witness = witness;
  }

  /** Waiting calls, oldest first. */
  get waiting(): readonly Call[] {
    return this.#waiting;
  }

  of(writer: string): readonly Call[] {
    return this.#waiting.filter(call => call.writer === writer);
  }

  /** Waits until new writers have made their first call. */
  async settled(): Promise<void> {
    await new Promise(resolve => void setImmediate(resolve));
  }

  /** Kills a process: its pending calls fail, and so does every later one. */
  async kill(writer: string): Promise<void> {
    this.#dead.add(writer);
    for (const call of this.of(writer)) await call.go('refused');
    await this.settled();
  }

  /** The store as a writer sees it. A listing is one call, however many pages it has. */
  storeOf(writer: string): ObjectStore {
    const store = this.#store;
    const step = <T>(
      operation: Call['operation'],
      key: string,
      work: () => Promise<T>,
      body?: Uint8Array,
    ): Promise<T> => this.#step(writer, operation, key, work, body);
    return {
      putIfAbsent: (key, body, options) =>
        step('putIfAbsent', key, () => store.putIfAbsent(key, body, options), body),
      get: key => step('get', key, () => store.get(key)),
      async *list(prefix, after) {
        yield await step('list', prefix, async () => {
          const keys: string[] = [];
          for await (const page of store.list(prefix, after)) keys.push(...page);
          return keys;
        });
      },
      folders: prefix => step('folders', prefix, () => store.folders(prefix)),
      remove: key => step('remove', key, () => store.remove(key)),
    };
  }

  #step<T>(
    writer: string,
    operation: Call['operation'],
    key: string,
    work: () => Promise<T>,
    body: Uint8Array | undefined,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const isDead = (): boolean => this.#dead.has(writer);
      const go = async (outcome: Outcome): Promise<void> => {
        this.#waiting.splice(this.#waiting.indexOf(call), 1);
        if (outcome === 'refused' || isDead()) reject(storageDown(key, !isDead()));
        else {
          const result = await work();
          this.#witness(writer, operation, key, body === undefined ? { result } : { result, body });
          if (outcome === 'answered') resolve(result);
          else if (outcome === 'lost') reject(storageDown(key, true));
          else {
            this.#dead.add(writer);
            reject(storageDown(key, false));
            for (const other of this.of(writer)) await other.go('refused');
          }
        }
        await this.settled();
      };
      const call: Call = { writer, operation, key, go };
      if (isDead()) reject(storageDown(key, false));
      else this.#waiting.push(call);
    });
  }
}
