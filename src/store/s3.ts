/** The object store on S3 or a compatible gateway. Failures become PipelineErrors that say whether a retry can help. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { ListObjectsV2CommandInput, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import { GOLD } from '../contracts/storage/object-keys.ts';
import type { S3Settings } from '../config/places.ts';
import { PipelineError, messageOf } from '../contracts/errors.ts';
import type {
  ListedObject,
  ObjectStore,
  ObjectVersion,
  PutOptions,
  StoredObject,
  VersionedStore,
} from './object-store.ts';
import { Paging } from './s3-paging.ts';
import type { NextPage } from './s3-paging.ts';
import { isNamed, statusOf, verdictOf } from './s3-verdict.ts';

/** What to list, below the store's own prefix. */
interface Listing {
  readonly Prefix: string;
  readonly Delimiter?: string;
  readonly StartAfter?: string | undefined;
}

const CONNECT_MS = 5_000;

/** How long a call may be silent, and how often it is tried, before it fails. */
export interface Patience {
  /** Without a byte for this long a connection is dead, also in the middle of a body. Slow bytes are not silence. */
  readonly idleMs: number;
  readonly attempts: number;
}

/** For callers that fail, or let somebody wait, when a call fails. */
const PATIENT: Patience = { idleMs: 30_000, attempts: 3 };
/**
 * For a caller that tries again without end and shows each failure: the first one has to come within seconds. From six
 * seconds on, the SDK would begin to count three seconds late.
 */
export const SHOWN_SOON: Patience = { idleMs: 5_900, attempts: 1 };
/** After a call was silent, the next ones wait as long as usual: a store that is only slow must still work. */
const PATIENT_FOR_MS = 60_000;

/** Opens the store; sends nothing yet. `prefix` is put before every key: what its callers see lies below it. */
export function openS3(settings: S3Settings, prefix = '', patience = PATIENT): S3ObjectStore {
  const soon = openClient(settings, patience);
  const patient = { ...patience, idleMs: Math.max(patience.idleMs, PATIENT.idleMs) };
  const later = patience === PATIENT ? soon : openClient(settings, patient);
  return new S3ObjectStore({ soon, later }, settings.bucket, endpointOf(settings), prefix);
}

/** Where the store is, for messages. */
export function endpointOf({ region, endpoint }: S3Settings): string {
  return endpoint ?? `S3 in ${region}`;
}

/** A client. Its credentials come from the environment or a profile, as for every AWS tool. */
export function openClient(
  { region, endpoint }: S3Settings,
  { idleMs, attempts }: Patience = PATIENT,
): S3Client {
  return new S3Client({
    region,
    // Gateways rarely serve a host name per bucket.
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    // Many gateways reject the newer default checksums. TLS and gzip's CRC already protect the bytes.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: attempts,
    // No limit for a whole request: a large part may take long on a slow line, as long as its bytes move.
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: idleMs },
  });
}

/** For calls while the store answers, and for those after a silence. */
interface Clients {
  readonly soon: S3Client;
  readonly later: S3Client;
}

export class S3ObjectStore implements ObjectStore, VersionedStore {
  readonly #clients: Clients;
  readonly #bucket: string;
  readonly #where: string;
  readonly #prefix: string;
  /** Until when calls may be silent for longer, by `performance.now()`. */
  #patientToMs = 0;

  constructor(clients: Clients, bucket: string, where: string, prefix: string) {
    this.#clients = clients;
    this.#bucket = bucket;
    this.#where = where;
    this.#prefix = prefix;
  }

  async putIfAbsent(key: string, body: Uint8Array, options: PutOptions): Promise<'created' | 'exists'> {
    try {
      const { contentType: ContentType, metadata: Metadata } = options;
      const object = { ...this.#at(key), Body: body, ContentType, Metadata };
      await this.#client.send(new PutObjectCommand({ ...object, IfNoneMatch: '*' }));
      return 'created';
    } catch (error) {
      if (statusOf(error) === 412) return 'exists';
      throw this.#failure(error, 'put', key);
    }
  }

  get(key: string): Promise<StoredObject | undefined> {
    return this.#fetch(key);
  }

  read(key: string): Promise<ObjectVersion | undefined> {
    return this.#fetch(key);
  }

  async #fetch(key: string): Promise<(StoredObject & ObjectVersion) | undefined> {
    try {
      const response = await this.#client.send(new GetObjectCommand(this.#at(key)));
      const body = (await response.Body?.transformToByteArray()) ?? new Uint8Array();
      return { body, metadata: response.Metadata ?? {}, etag: response.ETag ?? '' };
    } catch (error) {
      if (isNamed(error, 'NoSuchKey')) return undefined;
      throw this.#failure(error, 'get', key);
    }
  }

