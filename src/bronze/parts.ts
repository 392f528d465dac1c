/**
 * Writes and reads the objects of bronze: parts (gzipped NDJSON, the bytes as received) and dead letters. Names contain
 * sequence and attempt. So no two attempts write the same key, and writing one again is always a retry.
 *
 * This folder, bronze, is the events as received and the log that says which of them exist: parts, dead letters, the
 * commit log, duplicate detection, clean-up after crashes, and the lifecycle rules of the bucket. It does not count.
 */
import type { ReadableOptions } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGunzip, createGzip, gzip } from 'node:zlib';
import type { ZlibOptions } from 'node:zlib';
import { DEAD_LETTERS, deadLetterKey, streamPartKey } from '../contracts/storage/object-keys.ts';
import type { PartEntry, StoredEvents } from '../contracts/storage/log-record.ts';
import type { DeadLetter, HourLines, PartBuffer } from './part-buffer.ts';
import { PipelineError, messageOf } from '../contracts/errors.ts';
import { shownUrl } from '../core/shown-url.ts';
import { sentNear } from '../core/reading.ts';
import { instantOf, minuteOf } from '../core/time.ts';
import type { GoldSource } from '../contracts/storage/gold-source.ts';
import type { ObjectStore, StoredObject } from '../store/object-store.ts';
import { persistently } from '../store/persistently.ts';
import type { Persistence } from '../store/persistently.ts';
import { bronzeProblems } from './known-problems.ts';

const compress = promisify(gzip);
const NEWLINE = new Uint8Array([10]);
/** 1 MiB: the default of 16 kB makes gunzip several times slower. */
const GUNZIP_CHUNK = 1 << 20;
/** So much is decompressed ahead, on another core, while earlier chunks are read. */
const GUNZIP_AHEAD = 4 << 20;
/**
 * Of a line. An event has 5 MiB at most; as a dead letter it is escaped, six times longer, and can be there twice.
 */
const MAX_LINE_BYTES = 64 << 20;
/** Edits shrink to a seventh. What shrinks this much and is this large was made to fill the memory of its readers. */
const MAX_RATIO = 200;
const ALWAYS_READ_BYTES = 64 << 20;

/** What distinguishes the names of one flush from those of all others. */
export interface FlushName {
  readonly sequence: number;
  readonly attempt: string;
}

/** Writes one hour of a flush as a part; returns its entry for the log record. */
export async function writePart(
  store: ObjectStore,
  lines: HourLines,
  name: FlushName,
  source: GoldSource,
  persistence: Persistence,
): Promise<PartEntry> {
  return writePartAs(
    streamPartKey(lines.hour, name.sequence, name.attempt),
    store,
    lines,
    source,
    persistence,
  );
}

/** Writes one hour of events as a part under `key`, which must be used for these events only. */
export async function writePartAs(
  key: string,
  store: ObjectStore,
  { hour, lines, summary }: HourLines,
  source: GoldSource,
  persistence: Persistence,
): Promise<PartEntry> {
  const body = await compress(joinLines(lines));
  const metadata = {
    events: String(summary.events),
    edits: String(summary.edits),
    source: source.url,
    simulated: String(source.simulated),
  };
  // `exists` means that an earlier try of ours succeeded and only its response was lost.
  await persistently(
    () => store.putIfAbsent(key, body, { contentType: 'application/gzip', metadata }),
    persistence,
  );
  return { key, hour, storedBytes: body.length, ...summary };
}

/** Writes the dead letters of a flush as one object; undefined when there are none. */
export async function writeDeadLetters(
  store: ObjectStore,
  buffer: PartBuffer,
  name: FlushName,
  receivedAtMs: number,
  persistence: Persistence,
): Promise<StoredEvents | undefined> {
  const letters = buffer.deadLetters;
  if (letters.length === 0) return undefined;
  const key = deadLetterKey(receivedAtMs, name.sequence, name.attempt);
  const body = await compressAll(letters);
  await persistently(() => store.putIfAbsent(key, body, { contentType: 'application/gzip' }), persistence);
  return { key, events: letters.length, sent: buffer.deadLetterRanges };
}

/** One letter at a time: control characters become six times as long in JSON. */
async function compressAll(letters: readonly DeadLetter[]): Promise<Buffer> {
  const lines = function* () {
    for (const letter of letters) yield `${JSON.stringify(letter)}\n`;
  };
  return pipeline(lines, createGzip(), joined);
}

