/**
 * An object store in memory, for tests of everything built on the conditional PUT. It implements the ports as strictly as
 * S3 does (keys in ascending byte order, pages, copies of bodies, tags by content). Hooks can make an operation fail or
 * lose its answer.
 */
import { createHash } from 'node:crypto';
import { PipelineError } from '../../src/contracts/errors.ts';
import type {
  ListedObject,
  ObjectStore,
  ObjectVersion,
  PutOptions,
  StoredObject,
  VersionedStore,
} from '../../src/store/object-store.ts';
import { tooLarge } from '../../src/store/too-large.ts';

export type Operation = 'put' | 'get' | 'list' | 'remove';

export class MemoryObjectStore implements ObjectStore, VersionedStore {
  readonly #objects = new Map<string, StoredObject>();
  readonly #pageSize: number;
  /** Called before each operation, which fails with what it throws. */
  before: (operation: Operation, key: string) => void | Promise<void> = () => undefined;
  /** Called after each written version; its writer gets what it throws instead of an answer. */
  afterReplace: (key: string) => void = () => undefined;
  /** Operations so far. */
  readonly calls = { put: 0, get: 0, list: 0, remove: 0 };

  constructor({ pageSize = 1_000 } = {}) {
    this.#pageSize = pageSize;
  }

  /** A copy of the store. */
  copy(): MemoryObjectStore {
    const copy = new MemoryObjectStore({ pageSize: this.#pageSize });
    for (const [key, object] of this.#objects) copy.#objects.set(key, object);
    return copy;
  }

  /** All keys, ascending. */
  get keys(): string[] {
    return [...this.#objects.keys()].sort(byBytes);
  }

  async putIfAbsent(
    key: string,
    body: Uint8Array,
    { metadata = {} }: PutOptions,
  ): Promise<'created' | 'exists'> {
    await this.#begin('put', key);
    if (this.#objects.has(key)) return 'exists';
    const lower = Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), value]);
    this.#objects.set(key, {
      body: Uint8Array.from(body),
      metadata: Object.fromEntries(lower) as Record<string, string>,
    });
    return 'created';
  }

  async get(key: string, maxBytes = Number.POSITIVE_INFINITY): Promise<StoredObject | undefined> {
    await this.#begin('get', key);
    const object = this.#objects.get(key);
    if (object !== undefined && object.body.length > maxBytes)
      throw tooLarge(key, object.body.length, maxBytes);
    return object === undefined ? undefined : { ...object, body: Uint8Array.from(object.body) };
  }

  async read(key: string, maxBytes?: number): Promise<ObjectVersion | undefined> {
    const object = await this.get(key, maxBytes);
    return object === undefined ? undefined : { body: object.body, etag: tagOf(object.body) };
  }

  async readRange(key: string, etag: string, start: number, end: number): Promise<Uint8Array | undefined> {
    const version = await this.read(key);
    return version?.etag === etag ? version.body.slice(start, end) : undefined;
  }

  async replace(key: string, etag: string | undefined, body: Uint8Array): Promise<string | undefined> {
    await this.#begin('put', key);
    const present = this.#objects.get(key);
    if ((present === undefined ? undefined : tagOf(present.body)) !== etag) return undefined;
    this.#objects.set(key, { body: Uint8Array.from(body), metadata: {} });
    this.afterReplace(key);
    return tagOf(body);
  }

  async *list(prefix: string, after = ''): AsyncGenerator<string[]> {
    for await (const page of this.listObjects(prefix, after)) yield page.map(({ key }) => key);
  }

  async *listObjects(prefix: string, after = ''): AsyncGenerator<ListedObject[]> {
    for (let from = after; ;) {
      await this.#begin('list', prefix);
      const rest = this.keys.filter(key => key.startsWith(prefix) && byBytes(key, from) > 0);
      const page = rest.slice(0, this.#pageSize);
      yield page.map(key => {
        const { body } = this.#objects.get(key) ?? { body: new Uint8Array() };
        return { key, etag: tagOf(body), size: body.length, modifiedMs: 0 };
      });
      if (page.length === rest.length) return;
      from = page.at(-1) ?? '';
    }
  }

  async folders(prefix: string): Promise<string[]> {
    await this.#begin('list', prefix);
    const names = this.keys
      .filter(key => key.startsWith(prefix) && key.includes('/', prefix.length))
      .map(key => key.slice(prefix.length, key.indexOf('/', prefix.length) + 1));
    return [...new Set(names)];
  }

  async remove(key: string): Promise<void> {
    await this.#begin('remove', key);
    this.#objects.delete(key);
  }

  async #begin(operation: Operation, key: string): Promise<void> {
    // Never in the same turn of the event loop, like S3.
    await Promise.resolve();
    this.calls[operation] += 1;
    await this.before(operation, key);
  }
}

function tagOf(body: Uint8Array): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

/** A store that is down. */
export function storageDown(subject: string, retryable: boolean): PipelineError {
  return new PipelineError('the store is down', {
    code: 'storage_unavailable',
    op: 'test',
    subject,
    retryable,
  });
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