  async readRange(key: string, etag: string, start: number, end: number): Promise<Uint8Array | undefined> {
    try {
      const Range = `bytes=${start}-${end - 1}`;
      const version = { ...this.#at(key), IfMatch: etag, Range };
      const response = await this.#client.send(new GetObjectCommand(version));
      return await response.Body?.transformToByteArray();
    } catch (error) {
      // 416: the current version is shorter than the range.
      if ([404, 412, 416].includes(statusOf(error) ?? 0) && !isNamed(error, 'NoSuchBucket')) return undefined;
      throw this.#failure(error, 'get', key);
    }
  }

  async replace(
    key: string,
    etag: string | undefined,
    body: Uint8Array,
    { contentType: ContentType, metadata: Metadata }: PutOptions,
  ): Promise<string | undefined> {
    try {
      const object = { ...this.#at(key), Body: body, ContentType, Metadata };
      const condition = etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: etag };
      const response = await this.#client.send(new PutObjectCommand({ ...object, ...condition }));
      return response.ETag ?? '';
    } catch (error) {
      // 404: the version to replace is gone. 409: another one is being written at this moment.
      if ([404, 409, 412].includes(statusOf(error) ?? 0) && !isNamed(error, 'NoSuchBucket')) return undefined;
      throw this.#failure(error, 'put', key);
    }
  }

  async *list(prefix: string, after?: string): AsyncGenerator<string[]> {
    for await (const page of this.listObjects(prefix, after)) yield page.map(({ key }) => key);
  }

  async *listObjects(prefix: string, after?: string): AsyncGenerator<ListedObject[]> {
    for await (const { Contents = [] } of this.#pages({ Prefix: prefix, StartAfter: after })) {
      const objects = Contents.flatMap(({ Key, ETag = '', Size = 0, LastModified }) =>
        Key === undefined
          ? []
          : [
              {
                key: Key.slice(this.#prefix.length),
                etag: ETag,
                size: Size,
                modifiedMs: LastModified?.getTime() ?? 0,
              },
            ],
      );
      if (objects.length > 0) yield objects;
    }
  }

  async folders(prefix: string): Promise<string[]> {
    const names: string[] = [];
    const start = this.#prefix.length + prefix.length;
    for await (const { CommonPrefixes = [] } of this.#pages({ Prefix: prefix, Delimiter: '/' })) {
      names.push(...CommonPrefixes.flatMap(({ Prefix }) => Prefix?.slice(start) ?? []));
    }
    return names;
  }

  async origin(key: string): Promise<string> {
    try {
      const { Key: Prefix } = this.#at(key);
      const listing = { Bucket: this.#bucket, Prefix, MaxKeys: 1, FetchOwner: true };
      const page = await this.#client.send(new ListObjectsV2Command(listing));
      const [object] = (page.Contents ?? []).filter(({ Key }) => Key === Prefix);
      const owner = object?.Owner?.DisplayName ?? object?.Owner?.ID ?? 'an unknown owner';
      return `written at ${object?.LastModified?.toISOString() ?? 'an unknown time'} by ${owner}`;
    } catch (error) {
      throw this.#failure(error, 'list', key);
    }
  }

  async remove(key: string): Promise<void> {
    try {
      await this.#client.send(new DeleteObjectCommand(this.#at(key)));
    } catch (error) {
      if (statusOf(error) !== 404) throw this.#failure(error, 'delete', key);
    }
  }

  /**
   * Creates the bucket if it is missing, and checks that the endpoint supports If-None-Match: without it two writers
   * could overwrite each other.
   * @throws PipelineError `bucket_unavailable`, `conditional_write_unsupported`, `storage_denied`, `storage_unavailable`
   */
  async prepare(probe: string): Promise<void> {
    await this.#createBucket();
    const key = `bronze/_log/_probe/${probe}`;
    const options = { contentType: 'text/plain' };
    const body = new TextEncoder().encode('wikigauge: can this endpoint write conditionally?');
    await this.putIfAbsent(key, body, options);
    const second = await this.putIfAbsent(key, body, options);
    await this.remove(key);
    if (second === 'created') throw this.#noConditionalWrites(key, 'If-None-Match');
  }

  /**
   * Checks that the endpoint supports If-Match: without it two workers could overwrite each other's counts.
   * @throws PipelineError `conditional_write_unsupported`, `storage_denied`, `storage_unavailable`
   */
  async prepareVersions(probe: string): Promise<void> {
    const key = `${GOLD}_probe/${probe}`;
    const options = { contentType: 'text/plain' };
    const text = (words: string): Uint8Array => new TextEncoder().encode(`wikigauge: ${words}`);
    const first = await this.replace(
      key,
      undefined,
      text('can this endpoint replace conditionally?'),
      options,
    );
    const second = await this.replace(key, first, text('this version replaces the first'), options);
    const third = await this.replace(key, first, text('this one must be rejected'), options);
    await this.remove(key);
    if (second === undefined || third !== undefined) throw this.#noConditionalWrites(key, 'If-Match');
  }

  close(): void {
    for (const client of [this.#clients.soon, this.#clients.later]) client.destroy();
  }

  get #client(): S3Client {
    return performance.now() < this.#patientToMs ? this.#clients.later : this.#clients.soon;
  }

  async #createBucket(): Promise<void> {
    const Bucket = this.#bucket;
    try {
      await this.#client.send(new HeadBucketCommand({ Bucket }));
      return;
    } catch (error) {
      if (statusOf(error) !== 404) throw this.#failure(error, 'look for bucket', Bucket);
    }
    try {
      await this.#client.send(new CreateBucketCommand({ Bucket }));
    } catch (error) {
      // Another process created it first.
      if (isNamed(error, 'BucketAlreadyOwnedByYou') || isNamed(error, 'BucketAlreadyExists')) return;
      throw new PipelineError(
        `bucket ${Bucket} does not exist at ${this.#where} and could not be created: ${messageOf(error)}`,
        {
          code: 'bucket_unavailable',
          op: 'create bucket',
          subject: Bucket,
          retryable: isTransient(error),
          hint: 'Create the bucket by hand, set BUCKET to another one, or allow s3:CreateBucket.',
          cause: error,
        },
      );
    }
    // A new bucket can take a moment to be visible everywhere.
    await sleep(100);
  }

  /** All pages of a listing. @throws PipelineError `storage_unavailable` when the store never ends it */
  async *#pages({ Prefix, StartAfter, ...query }: Listing): AsyncGenerator<ListObjectsV2CommandOutput> {
    const first = {
      Bucket: this.#bucket,
      ...query,
      Prefix: `${this.#prefix}${Prefix}`,
      StartAfter: StartAfter === undefined ? undefined : `${this.#prefix}${StartAfter}`,
    };
    const paging = new Paging();
    for (let next: NextPage | undefined; ;) {
      const page = await this.#page({ ...first, ...next }, Prefix);
      yield page;
      const after = paging.after(page, lastName(page));
      if (after === 'over') return;
      if (after === 'stuck') throw this.#endless(Prefix);
      next = after;
    }
  }

  async #page(input: ListObjectsV2CommandInput, prefix: string): Promise<ListObjectsV2CommandOutput> {
    try {
      return await this.#client.send(new ListObjectsV2Command(input));
    } catch (error) {
      throw this.#failure(error, 'list', prefix);
    }
  }

  #endless(prefix: string): PipelineError {
    return new PipelineError(
      `S3: list ${prefix} at ${this.#where}: the answer says that there are more keys, but has neither a key nor a new continuation token`,
      {
        code: 'storage_unavailable',
        op: 'list',
        subject: prefix,
        retryable: true,
        hint: 'The listing is retried. If this stays, the endpoint does not page as S3 does: report it to its maker, or use another one.',
      },
    );
  }