/** A part, opened for reading. */
export interface OpenPart {
  /** Uncompressed bytes. */
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly source: GoldSource;
  /** Compressed size. */
  readonly storedBytes: number;
}

/**
 * Opens a part.
 * @param maxBytes of the object, compressed
 * @throws PipelineError `object_missing`; `object_unreadable` when it is larger, or while reading when it is not gzip, or
 * was made to fill memory
 */
export async function openPart(store: ObjectStore, key: string, maxBytes?: number): Promise<OpenPart> {
  const object = await store.get(key, maxBytes);
  if (object === undefined) {
    throw new PipelineError(bronzeProblems.missingPart.shows({ key }), {
      code: 'object_missing',
      op: 'read part',
      subject: key,
      retryable: false,
      hint: bronzeProblems.missingPart.remedy,
    });
  }
  return { chunks: gunzip(object.body, key), source: sourceOf(object), storedBytes: object.body.length };
}

/** The stream of a part's events, according to its metadata. Older versions stored the URL with its query. */
export function sourceOf({ metadata: { source = 'unknown', simulated } }: StoredObject): GoldSource {
  return { url: shownUrl(source), simulated: simulated === 'true' };
}

/** The lines of a part or of dead letters, all in memory. @throws PipelineError as `openPart` */
export async function linesIn(store: ObjectStore, key: string): Promise<string[]> {
  const { chunks } = await openPart(store, key);
  const lines = (await joined(chunks)).toString('utf8').split('\n');
  return lines.filter(line => line !== '');
}

/** All bytes of an open part. */
export async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const chunk of chunks) pieces.push(chunk);
  return Buffer.concat(pieces);
}

/** What identifies an event, and the minute (epoch seconds) in which it was sent. */
export interface Identity {
  readonly identity: string;
  readonly minute: number;
}

/** The identities of the events in a part or in dead letters. */
export async function identitiesIn(store: ObjectStore, key: string): Promise<Identity[]> {
  const lines = await linesIn(store, key);
  const read = key.startsWith(DEAD_LETTERS) ? identityOfDeadLetter : identityOfEvent;
  return lines.flatMap(line => {
    try {
      // Stored lines were checked before they were written.
      return read(JSON.parse(line));
    } catch {
      // What has been damaged since then has no identity any more, and is a finding of `verify`.
      return [];
    }
  });
}

function identityOfDeadLetter({ identity, sentAt }: DeadLetter): Identity {
  return { identity, minute: minuteOf(Date.parse(sentAt) / 1000) };
}

function identityOfEvent({ meta, timestamp }: StoredEvent): Identity {
  const sentAtMs = sentNear(timestamp * 1000, instantOf(meta.dt));
  return { identity: meta.id, minute: minuteOf(sentAtMs / 1000) };
}

interface StoredEvent {
  readonly meta: { readonly id: string; readonly dt?: unknown };
  readonly timestamp: number;
}

async function* gunzip(body: Uint8Array, key: string): AsyncGenerator<Uint8Array> {
  const options: ZlibOptions & ReadableOptions = { chunkSize: GUNZIP_CHUNK, highWaterMark: GUNZIP_AHEAD };
  const inflate = createGunzip(options);
  inflate.end(body);
  let bytes = 0;
  let lineBytes = 0;
  try {
    for await (const chunk of inflate as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > ALWAYS_READ_BYTES && bytes > MAX_RATIO * body.length)
        throw unreadable(key, `has more than ${MAX_RATIO} times as many bytes as are stored`);
      const end = chunk.lastIndexOf(10);
      // A line that ends in this chunk is as long as what came before, and a chunk at most.
      lineBytes = end < 0 ? lineBytes + chunk.length : chunk.length - end - 1;
      if (lineBytes > MAX_LINE_BYTES)
        throw unreadable(key, `has a line of more than ${MAX_LINE_BYTES} bytes`);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof PipelineError) throw error;
    throw unreadable(key, `cannot be decompressed: ${messageOf(error)}`, error);
  }
}

/** Final: reading it again cannot help. */
function unreadable(key: string, why: string, cause?: unknown): PipelineError {
  return new PipelineError(bronzeProblems.damagedPart.shows({ key, why }), {
    code: 'object_unreadable',
    op: 'read part',
    subject: key,
    retryable: false,
    hint: bronzeProblems.damagedPart.remedy,
    cause,
  });
}

function joinLines(lines: readonly Uint8Array[]): Buffer {
  return Buffer.concat(lines.flatMap(line => [line, NEWLINE]));
}
