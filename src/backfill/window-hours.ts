/**
 * Collects the events of a stream window by hour and stores each hour as one part: only what bronze does not have yet.
 * Says at any time which hours are stored, so that the next attempt skips them.
 */
import { partsOfHour } from '../bronze/hour-parts.ts';
import { identitiesIn } from '../bronze/parts.ts';
import { backfillPartKey, hasIds, windowOf } from '../contracts/storage/object-keys.ts';
import type { LogKeys } from '../contracts/storage/object-keys.ts';
import type { StreamWindowProgress } from '../contracts/temporal/backfill.ts';
import { oneLine } from '../core/message.ts';
import type { Reading } from '../core/reading.ts';
import { HOUR_MS, hourOf, hourStartMs } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { Persistence } from '../store/persistently.ts';
import { GrowingPart, digestOf, putBackfillPart } from './parts.ts';

export interface WindowHoursDeps {
  readonly store: ObjectStore;
  readonly logKeys: LogKeys;
  /** Wikis to keep; empty keeps all. */
  readonly wikis: ReadonlySet<string>;
  readonly persistence: Persistence;
}

/** The stream that the events come from. */
export interface StreamOrigin {
  readonly url: string;
  readonly simulated: boolean;
}

/** An hour that still gets events. */
interface OpenHour {
  readonly part: GrowingPart;
  /** Ids of its events: those that bronze has, and those collected here. */
  readonly ids: Set<string>;
}

export class WindowHours {
  /** Start of what this attempt reads; part of the names of parts. */
  readonly #fromMs: number;
  readonly #toMs: number;
  readonly #deps: WindowHoursDeps;
  readonly #open = new Map<Hour, OpenHour>();
  /** Hours before this instant are stored. */
  #storedToMs: number;
  #result: StreamWindowProgress['result'];

  /** @param start progress of earlier attempts @param toMs end of the window, epoch ms */
  constructor(start: StreamWindowProgress, toMs: number, deps: WindowHoursDeps) {
    this.#fromMs = start.atMs;
    this.#storedToMs = start.atMs;
    this.#result = start.result;
    this.#toMs = toMs;
    this.#deps = deps;
  }

  get progress(): StreamWindowProgress {
    return { atMs: this.#storedToMs, result: this.#result };
  }

  /** Adds a message if it is an event of the window that neither bronze nor an earlier message had. */
  async add(data: Buffer, reading: Reading): Promise<void> {
    this.#count({ bytes: data.length });
    if (reading.kind === 'dead') this.#count({ unusable: 1 });
    if (reading.kind !== 'event') return;
    const { wikis } = this.#deps;
    if (wikis.size > 0 && !wikis.has(reading.wiki)) return;
    const atMs = reading.timestamp * 1000;
    // Events of stored hours are repetitions: every connection starts a little before the last one ended.
    if (atMs < this.#storedToMs || atMs >= this.#toMs) return;
    const hour = await this.#hour(hourOf(reading.timestamp));
    if (hour.ids.has(reading.id)) return this.#count({ known: 1 });
    hour.ids.add(reading.id);
    this.#count({ rows: 1 });
    await hour.part.add(oneLine(data), reading.edit !== undefined);
  }

  /** Hours that end at or before an instant and are not stored yet, ascending. */
  completeBefore(completeToMs: number): Hour[] {
    const hours: Hour[] = [];
    for (let startMs = this.#storedToMs; startMs < this.#toMs; startMs += HOUR_MS) {
      if (startMs + HOUR_MS > completeToMs) break;
      hours.push(hourOf(startMs / 1000));
    }
    return hours;
  }

  /** Stores an hour. Its later events are dropped. */
  async store(hour: Hour, { url, simulated }: StreamOrigin): Promise<void> {
    const open = this.#open.get(hour);
    this.#open.delete(hour);
    if (open !== undefined && open.part.events > 0) {
      const part = await open.part.finish();
      const window = `${windowOf(hour, this.#fromMs, this.#toMs)}-${digestOf(part.body)}`;
      const key = backfillPartKey(hour, { source: 'stream', window });
      const origin = { url, simulated, source: 'stream' as const };
      await putBackfillPart(this.#deps.store, key, part, origin, this.#deps.persistence);
    }
    // An hour without a new part is listed too: bronze can hold a part of an earlier attempt that gold lacks.
    this.#result = { ...this.#result, hours: [...this.#result.hours, hour] };
    this.#storedToMs = Math.min((hourStartMs(hour) ?? 0) + HOUR_MS, this.#toMs);
  }

  async #hour(hour: Hour): Promise<OpenHour> {
    const known = this.#open.get(hour);
    if (known !== undefined) return known;
    const opened = { part: new GrowingPart(), ids: await idsOfHour(this.#deps, hour) };
    this.#open.set(hour, opened);
    return opened;
  }

  #count(more: Partial<Record<'rows' | 'known' | 'unusable' | 'bytes', number>>): void {
    const { rows, known, unusable, bytes } = this.#result;
    this.#result = {
      ...this.#result,
      rows: rows + (more.rows ?? 0),
      known: known + (more.known ?? 0),
      unusable: unusable + (more.unusable ?? 0),
      bytes: bytes + (more.bytes ?? 0),
    };
  }
}

/** Ids of the events that bronze has of an hour. Rows of the API and of dumps have none. */
async function idsOfHour({ store, logKeys }: WindowHoursDeps, hour: Hour): Promise<Set<string>> {
  const { keys } = await partsOfHour(store, logKeys, hour);
  const ids = new Set<string>();
  for (const key of keys) {
    if (!hasIds(key)) continue;
    for (const { identity } of await identitiesIn(store, key)) ids.add(identity);
  }
  return ids;
}