  #at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: `${this.#prefix}${key}` };
  }

  #noConditionalWrites(key: string, header: string, cause?: unknown): PipelineError {
    return new PipelineError(`${this.#where} does not support ${header} on PUT`, {
      code: 'conditional_write_unsupported',
      op: 'put',
      subject: key,
      retryable: false,
      hint: 'Use an endpoint with conditional writes (AWS S3, versitygw, a recent Ceph): without them two writers could overwrite each other.',
      cause,
    });
  }

  #failure(error: unknown, op: string, subject: string): PipelineError {
    const status = statusOf(error);
    if (status === 501 && op === 'put') return this.#noConditionalWrites(subject, 'conditions', error);
    const isSilent = isNamed(error, 'TimeoutError');
    if (isSilent) this.#patientToMs = performance.now() + PATIENT_FOR_MS;
    const { code, hint } = verdictOf(error, op, this.#bucket, this.#where);
    const what = isSilent ? 'silent: no connection, or no further byte, for too long' : messageOf(error);
    return new PipelineError(`S3: ${op} ${subject} at ${this.#where}: ${what}`, {
      code,
      op,
      subject,
      retryable: code === 'storage_unavailable',
      hint,
      cause: error,
    });
  }
}

/** A name at or after the last one of a page; after a folder, one behind everything inside it. */
function lastName({ Contents, CommonPrefixes }: ListObjectsV2CommandOutput): string | undefined {
  const folder = CommonPrefixes?.at(-1)?.Prefix;
  const names = [Contents?.at(-1)?.Key, folder === undefined ? undefined : `${folder}\u{10FFFF}`];
  return names
    .filter(name => name !== undefined)
    .toSorted()
    .at(-1);
}

function isTransient(error: unknown): boolean {
  const status = statusOf(error);
  return status === undefined || status === 409 || status === 429 || status >= 500;
}
