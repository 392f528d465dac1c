/**
 * A raw client for tests that keeps every byte. It shares no code with the client in src on purpose.
 */

import { type ClientRequest, get, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { untilTrue } from '../../support/until.ts';

/** A User-Agent that the simulated edge accepts. */
export const USER_AGENT = 'wikigauge-test/1 (https://example.org; test@example.org)';

/** One server-sent event, or one comment. */
export interface Frame {
  readonly event: string | undefined;
  readonly id: string | undefined;
  /** bytes of the data line */
  readonly data: Buffer | undefined;
  readonly comment: string | undefined;
  readonly bytes: Buffer;
}

/** A response that is read while it arrives. */
export class Reading {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** how it ended; undefined while it is open */
  ended: 'end' | 'error' | undefined;
  error: NodeJS.ErrnoException | undefined;
  readonly chunks: Buffer[] = [];
  readonly #request: ClientRequest;
  readonly #response: IncomingMessage;

  constructor(clientRequest: ClientRequest, response: IncomingMessage, paused: boolean) {
    this.status = response.statusCode ?? 0;
    this.headers = response.headers;
    this.#request = clientRequest;
    this.#response = response;
    response.once('end', () => (this.ended ??= 'end'));
    response.once('error', (error: NodeJS.ErrnoException) => {
      this.ended ??= 'error';
      this.error = error;
    });
    if (!paused) this.resume();
  }

  /** Starts to read the response. */
  resume(): void {
    this.#response.on('data', (chunk: Buffer) => this.chunks.push(chunk));
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  get text(): string {
    return this.bytes.toString('utf8');
  }

  /** Complete frames so far, including the first `:ok`. */
  frames(): Frame[] {
    return framesOf(this.bytes);
  }

  /** Frames with an event. */
  events(): Frame[] {
    return this.frames().filter(frame => frame.data !== undefined);
  }

  /** Waits for the end of the response. */
  async done(deadlineMs?: number): Promise<this> {
    await untilTrue(() => this.ended, deadlineMs);
    return this;
  }

  /** Closes the connection. */
  close(): void {
    this.#request.destroy();
  }
}

/** Splits an SSE response. */
function framesOf(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let begin = 0; ;) {
    const end = bytes.indexOf('\n\n', begin);
    if (end < 0) return frames;
    frames.push(frameOf(bytes.subarray(begin, end)));
    begin = end + 2;
  }
}

function frameOf(bytes: Buffer): Frame {
  const fields = new Map<string, Buffer>();
  for (let begin = 0; begin < bytes.length;) {
    const newline = bytes.indexOf(10, begin);
    const line = bytes.subarray(begin, newline < 0 ? bytes.length : newline);
    const colon = line.indexOf(':');
    fields.set(line.subarray(0, colon).toString(), line.subarray(colon === 0 ? 1 : colon + 2));
    begin += line.length + 1;
  }
  return {
    event: fields.get('event')?.toString(),
    id: fields.get('id')?.toString(),
    data: fields.get('data'),
    comment: fields.get('')?.toString(),
    bytes,
  };
}

/** Opens a stream. The client's address can be faked, so that a test file is not limited to two connections. */
export async function open(
  url: string,
  options: { headers?: Record<string, string>; client?: string; paused?: boolean } = {},
): Promise<Reading> {
  const headers = {
    'user-agent': USER_AGENT,
    ...(options.client && { 'x-client-ip': options.client }),
    ...options.headers,
  };
  return new Promise((resolve, reject) => {
    const clientRequest = get(url, { headers, agent: false }, response =>
      resolve(new Reading(clientRequest, response, options.paused ?? false)),
    );
    clientRequest.once('error', reject);
  });
}

/** A complete response. */
export async function ask(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
  return new Promise((resolve, reject) => {
    const clientRequest = request(
      url,
      {
        method: options.method ?? 'GET',
        headers: { 'user-agent': USER_AGENT, ...options.headers },
        agent: false,
      },
      response => {
        const reading = new Reading(clientRequest, response, false);
        reading
          .done()
          .then(
            () => resolve({ status: reading.status, headers: reading.headers, text: reading.text }),
            reject,
          );
      },
    );
    clientRequest.once('error', reject);
    clientRequest.end(options.body);
  });
}

/** The JSON of a response. */
export async function askJson<T>(url: string): Promise<T> {
  return JSON.parse((await ask(url)).text) as T;
}

/** The fields of an event that tests read. */
export interface Event {
  meta: {
    id?: string;
    domain: string;
    dt: string;
    topic: string;
    partition: number;
    offset: number;
    request_id: string;
  };
  id?: number;
  type: string;
  wiki: string;
  bot: boolean;
  timestamp: number;
  user?: string;
  length?: { old?: number; new: number };
  revision?: { old?: number; new: number };
}

/** The event in a frame. */
export function eventIn(frame: Frame | undefined): Event {
  return JSON.parse(frame?.data?.toString('utf8') ?? '') as Event;
}

/** A position in an id. */
export interface Entry {
  topic: string;
  partition: number;
  offset?: number;
  timestamp?: number;
}

/** The positions in a frame's id. */
export function idIn(frame: Frame | undefined): Entry[] {
  return JSON.parse(frame?.id ?? '') as Entry[];
}
