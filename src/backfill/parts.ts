/**
 * Parts that a backfill writes: gzipped as they grow, so that a busy hour takes a tenth of its size in memory, and
 * marked with their source in key and metadata. The same lines make the same bytes.
 */
import { createHash } from 'node:crypto';
import type { BackfillSource } from '../core/backfill.ts';
import { shownUrl } from '../core/shown-url.ts';
import type { GoldSource } from '../contracts/storage/gold-source.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { persistently } from '../store/persistently.ts';
import type { Persistence } from '../store/persistently.ts';
import { LineBatch } from './line-batch.ts';

/** Lines are compressed a mebibyte at a time. */
const MEMBER_BYTES = 1 << 20;

/** A finished part. */
export interface PartBody {
  readonly body: Uint8Array;
  readonly events: number;
  readonly edits: number;
}

/** A part to which lines are still added. */
export class GrowingPart {
  readonly #members: Uint8Array[] = [];
  readonly #batch = new LineBatch();

  /** Lines so far. */
  get events(): number {
    return this.#batch.counts.events;
  }

  /** Adds a line given without its newline. */
  async add(line: Uint8Array, isEdit: boolean): Promise<void> {
    this.#batch.add(line, isEdit);
    if (this.#batch.bytes >= MEMBER_BYTES) await this.#compress();
  }

  /** The part. Nothing may be added afterwards. */
  async finish(): Promise<PartBody> {
    if (this.#batch.bytes > 0) await this.#compress();
    return { body: Buffer.concat(this.#members), ...this.#batch.counts };
  }

  async #compress(): Promise<void> {
    this.#members.push(await this.#batch.takeGzipped());
  }
}

/** Twelve hex characters that identify these bytes in a key. */
export function digestOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 12);
}

/** Where a part's rows come from. */
export interface BackfillOrigin extends GoldSource {
  readonly source: BackfillSource;
}

/** Writes a part unless its key exists, from an earlier attempt or from another backfill of the same window. */
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
    source: shownUrl(url),
    simulated: String(simulated),
    backfill: source,
  };
  return persistently(
    () => store.putIfAbsent(key, body, { contentType: 'application/gzip', metadata }),
    persistence,
  );
}
