/**
 * ① The bytes of one dump file over as many connections as it takes. After a cut the next one asks for the rest of
 * the same version of the file (`Range` with `If-Range`), so that a break costs seconds and not a gigabyte.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../../core/backoff.ts';
import { PipelineError } from '../../contracts/errors.ts';
import { RetryLater, unreachable } from '../source-failure.ts';
import { Connection } from './connection.ts';
import type { ConnectionRequest } from './connection.ts';

export interface DownloadRequest extends ConnectionRequest {
  /** Told once, before the first byte. */
  readonly onOpen?: (info: DownloadInfo) => void;
  /** Told why a connection failed and how long the pause is. */
  readonly onTrouble?: (error: PipelineError, pauseMs: number) => void;
  /** Trouble for this long without a byte ends the download; 10 min when absent. */
  readonly giveUpMs?: number;
}

export interface DownloadInfo {
  /** The server says that its edits are made up. */
  readonly simulated: boolean;
  /** Size of the file; absent when the server does not say. */
  readonly bytes?: number;
}

const GIVE_UP_MS = 600_000;
const BACKOFF = { baseMs: 500, maxMs: 60_000 };

/**
 * Yields the file's bytes in order, each once; the next connection or chunk is asked for only when the reader wants
 * more.
 * @throws PipelineError `dump_missing` and `source_refused` at once; `source_unreachable` after `giveUpMs` of trouble,
 *   or at once when the file became another one (then read it from the start); the signal's reason when it aborts:
 *   to return would look like the end of the file.
 */
export async function* download(request: DownloadRequest): AsyncGenerator<Uint8Array> {
  const { signal, giveUpMs = GIVE_UP_MS } = request;
  const file = new PartialFile(request);
  let troubles = 0;
  let troubledSinceMs = 0;
  for (;;) {
    let trouble: PipelineError;
    try {
      for await (const chunk of file.rest()) {
        troubles = 0;
        yield chunk;
      }
      return;
    } catch (error) {
      if (!(error instanceof PipelineError && error.retryable) || error instanceof FileChanged) throw error;
      trouble = error;
    }
    if (troubles === 0) troubledSinceMs = performance.now();
    troubles += 1;
    const askedMs = trouble instanceof RetryLater ? trouble.afterMs : 0;
    const pauseMs = Math.max(askedMs, backoffMs(BACKOFF, troubles, Math.random()));
    if (performance.now() + pauseMs - troubledSinceMs > giveUpMs) throw trouble;
    request.onTrouble?.(trouble, pauseMs);
    await sleep(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** The bytes read belong to a version of the file that is no longer there. */
class FileChanged extends PipelineError {
  constructor(url: string, why: string) {
    const { message, code, op, subject } = unreachable(url, why);
    super(message, { code, op, subject, retryable: true });
  }
}

/** A file of which some bytes were read. */
class PartialFile {
  readonly #request: DownloadRequest;
  #read = 0;
  #opened = false;
  #total: number | undefined;
  /** What `If-Range` compares: a strong ETag, or else the time of the last change. */
  #version: string | undefined;

  constructor(request: DownloadRequest) {
    this.#request = request;
  }

  /** The bytes not read yet, over one connection. */
  async *rest(): AsyncGenerator<Uint8Array> {
    const connection = await Connection.open(this.#request, this.#range());
    try {
      // Before the first byte was read, a later answer replaces an earlier one.
      if (this.#read === 0) this.#begin(connection.response);
      else this.#expectRest(connection.response);
      for (;;) {
        const chunk = await connection.read();
        if (chunk === undefined) break;
        this.#read += chunk.length;
        yield chunk;
      }
    } finally {
      connection.close();
    }
    const { url } = this.#request;
    if (this.#total === undefined || this.#read === this.#total) return;
    if (this.#read > this.#total) throw new FileChanged(url, 'more bytes than announced');
    throw unreachable(url, `ended after ${this.#read} of ${this.#total} bytes`);
  }

  #range(): Record<string, string> {
    if (this.#read === 0) return {};
    const { url } = this.#request;
    if (this.#version === undefined)
      throw new FileChanged(url, 'broke off, and has no version to go on with');
    return { Range: `bytes=${this.#read}-`, 'If-Range': this.#version };
  }

  /** Takes note of what the file is. */
  #begin({ headers, status }: Response): void {
    const { url, onOpen } = this.#request;
    if (status !== 200) throw new FileChanged(url, `answered ${status} to a request for the whole file`);
    const length = headers.get('content-length');
    this.#total = length === null ? undefined : Number(length);
    const tag = headers.get('etag');
    this.#version = tag !== null && !tag.startsWith('W/') ? tag : (headers.get('last-modified') ?? undefined);
    if (this.#opened) return;
    this.#opened = true;
    onOpen?.({
      simulated: headers.get('x-wikigauge-simulated') === 'true',
      ...(this.#total === undefined ? {} : { bytes: this.#total }),
    });
  }

  /** 206 from where we are is the rest of the same version; 200 is another version from its start, 416 a shorter one. */
  #expectRest(response: Response): void {
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
    if (response.status === 206 && Number(range?.[1]) === this.#read) return;
    throw new FileChanged(this.#request.url, 'changed while it was read');
  }
}
