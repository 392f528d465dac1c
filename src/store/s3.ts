/** The object store on S3 or a compatible gateway. Failures become PipelineErrors that say whether a retry can help. */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
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
import type {
  GetObjectCommandOutput,
  ListObjectsV2CommandInput,
  ListObjectsV2CommandOutput,
  PutObjectCommandInput,
  PutObjectCommandOutput,
} from '@aws-sdk/client-s3';
import { GOLD } from '../contracts/storage/object-keys.ts';
import type { S3Settings } from '../config/places.ts';
import { PipelineError } from '../contracts/errors.ts';
import type {
  ListedObject,
  ObjectStore,
  ObjectVersion,
  PutOptions,
  StoredObject,
  VersionedStore,
} from './object-store.ts';
import { s3Problems } from './known-problems.ts';
import { Paging } from './s3-paging.ts';
import type { NextPage } from './s3-paging.ts';
import type { S3Operation } from './s3-answer.ts';
import { asksForDigest, meaningOf } from './s3-meaning.ts';
import type { Meaning, Place } from './s3-meaning.ts';
import { failureOf, isSilence, saidBy } from './s3-failure.ts';
import { outcomeOf, watchAnswers } from './s3-watch.ts';
import { tooLarge } from './too-large.ts';

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
  return new S3ObjectStore({ soon, later }, placeOf(settings), prefix);
}

/** Where the store is, for messages. */
export function endpointOf({ region, endpoint }: S3Settings): string {
  return endpoint ?? `S3 in ${region}`;
}

/** Where calls with these settings go. */
export function placeOf(settings: S3Settings): Place {
  return { bucket: settings.bucket, region: settings.region, where: endpointOf(settings) };
}

/** A client. Its credentials come from the environment or a profile, as for every AWS tool. */
export function openClient(settings: S3Settings, { idleMs, attempts }: Patience = PATIENT): S3Client {
  const { region, endpoint } = settings;
  const client = new S3Client({
    region,
    // Gateways rarely serve a host name per bucket.
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    // Many gateways reject the newer default checksums. TLS and gzip's CRC already protect the bytes; a bucket that asks
    // for digests gets them.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: attempts,
    // No limit for a whole request: a large part may take long on a slow line, as long as its bytes move.
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: idleMs },
  });
  watchAnswers(client, placeOf(settings));
  return client;
}

/** For calls while the store answers, and for those after a silence. */
interface Clients {
  readonly soon: S3Client;
  readonly later: S3Client;
}

export class S3ObjectStore implements ObjectStore, VersionedStore {
  readonly #clients: Clients;
  readonly #place: Place;
  readonly #prefix: string;
  /** Whether the bucket has asked for them: one whose Object Lock retains new objects by default does. */
  #sendsDigests = false;
  /** Until when calls may be silent for longer, by `performance.now()`. */
  #patientToMs = 0;

  constructor(clients: Clients, place: Place, prefix: string) {
    this.#clients = clients;
    this.#place = place;
    this.#prefix = prefix;
  }

