/**
 * Lines of many hours in any order, collected on disk: a dump is not sorted, and a month of a large wiki is gigabytes.
 * Lines are compressed as they come; only the latest of each hour are in memory.
 */
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hour } from '../core/time.ts';
import { LineBatch } from './line-batch.ts';
import type { PartBody } from './parts.ts';

/** Bytes of one hour that are kept in memory. */
const BATCH_BYTES = 64 << 10;

export class HourSpill {
  readonly #folder: string;
  readonly #batches = new Map<Hour, LineBatch>();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Creates a temporary folder of its own; `close` removes it. */
  static async open(): Promise<HourSpill> {
    return new HourSpill(await mkdtemp(join(tmpdir(), 'wikigauge-dump-')));
  }

  /** Hours that have lines, ascending. */
  get hours(): Hour[] {
    return [...this.#batches.keys()].sort();
  }

  /** Adds a line given without its newline. */
  async add(hour: Hour, line: Uint8Array, isEdit: boolean): Promise<void> {
    const batch = this.#batches.get(hour) ?? new LineBatch();
    this.#batches.set(hour, batch);
    batch.add(line, isEdit);
    if (batch.bytes >= BATCH_BYTES) await this.#spill(hour, batch);
  }

  /** The lines of an hour in the order in which they were added. */
  async finish(hour: Hour): Promise<PartBody> {
    const batch = this.#batches.get(hour);
    if (batch === undefined) return { body: new Uint8Array(), events: 0, edits: 0 };
    if (batch.bytes > 0) await this.#spill(hour, batch);
    return { body: await readFile(this.#fileOf(hour)), ...batch.counts };
  }

  /** Deletes the folder and all lines in it. */
  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #spill(hour: Hour, batch: LineBatch): Promise<void> {
    await appendFile(this.#fileOf(hour), await batch.takeGzipped());
  }

  #fileOf(hour: Hour): string {
    return join(this.#folder, `${hour}.gz`);
  }
}
