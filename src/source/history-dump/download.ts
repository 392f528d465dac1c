/**
 * ① The bytes of one dump file over as many connections as it takes. After a break the next one asks for the rest of
 * the same version of the file (`Range` with `If-Range`), so that a break costs seconds and not a gigabyte.
 */
import { PipelineError } from '../../contracts/errors.ts';
import { reconnecting } from '../reconnect.ts';
import { isSimulated } from '../simulated.ts';
import { unreachable } from '../source-failure.ts';
import { Connection } from './connection.ts';
import type { ConnectionRequest } from './connection.ts';

export interface DownloadRequest extends ConnectionRequest {
  /** Called once, before the first byte. */
  readonly onOpen?: (info: DownloadInfo) => void;
  /** Called before each pause with its cause. */
  readonly onTrouble?: (error: PipelineError, pauseMs: number) => void;
  /** Failures for this long without a byte end the download; 10 min when absent. */
  readonly giveUpMs?: number;
}

export interface DownloadInfo {
  /** The server says that its edits are made up. */
  readonly simulated: boolean;
  /** Size of the file; absent when the server does not say. */
  readonly bytes?: number;
}

const GIVE_UP_MS = 600_000;

/**
 * Yields the file's bytes in order, each once. Connects and reads only as far as the reader asks.
 * @throws PipelineError `dump_missing` and a final `source_refused` at once; other failures after failing for `giveUpMs`,
 *   or at once when the file was replaced by another one (then read it from the start); the signal's reason when it
 *   aborts, because to return would look like the end of the file.
 */
export async function* download(request: DownloadRequest): AsyncGenerator<Uint8Array> {
  const { url, signal, giveUpMs = GIVE_UP_MS, onTrouble } = request;
  const file = new PartialFile(request);
  yield* reconnecting(() => file.rest(), {
    url,
    signal,
    cleanEnd: 'finish',
    giveUp: { afterMs: giveUpMs, countsPause: true },
    isFinal: failure => failure instanceof FileChanged,
    onTrouble,
  });
  if (!file.isComplete) signal.throwIfAborted();
}

/** The bytes read so far belong to a version of the file that is gone. */
class FileChanged extends PipelineError {
  constructor(url: string, why: string) {
    const { message, code, op, subject } = unreachable(url, why);
    super(message, { code, op, subject, retryable: true });
  }
}

/** A file of which some bytes have been read. */
class PartialFile {
  readonly #request: DownloadRequest;
  #read = 0;
  #opened = false;
  #complete = false;
  #total: number | undefined;
  /** What `If-Range` compares: a strong ETag, or else the time of the last change. */
  #version: string | undefined;

  constructor(request: DownloadRequest) {
    this.#request = request;
  }

  /** Whether every byte has been read. */
  get isComplete(): boolean {
    return this.#complete;
  }

  /** The bytes not read yet, over one connection. */
  async *rest(): AsyncGenerator<Uint8Array> {
    const connection = await Connection.open(this.#request, this.#range());
    try {
      // Until the first byte has been read, a later answer replaces an earlier one.
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
    this.#expectTotal();
    this.#complete = true;
  }

  #range(): Record<string, string> {
    if (this.#read === 0) return {};
    const { url } = this.#request;
    if (this.#version === undefined)
      throw new FileChanged(url, 'the connection broke, and the file has no version to resume with');
    return { Range: `bytes=${this.#read}-`, 'If-Range': this.#version };
  }

  /** Remembers size and version. */
  #begin(response: Response): void {
    const { headers, status } = response;
    const { url, onOpen } = this.#request;
    if (status !== 200) throw new FileChanged(url, `answered ${status} to a request for the whole file`);
    const length = headers.get('content-length');
    this.#total = length === null ? undefined : Number(length);
    const tag = headers.get('etag');
    this.#version = tag !== null && !tag.startsWith('W/') ? tag : (headers.get('last-modified') ?? undefined);
    if (this.#opened) return;
    this.#opened = true;
    onOpen?.({
      simulated: isSimulated(response),
      ...(this.#total === undefined ? {} : { bytes: this.#total }),
    });
  }

  /** 206 from our offset is the rest of the same version; 200 is another version from its start, 416 a shorter one. */
  #expectRest(response: Response): void {
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
    if (response.status === 206 && Number(range?.[1]) === this.#read) return;
    throw new FileChanged(this.#request.url, 'changed while it was read');
  }

  #expectTotal(): void {
    const { url } = this.#request;
    if (this.#total === undefined || this.#read === this.#total) return;
    if (this.#read > this.#total) throw new FileChanged(url, 'more bytes than announced');
    throw unreachable(url, `ended after ${this.#read} of ${this.#total} bytes`);
  }
}