  async putIfAbsent(key: string, body: Uint8Array, options: PutOptions): Promise<'created' | 'exists'> {
    try {
      const { contentType: ContentType, metadata: Metadata } = options;
      const object = { ...this.#at(key), Body: body, ContentType, Metadata };
      await this.#put({ ...object, IfNoneMatch: '*' });
      return 'created';
    } catch (error) {
      if (this.#meaningOf(error, 'create').kind === 'exists') return 'exists';
      throw this.#failure(error, 'create', key);
    }
  }

  get(key: string, maxBytes?: number): Promise<StoredObject | undefined> {
    return this.#fetch(key, maxBytes);
  }

  read(key: string, maxBytes?: number): Promise<ObjectVersion | undefined> {
    return this.#fetch(key, maxBytes);
  }

  async #fetch(
    key: string,
    maxBytes = Number.POSITIVE_INFINITY,
  ): Promise<(StoredObject & ObjectVersion) | undefined> {
    try {
      const response = await this.#client.send(new GetObjectCommand(this.#at(key)));
      const body = await bodyOf(key, response, maxBytes);
      return { body, metadata: response.Metadata ?? {}, etag: response.ETag ?? '' };
    } catch (error) {
      if (error instanceof PipelineError) throw error;
      if (this.#meaningOf(error, 'get').kind === 'absent') return undefined;
      throw this.#failure(error, 'get', key);
    }
  }

  async readRange(key: string, etag: string, start: number, end: number): Promise<Uint8Array | undefined> {
    try {
      const Range = `bytes=${start}-${end - 1}`;
      const version = { ...this.#at(key), IfMatch: etag, Range };
      const response = await this.#client.send(new GetObjectCommand(version));
      // A gateway that ignores conditions answers with whatever is there.
      if (response.ETag !== undefined && bare(response.ETag) !== bare(etag)) return undefined;
      const bytes = await response.Body?.transformToByteArray();
      // One that ignores ranges answers with the whole object.
      return response.$metadata.httpStatusCode === 200 ? bytes?.subarray(start, end) : bytes;
    } catch (error) {
      if (this.#meaningOf(error, 'get version').kind === 'changed') return undefined;
      throw this.#failure(error, 'get version', key);
    }
  }

  async replace(
    key: string,
    etag: string | undefined,
    body: Uint8Array,
    { contentType: ContentType, metadata: Metadata }: PutOptions,
  ): Promise<string | undefined> {
    const operation = etag === undefined ? 'create' : 'replace';
    try {
      const object = { ...this.#at(key), Body: body, ContentType, Metadata };
      const condition = etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: etag };
      const response = await this.#put({ ...object, ...condition });
      return response.ETag ?? '';
    } catch (error) {
      const { kind } = this.#meaningOf(error, operation);
      if (kind === 'exists' || kind === 'changed') return undefined;
      throw this.#failure(error, operation, key);
    }
  }

  async #put(object: PutObjectCommandInput & { readonly Body: Uint8Array }): Promise<PutObjectCommandOutput> {
    const ContentMD5 = this.#sendsDigests
      ? createHash('md5').update(object.Body).digest('base64')
      : undefined;
    try {
      return await this.#client.send(new PutObjectCommand({ ...object, ContentMD5 }));
    } catch (error) {
      if (ContentMD5 !== undefined || !asksForDigest(outcomeOf(error))) throw error;
      this.#sendsDigests = true;
      return this.#put(object);
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
      const listing = { Bucket: this.#place.bucket, Prefix, MaxKeys: 1, FetchOwner: true };
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
      if (this.#meaningOf(error, 'delete').kind !== 'absent') throw this.#failure(error, 'delete', key);
    }
  }

  /**
   * Creates the bucket if it is missing, and checks that the endpoint supports If-None-Match, without which two writers
   * could overwrite each other, and that it lists what was written, after the key that is asked for.
   * @throws PipelineError `bucket_unavailable`, `conditional_write_unsupported`, `listing_unsupported`, `storage_denied`,
   *   `storage_unavailable`
   */
  async prepare(probe: string): Promise<void> {
    await this.#createBucket();
    const key = `bronze/_log/_probe/${probe}`;
    const options = { contentType: 'text/plain' };
    const body = new TextEncoder().encode('wikigauge: can this endpoint write conditionally?');
    await this.putIfAbsent(key, body, options);
    try {
      if ((await this.putIfAbsent(key, body, options)) === 'created')
        throw this.#noConditionalWrites(key, 'If-None-Match');
      if (!(await this.#isListed(key)) || (await this.#isListed(key, key))) throw this.#wrongListing(key);
    } finally {
      await this.remove(key);
    }
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

  async #isListed(key: string, after?: string): Promise<boolean> {
    for await (const page of this.list(key, after)) if (page.includes(key)) return true;
    return false;
  }

  async #createBucket(): Promise<void> {
    const Bucket = this.#place.bucket;
    try {
      await this.#client.send(new HeadBucketCommand({ Bucket }));
      return;
    } catch (error) {
      if (this.#meaningOf(error, 'find bucket').kind !== 'absent') {
        // The answer to a HEAD has no body, so it says little: that to a listing says what is wrong.
        if (outcomeOf(error).status !== undefined) await this.#page({ Bucket, MaxKeys: 1 }, Bucket);
        throw this.#failure(error, 'find bucket', Bucket);
      }
    }
    try {
      await this.#client.send(new CreateBucketCommand({ Bucket }));
    } catch (error) {
      const meaning = this.#meaningOf(error, 'create bucket');
      // Another process created it first.
      if (meaning.kind === 'exists') return;
      if (meaning.kind === 'not_s3') throw this.#failure(error, 'create bucket', Bucket);
      throw new PipelineError(`${s3Problems.bucketNotCreated.shows(this.#place)}: ${saidBy(error)}`, {
        code: 'bucket_unavailable',
        op: 'create bucket',
        subject: Bucket,
        retryable: meaning.kind === 'retry',
        hint: s3Problems.bucketNotCreated.remedy,
        cause: error,
      });
    }
    // A new bucket can take a moment to be visible everywhere.
    await sleep(100);
  }

  /** All pages of a listing. @throws PipelineError `storage_unavailable` when the store never ends it */
  async *#pages({ Prefix, StartAfter, ...query }: Listing): AsyncGenerator<ListObjectsV2CommandOutput> {
    const first = {
      Bucket: this.#place.bucket,
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
      `S3: list ${prefix} at ${this.#place.where}: ${s3Problems.endlessListing.shows}`,
      {
        code: 'storage_unavailable',
        op: 'list',
        subject: prefix,
        retryable: true,
        hint: s3Problems.endlessListing.remedy,
      },
    );
  }

  #at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#place.bucket, Key: `${this.#prefix}${key}` };
  }

  #noConditionalWrites(key: string, header: string): PipelineError {
    return new PipelineError(s3Problems.noConditionalWrites.shows({ where: this.#place.where, header }), {
      code: 'conditional_write_unsupported',
      op: 'put',
      subject: key,
      retryable: false,
      hint: s3Problems.noConditionalWrites.remedy,
    });
  }

  #wrongListing(key: string): PipelineError {
    return new PipelineError(s3Problems.wrongListing.shows(this.#place), {
      code: 'listing_unsupported',
      op: 'list',
      subject: key,
      retryable: false,
      hint: s3Problems.wrongListing.remedy,
    });
  }

  #meaningOf(error: unknown, operation: S3Operation): Meaning {
    return meaningOf(operation, outcomeOf(error), this.#place, Date.now());
  }

  #failure(error: unknown, operation: S3Operation, subject: string): PipelineError {
    if (isSilence(error)) this.#patientToMs = performance.now() + PATIENT_FOR_MS;
    const op = NAMES[operation] ?? operation;
    const what = `S3: ${op} ${subject} at ${this.#place.where}: ${saidBy(error)}`;
    return failureOf(this.#meaningOf(error, operation), what, { op, subject, cause: error });
  }
}

/** Names of calls in failures, where they differ. */
const NAMES: Partial<Record<S3Operation, string>> = {
  'get version': 'get',
  create: 'put',
  replace: 'put',
  'find bucket': 'look for bucket',
};

/** A name at or after the last one of a page; after a folder, one behind everything inside it. */
function lastName({ Contents, CommonPrefixes }: ListObjectsV2CommandOutput): string | undefined {
  const folder = CommonPrefixes?.at(-1)?.Prefix;
  const names = [Contents?.at(-1)?.Key, folder === undefined ? undefined : `${folder}\u{10FFFF}`];
  return names
    .filter(name => name !== undefined)
    .toSorted()
    .at(-1);
}

/** The body of an answer. Where the answer does not say how long it is, its bytes are counted. */
async function bodyOf(
  key: string,
  { Body, ContentLength }: GetObjectCommandOutput,
  maxBytes: number,
): Promise<Uint8Array> {
  if (Body === undefined) return new Uint8Array();
  const isBounded = maxBytes === Number.POSITIVE_INFINITY || ContentLength !== undefined;
  if (isBounded && (ContentLength ?? 0) <= maxBytes) return Body.transformToByteArray();
  const stream = Body as Readable;
  const chunks: Uint8Array[] = [];
  let bytes = ContentLength ?? 0;
  if (ContentLength === undefined)
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > maxBytes) break;
    }
  stream.destroy();
  if (bytes > maxBytes) throw tooLarge(key, bytes, maxBytes);
  return Buffer.concat(chunks);
}

/** A tag without its quotes: some gateways leave them out in listings. */
function bare(etag: string): string {
  return etag.replaceAll('"', '');
}
