/**
 * Parts that a backfill writes: gzipped as they grow, so that a busy hour takes a tenth of its size in memory, and
 * marked with their source in key and metadata. The same lines make the same bytes.
 */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { BackfillSource } from '../core/backfill.ts';
import type { GoldSource } from '../contracts/storage/gold-source.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { persistently } from '../store/persistently.ts';
import type { Persistence } from '../store/persistently.ts';

const compress = promisify(gzip);
/** Lines are compressed a mebibyte at a time; gzip members one after the other are one gzip file. */
const MEMBER_BYTES = 1 << 20;
const NEWLINE = new Uint8Array([10]);

/** What a finished part holds. */
export interface PartBody {
  readonly body: Uint8Array;
  readonly events: number;
  readonly edits: number;
}

/** A part in the making. */
export class GrowingPart {
  readonly #members: Uint8Array[] = [];
  #lines: Uint8Array[] = [];
  #bytes = 0;
  #events = 0;
  #edits = 0;

  /** Lines so far. */
  get events(): number {
    return this.#events;
  }

  /** Adds a line without its end. */
  async add(line: Uint8Array, isEdit: boolean): Promise<void> {
    this.#lines.push(line, NEWLINE);
    this.#bytes += line.length + 1;
    this.#events += 1;
    if (isEdit) this.#edits += 1;
    if (this.#bytes >= MEMBER_BYTES) await this.#close();
  }

  /** The part; nothing may be added any more. */
  async finish(): Promise<PartBody> {
    if (this.#bytes > 0) await this.#close();
    return { body: Buffer.concat(this.#members), events: this.#events, edits: this.#edits };
  }

  async #close(): Promise<void> {
    const lines = this.#lines;
    this.#lines = [];
    this.#bytes = 0;
    this.#members.push(await compress(Buffer.concat(lines)));
  }
}

/** Twelve characters that stand for these bytes in a key. */
export function digestOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 12);
}

/** Where a part's rows come from. */
export interface BackfillOrigin extends GoldSource {
  readonly source: BackfillSource;
}

/** Writes a part unless its key is taken: by an earlier try, or by another backfill of the same window. */
export async function putBackfillPart(
  store: ObjectStore,
  key: string,
  { body, events, edits }: PartBody,
  { url, simulated, source }: BackfillOrigin,
  persistence: Persistence,
): Promise<'created' | 'exists'> {
  const metadata = {
    events: String(events),
    edits: String(edits),
    source: url,
    simulated: String(simulated),
    backfill: source,
  };
  return persistently(
    () => store.putIfAbsent(key, body, { contentType: 'application/gzip', metadata }),
    persistence,
  );
}
