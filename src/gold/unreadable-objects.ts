/**
 * Objects of gold that cannot be read: damaged, hostile, or not where they belong. Readers go on without them, and what
 * is wrong with them is shown for as long as they lie there. A version never changes, so it is not read again at once.
 */
import { PipelineError, messageOf } from '../contracts/errors.ts';

/** One of them, for people. */
export interface UnreadableObject {
  readonly key: string;
  /** What is wrong with it. */
  readonly problem: string;
  /** When this process first met it, epoch ms. */
  readonly sinceMs: number;
}

/** A version of an object, as a listing names it. */
interface Version {
  readonly key: string;
  readonly etag: string;
}

interface Entry extends UnreadableObject {
  readonly etag: string;
  /** When it was read last, by `performance.now()`. */
  readonly readMs: number;
}

/** A store that returns wrong bytes for a while is asked again after this. */
const RECHECK_MS = 300_000;
/** More are not remembered; they are read, and skipped, each time. */
const MAX_ENTRIES = 2_000;

export class UnreadableObjects {
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();

  /** @param now the clock, epoch ms */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** By key. */
  get all(): UnreadableObject[] {
    const entries = [...this.#entries.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
    return entries.map(({ key, problem, sinceMs }) => ({ key, problem, sinceMs }));
  }

  /** Reads an object. Returns undefined, and notes why, when it cannot be read. @throws every other failure */
  async skipping<T>(object: Version, read: () => Promise<T>): Promise<T | undefined> {
    if (this.#isKnown(object)) return undefined;
    try {
      return await read();
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      this.note(object, messageOf(error));
      return undefined;
    }
  }

  note({ key, etag }: Version, problem: string): void {
    const known = this.#entries.get(key);
    if (known === undefined && this.#entries.size >= MAX_ENTRIES) return;
    const sinceMs = known?.sinceMs ?? this.#now();
    this.#entries.set(key, { key, etag, problem, sinceMs, readMs: performance.now() });
  }

  /** Forgets what a listing of `prefix` after `after` does not have any more, or has in another version. */
  settle(prefix: string, after: string, listed: readonly Version[]): void {
    const mine = [...this.#entries.values()].filter(({ key }) => key.startsWith(prefix) && key > after);
    if (mine.length === 0) return;
    const tags = new Map(listed.map(({ key, etag }) => [key, etag]));
    for (const { key, etag } of mine) if (tags.get(key) !== etag) this.#entries.delete(key);
  }

  #isKnown({ key, etag }: Version): boolean {
    const known = this.#entries.get(key);
    return known?.etag === etag && performance.now() - known.readMs < RECHECK_MS;
  }
}

/** Whether it is the object that is at fault, so that everything else can be read. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof PipelineError && error.code === 'object_unreadable';
}
