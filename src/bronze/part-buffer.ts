/**
 * ③ Events between two flushes, grouped by the hour of their event time, and when a flush is due. Pure: time enters as
 * `uptimeMs`, of a monotonic clock. Its size stays within the limits because its user flushes as soon as it is due.
 */
import type { MinuteRange } from '../core/minute-ranges.ts';
import type { PartEntry } from '../contracts/storage/log-record.ts';
import { minuteRanges } from '../core/minute-ranges.ts';
import type { DeadReason } from '../core/reading.ts';
import { hourOf, minuteOf } from '../core/time.ts';
import type { Hour } from '../core/time.ts';

export interface FlushLimits {
  readonly minLines: number;
  /** Since the first event in the buffer, ms. */
  readonly maxAgeMs: number;
  readonly maxBytes: number;
}

/** Each hour is an object and an entry of the record, so a flush is due at this many. */
const MOST_HOURS = 500;

export type FlushReason = 'lines' | 'age' | 'bytes' | 'hours';

/** One event on its way to bronze; `line` has no line end. */
export interface BufferedEvent {
  readonly line: Uint8Array;
  readonly id: string;
  /** Event time, epoch seconds. */
  readonly timestamp: number;
  readonly sentAtMs: number;
  readonly isEdit: boolean;
}

/** A line of the dead letters; `raw` is the event as received. */
export interface DeadLetter {
  readonly reason: DeadReason;
  readonly raw: string;
  /** The exact bytes, when they are not valid UTF-8 and `raw` cannot represent them. */
  readonly rawBase64?: string;
  /** The event's id in the stream. */
  readonly eventId: string;
  readonly receivedAt: string;
  /** Identifies the event if it is delivered again: `meta.id`, or a digest of position and bytes. */
  readonly identity: string;
  readonly sentAt: string;
}

/** The events of one hour, ready to be written as a part. */
export interface HourLines {
  readonly hour: Hour;
  readonly lines: readonly Uint8Array[];
  /** Their entry in the log record, without the fields that are known only after writing. */
  readonly summary: Omit<PartEntry, 'key' | 'hour' | 'storedBytes'>;
}

interface OpenHour {
  lines: Uint8Array[];
  edits: number;
  bytes: number;
  firstAt: number;
  lastAt: number;
  sentMinutes: Set<number>;
}

export class PartBuffer {
  readonly #hours = new Map<Hour, OpenHour>();
  readonly #deadLetters: DeadLetter[] = [];
  readonly #deadMinutes = new Set<number>();
  /** Identity and minute of `meta.dt` of everything that this flush will store. */
  readonly #identities: { identity: string; minute: number }[] = [];
  readonly #skipped = { canaries: 0, duplicates: 0, filtered: 0 };
  #bytes = 0;
  #storedToMs = 0;
  #firstAtMs: number | undefined;

  /** Number of buffered events and dead letters. */
  get lines(): number {
    return this.#identities.length;
  }

  /** Uncompressed size of the buffered events and dead letters. */
  get bytes(): number {
    return this.#bytes;
  }

  /** True until an event, a dead letter or a skipped event was added. */
  get isEmpty(): boolean {
    return this.#firstAtMs === undefined;
  }

  get skipped(): { canaries: number; duplicates: number; filtered: number } {
    return { ...this.#skipped };
  }

  get deadLetters(): readonly DeadLetter[] {
    return this.#deadLetters;
  }

  get deadLetterRanges(): MinuteRange[] {
    return minuteRanges(this.#deadMinutes);
  }

  get identities(): readonly { readonly identity: string; readonly minute: number }[] {
    return this.#identities;
  }

  /** Latest `meta.dt` in the buffer, epoch ms; 0 when there are no events. */
  get storedToMs(): number {
    return this.#storedToMs;
  }

  add(event: BufferedEvent, uptimeMs: number): void {
    const hour = hourOf(event.timestamp);
    let open = this.#hours.get(hour);
    if (open === undefined) {
      const { timestamp } = event;
      open = { lines: [], edits: 0, bytes: 0, firstAt: timestamp, lastAt: timestamp, sentMinutes: new Set() };
      this.#hours.set(hour, open);
    }
    open.lines.push(event.line);
    open.edits += event.isEdit ? 1 : 0;
    open.bytes += event.line.length + 1;
    open.firstAt = Math.min(open.firstAt, event.timestamp);
    open.lastAt = Math.max(open.lastAt, event.timestamp);
    const minute = minuteOf(event.sentAtMs / 1000);
    open.sentMinutes.add(minute);
    this.#note(event.id, minute, event.sentAtMs, event.line.length + 1, uptimeMs);
  }

  addDeadLetter(letter: DeadLetter, uptimeMs: number): void {
    const sentAtMs = Date.parse(letter.sentAt);
    const minute = minuteOf(sentAtMs / 1000);
    this.#deadLetters.push(letter);
    this.#deadMinutes.add(minute);
    this.#note(
      letter.identity,
      minute,
      sentAtMs,
      letter.raw.length + (letter.rawBase64?.length ?? 0),
      uptimeMs,
    );
  }

  /** Counts an event that is not stored. */
  skip(why: 'canaries' | 'duplicates' | 'filtered', uptimeMs: number): void {
    this.#skipped[why] += 1;
    this.#firstAtMs ??= uptimeMs;
  }

  /** Why a flush is due now; undefined when it is not. */
  due(limits: FlushLimits, uptimeMs: number): FlushReason | undefined {
    if (this.lines >= limits.minLines) return 'lines';
    if (this.#bytes >= limits.maxBytes) return 'bytes';
    if (this.#hours.size >= MOST_HOURS) return 'hours';
    if (this.#firstAtMs !== undefined && uptimeMs - this.#firstAtMs >= limits.maxAgeMs) return 'age';
    return undefined;
  }

  /** The buffered events by hour, earliest first. */
  hours(): HourLines[] {
    return [...this.#hours]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([hour, { lines, edits, bytes, firstAt, lastAt, sentMinutes }]) => ({
        hour,
        lines,
        summary: { events: lines.length, edits, bytes, firstAt, lastAt, sent: minuteRanges(sentMinutes) },
      }));
  }

  #note(identity: string, minute: number, sentAtMs: number, bytes: number, uptimeMs: number): void {
    this.#identities.push({ identity, minute });
    this.#storedToMs = Math.max(this.#storedToMs, sentAtMs);
    this.#bytes += bytes;
    this.#firstAtMs ??= uptimeMs;
  }
}
