/**
 * Reads the commit log from the oldest record to the tail, a few records at a time. Keeps what a range of hours needs:
 * the parts of those hours, and the records from the first to the last that touch the range. Checks each record on the
 * way. It follows the log by itself instead of using the readers of src/bronze on purpose: those trust the log.
 */
import type { LogKeys } from '../contracts/storage/object-keys.ts';
import type { LogRecord, PartEntry } from '../contracts/storage/log-record.ts';
import { mapBounded } from '../core/map-bounded.ts';
import { PipelineError } from '../contracts/errors.ts';
import type { Hour } from '../core/time.ts';
import { readRecord } from '../bronze/commit-log.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { noteOf } from './findings.ts';
import type { Finding } from './findings.ts';
import { examineRecord, missingRecords, shapeProblem, unreadableRecord } from './records.ts';

const READ_AT_ONCE = 16;

/** A part as the log names it. */
export interface NamedPart {
  readonly entry: PartEntry;
  readonly sequence: number;
  readonly attempt: string;
  /** When the record was written, epoch ms. */
  readonly atMs: number;
}

export class LogReader {
  readonly #store: ObjectStore;
  readonly #keys: LogKeys;
  readonly #hours: ReadonlySet<Hour>;
  readonly #range: readonly [fromMs: number, toMs: number];
  readonly #report: (finding: Finding) => void;
  readonly #named = new Map<Hour, Map<string, NamedPart>>();
  /** Records from the first that touches the range. */
  #span: LogRecord[] = [];
  #spanEnd = 0;
  #beforeSpan: LogRecord | undefined;
  #older: LogRecord | undefined;
  #fence: LogRecord | undefined;
  #oldest = 0;
  #tail = 0;
  #records = 0;
  #epochs = 0;

  constructor(
    store: ObjectStore,
    keys: LogKeys,
    hours: ReadonlySet<Hour>,
    range: readonly [fromMs: number, toMs: number],
    report: (finding: Finding) => void,
  ) {
    this.#store = store;
    this.#keys = keys;
    this.#hours = hours;
    this.#range = range;
    this.#report = report;
  }

  /** Sequence of the oldest record that still exists; 0 when the log is empty. */
  get oldest(): number {
    return this.#oldest;
  }

  /** Sequence of the newest record that was read. */
  get tail(): number {
    return this.#tail;
  }

  get counts(): { readonly records: number; readonly epochs: number } {
    return { records: this.#records, epochs: this.#epochs };
  }

  /** Parts of an hour of the range by key, as of the records read so far. */
  partsOf(hour: Hour): ReadonlyMap<string, NamedPart> {
    return this.#named.get(hour) ?? new Map<string, NamedPart>();
  }

  /** All records from the first to the last that touch the range, and the record before them. */
  get span(): { readonly before: LogRecord | undefined; readonly records: readonly LogRecord[] } {
    return { before: this.#beforeSpan, records: this.#span.slice(0, this.#spanEnd) };
  }

  /** Reads every listed record. */
  async readAll(): Promise<void> {
    for await (const page of this.#store.list(this.#keys.prefix)) {
      const sequences: number[] = [];
      for (const key of page) {
        const sequence = this.#keys.sequenceOf(key);
        if (sequence !== undefined && sequence > 0) sequences.push(sequence);
        else this.#report(noteOf(['log', 'foreign_object'], key, `${key} is not a log record`));
      }
      for (let at = 0; at < sequences.length; at += READ_AT_ONCE)
        await this.#read(sequences.slice(at, at + READ_AT_ONCE));
    }
    if (this.#tail === 0) this.#report(noteOf(['log', 'log_empty'], this.#keys.prefix, 'the log is empty'));
  }

  /** Reads the records committed since the last read. */
  async readNew(): Promise<void> {
    while ((await this.#read([this.#tail + 1])) > 0);
  }

  /** Reads records in ascending order. @returns how many existed */
  async #read(sequences: readonly number[]): Promise<number> {
    const read = await mapBounded(sequences, READ_AT_ONCE, async sequence => ({
      sequence,
      record: await this.#readOne(sequence),
    }));
    let existing = 0;
    for (const { sequence, record } of read) {
      // A listed record may expire before it is read. If it is a hole instead, the next record reveals it.
      if (record === undefined) continue;
      existing += 1;
      if (this.#tail > 0 && sequence > this.#tail + 1) {
        this.#report(missingRecords(this.#tail + 1, sequence - 1, this.#keys));
        this.#fence = undefined;
      }
      if (typeof record === 'string') this.#report(unreadableRecord(sequence, record, this.#keys));
      else this.#take(record);
      if (this.#oldest === 0) this.#oldest = sequence;
      this.#tail = sequence;
    }
    return existing;
  }

  /** The record, or why it cannot be used, or undefined when it does not exist. */
  async #readOne(sequence: number): Promise<LogRecord | string | undefined> {
    try {
      const record = await readRecord(this.#store, this.#keys, sequence);
      return record === undefined ? undefined : (shapeProblem(record) ?? record);
    } catch (error) {
      if (error instanceof PipelineError && error.code === 'object_unreadable') return error.message;
      throw error;
    }
  }

  #take(record: LogRecord): void {
    const older = this.#older;
    const before = older?.sequence === record.sequence - 1 ? older : undefined;
    const place = { before, older, fence: this.#fence };
    for (const problem of examineRecord(record, place, this.#keys)) this.#report(problem);
    this.#records += 1;
    if (record.kind === 'fence') {
      this.#epochs += 1;
      this.#fence = record;
    }
    const touches = this.#keepParts(record);
    if (touches && this.#span.length === 0) this.#beforeSpan = before;
    if (touches || this.#span.length > 0) this.#span.push(record);
    if (touches) this.#spanEnd = this.#span.length;
    this.#older = record;
  }

  /** Keeps the parts of the range. @returns whether the record touches the range */
  #keepParts(record: LogRecord): boolean {
    if (record.kind === 'fence') return false;
    const { sequence, parts, deadLetters, writer } = record;
    const atMs = Date.parse(record.at);
    let touches = false;
    for (const entry of parts) {
      if (!this.#hours.has(entry.hour)) continue;
      const named = this.#named.get(entry.hour) ?? new Map<string, NamedPart>();
      named.set(entry.key, { entry, sequence, attempt: writer.attempt, atMs });
      this.#named.set(entry.hour, named);
      touches = true;
    }
    // Dead letters have no reliable event time, so the time of writing decides.
    const [fromMs, toMs] = this.#range;
    return touches || (parts.length === 0 && deadLetters.length > 0 && atMs >= fromMs && atMs < toMs);
  }
}
