/**
 * Port of the object store. Its only power beyond plain objects is the conditional PUT; the commit log needs no
 * more, so any S3 that has it will do. Keys are written once and never change.
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
