/**
 * Ports of the object store. The only feature they need beyond plain objects is the conditional PUT, so any S3 with it
 * will do. Bronze and its commit log use `ObjectStore`, where an object is written once and never changes. Gold uses
 * `VersionedStore`, where a writer replaces the version that it has read.
 *
 * This folder, store, is access to objects: the ports, S3 behind them, leases, retries and listings. It knows S3 but
 * not what the objects mean.
 */
export interface StoredObject {
  readonly body: Uint8Array;
  /** User metadata; names are in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface PutOptions {
  readonly contentType: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface ObjectStore {
  /**
   * Writes an object unless the key exists, atomically. It can be repeated when it is unclear whether a call succeeded;
   * `exists` may then mean that the first call did.
   * @throws PipelineError, `retryable` when trying again can help
   */
  putIfAbsent(key: string, body: Uint8Array, options: PutOptions): Promise<'created' | 'exists'>;
  /**
   * The whole object; undefined when it does not exist.
   * @throws PipelineError `object_unreadable` when it has more than `maxBytes`, before they fill the memory
   */
  get(key: string, maxBytes?: number): Promise<StoredObject | undefined>;
  /** Keys under a prefix in ascending order, a page at a time; with `after`, only later ones. */
  list(prefix: string, after?: string): AsyncIterable<readonly string[]>;
  /** Names of the folders directly below a prefix, each with a trailing slash. */
  folders(prefix: string): Promise<string[]>;
  /** When an object was written and by whom, as far as the store knows: for people, in failures. */
  origin?(key: string): Promise<string>;
  /** Removes an object; not an error when it does not exist. */
  remove(key: string): Promise<void>;
}

/** One version of a replaceable object. */
export interface ObjectVersion {
  readonly body: Uint8Array;
  /** Identifies the version: another body has another tag. */
  readonly etag: string;
}

/** What a listing says of an object. */
export interface ListedObject {
  readonly key: string;
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  /** By the store's clock, which may be precise to the second only; epoch ms. */
  readonly modifiedMs: number;
}

export interface VersionedStore {
  /** The current version; undefined when the object does not exist. @throws as `get` */
  read(key: string, maxBytes?: number): Promise<ObjectVersion | undefined>;
  /** Bytes [start, end) of a version; undefined when it is not the current one any more. */
  readRange(key: string, etag: string, start: number, end: number): Promise<Uint8Array | undefined>;
  /**
   * Replaces version `etag`, or creates the object when `etag` is undefined. Returns the tag of the new version, or
   * undefined when the current version is another one. If it was unclear whether an earlier call succeeded, that other
   * version may be the one it wrote.
   * @throws PipelineError, `retryable` when trying again can help
   */
  replace(
    key: string,
    etag: string | undefined,
    body: Uint8Array,
    options: PutOptions,
  ): Promise<string | undefined>;
  /** Objects under a prefix in ascending order of keys, a page at a time; with `after`, only later ones. */
  listObjects(prefix: string, after?: string): AsyncIterable<readonly ListedObject[]>;
}
