/**
 * Ports of the object store. Its only power beyond plain objects is the conditional PUT; the commit log needs no
 * more, so any S3 that has it will do. Bronze and its log are an `ObjectStore`: keys are written once and never change.
 * Gold is a `VersionedStore`: its objects are replaced, each version by who has read it.
 */
export interface StoredObject {
  readonly body: Uint8Array;
  /** User metadata, lower case names. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface PutOptions {
  readonly contentType: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface ObjectStore {
  /**
   * Writes an object unless the key is taken, atomically. After an unclear failure the same call may be repeated:
   * `exists` may then mean that the first one had worked.
   * @throws PipelineError; `retryable` when trying again can help.
   */
  putIfAbsent(key: string, body: Uint8Array, options: PutOptions): Promise<'created' | 'exists'>;
  /** The whole object, or undefined when there is none. */
  get(key: string): Promise<StoredObject | undefined>;
  /** Keys under a prefix in ascending order, a page at a time, those after `after` only. */
  list(prefix: string, after?: string): AsyncIterable<readonly string[]>;
  /** Names (with the closing slash) one level below a prefix. */
  folders(prefix: string): Promise<string[]>;
  /** Removes an object; no error when there is none. */
  remove(key: string): Promise<void>;
}

/** One version of an object that changes. */
export interface ObjectVersion {
  readonly body: Uint8Array;
  /** Names the version: another body has another. */
  readonly etag: string;
}

/** What a listing says of an object. */
export interface ListedObject {
  readonly key: string;
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  /** By the store's own clock, which may know no less than seconds; epoch ms. */
  readonly modifiedMs: number;
}

export interface VersionedStore {
  /** The present version, or undefined when there is none. */
  read(key: string): Promise<ObjectVersion | undefined>;
  /** Bytes in [start, end) of a version; undefined when it is no longer the present one. */
  readRange(key: string, etag: string, start: number, end: number): Promise<Uint8Array | undefined>;
  /**
   * Writes a new version in the place of `etag`, or the first one where that is undefined; answers the new one's tag, or
   * undefined when another is there. After an unclear failure the version that is there may be the one that was written.
   * @throws PipelineError; `retryable` when trying again can help.
   */
  replace(
    key: string,
    etag: string | undefined,
    body: Uint8Array,
    options: PutOptions,
  ): Promise<string | undefined>;
  /** Objects under a prefix by ascending key, a page at a time, those after `after` only. */
  listObjects(prefix: string, after?: string): AsyncIterable<readonly ListedObject[]>;
}
