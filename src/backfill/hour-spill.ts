/**
 * Lines of many hours in any order, collected on disk: a dump is not sorted, and a month of a large wiki is gigabytes.
 * Compressed as they come; in memory is only what was added last.
 */
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Hour } from '../core/time.ts';
import type { PartBody } from './parts.ts';

const compress = promisify(gzip);
/** Lines of an hour that wait for the disk. */
const WAITING_BYTES = 64 << 10;
const NEWLINE = new Uint8Array([10]);

interface Waiting {
  lines: Uint8Array[];
  bytes: number;
  events: number;
  edits: number;
}

export class HourSpill {
  readonly #folder: string;
  readonly #hours = new Map<Hour, Waiting>();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes a folder of its own among the system's temporary files. */
  static async open(): Promise<HourSpill> {
    return new HourSpill(await mkdtemp(join(tmpdir(), 'wikigauge-dump-')));
  }

  /** Hours that have lines, ascending. */
  get hours(): Hour[] {
    return [...this.#hours.keys()].sort();
  }

  /** Adds a line without its end. */
  async add(hour: Hour, line: Uint8Array, isEdit: boolean): Promise<void> {
    const waiting = this.#hours.get(hour) ?? { lines: [], bytes: 0, events: 0, edits: 0 };
    this.#hours.set(hour, waiting);
    waiting.lines.push(line, NEWLINE);
    waiting.bytes += line.length + 1;
    waiting.events += 1;
    if (isEdit) waiting.edits += 1;
    if (waiting.bytes >= WAITING_BYTES) await this.#spill(hour, waiting);
  }

  /** The lines of an hour in the order in which they were added. */
  async finish(hour: Hour): Promise<PartBody> {
    const waiting = this.#hours.get(hour);
    if (waiting === undefined) return { body: new Uint8Array(), events: 0, edits: 0 };
    if (waiting.bytes > 0) await this.#spill(hour, waiting);
    const { events, edits } = waiting;
    return { body: await readFile(this.#fileOf(hour)), events, edits };
  }

  /** Removes everything. */
  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #spill(hour: Hour, waiting: Waiting): Promise<void> {
    const { lines } = waiting;
    waiting.lines = [];
    waiting.bytes = 0;
    await appendFile(this.#fileOf(hour), await compress(Buffer.concat(lines)));
  }

  #fileOf(hour: Hour): string {
    return join(this.#folder, `${hour}.gz`);
  }
}
