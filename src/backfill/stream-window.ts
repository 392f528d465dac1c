/**
 * Reads a stretch of the stream again, all wikis in one pass over one connection, and stores what bronze lacks of it:
 * one part an hour, as soon as every topic has passed the hour. Topics are not merged by time: the quiet one runs days
 * ahead of the busy one, so the slowest decides what is complete.
 */
import { Context } from '@temporalio/activity';
import type { Hour } from '../core/time.ts';
import { HOUR_MS, floorHourMs, hourOf, hourStartMs, isoMs } from '../core/time.ts';
import { backfillPartKey, hasIds, windowOf } from '../contracts/storage/object-keys.ts';
import { followStream } from '../source/stream/follow-stream.ts';
import type { StreamMessage } from '../source/stream/message-queue.ts';
import { unreachable } from '../source/source-failure.ts';
import { identitiesIn } from '../bronze/parts.ts';
import { GrowingPart, digestOf, putBackfillPart } from './parts.ts';
import { partsOfHour } from '../bronze/hour-parts.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { Persistence } from '../store/persistently.ts';
import type { StepResult } from '../contracts/temporal/backfill-steps.ts';
import { toFailure } from '../activities/failure.ts';
import type { Note } from '../activities/heartbeat.ts';
import { oneLine, readMessage } from '../core/message.ts';
import type { IntakeRules } from '../ingest/intake.ts';
import { StreamReplay } from './stream-replay.ts';
import { WaitingClock } from './waiting-clock.ts';

export interface StreamWindowInput {
  /** ISO 8601, [from, to); `from` is the begin of an hour. */
  readonly from: string;
  readonly to: string;
  /** Wikis to keep; absent: those that the installation keeps. */
  readonly wikis?: readonly string[];
}

export interface StreamWindowDeps {
  readonly store: ObjectStore;
  readonly rules: IntakeRules;
  readonly stream: { readonly url: string; readonly userAgent: string };
}

/** How far an attempt has come, for the one after it. */
interface Done {
  /** Hours before this instant are stored, epoch ms. */
  readonly atMs: number;
  readonly result: Omit<StepResult, 'at'>;
}

const STALL_MS = 30_000;
const GIVE_UP_MS = 300_000;
const LOOK_MS = 200;

/** Reads a window of the stream into bronze. @throws ApplicationFailure as `toFailure` makes it */
export async function fetchStreamWindow(
  input: StreamWindowInput,
  deps: StreamWindowDeps,
  note: Note,
): Promise<StepResult> {
  const { cancellationSignal: told, info, log } = Context.current();
  const before = info.heartbeatDetails as Done | undefined;
  const done = before ?? { atMs: Date.parse(input.from), result: NOTHING };
  // Also for the attempt after this one, should it come to nothing.
  note(done);
  const rules = input.wikis === undefined ? deps.rules : { ...deps.rules, wikis: new Set(input.wikis) };
  const persistence: Persistence = { signal: told, onRetry: ({ message }) => log.warn(message) };
  const window = new Window(input, done, { ...deps, rules }, persistence);
  const replay = new StreamReplay(done.atMs, Date.parse(input.to), Date.now());
  const waiting = new WaitingClock();
  const finished = new AbortController();
  // The end can be a silence, which no message tells of.
  const look = setInterval(() => {
    if (replay.isOver(waiting.now()) || replay.isMute(waiting.now())) finished.abort();
  }, LOOK_MS);
  let simulated = false;
  try {
    const messages = followStream({
      ...deps.stream,
      signal: AbortSignal.any([told, finished.signal]),
      stallMs: STALL_MS,
      giveUpMs: GIVE_UP_MS,
      resume: () => {
        waiting.stop();
        return replay.connect(waiting.now());
      },
      onOpen: info => {
        simulated = info.simulated;
        waiting.run();
      },
      onTrouble: (error, pauseMs) => {
        waiting.stop();
        log.warn(`${error.message}; again in ${pauseMs} ms`);
      },
    });
    for await (const message of messages) {
      waiting.stop();
      await window.take(message, replay, waiting.now());
      for (const hour of window.hoursBefore(replay.completeToMs(waiting.now()))) {
        await window.store(hour, simulated);
        note(window.done);
      }
      if (replay.isOver(waiting.now())) break;
      waiting.run();
    }
    told.throwIfAborted();
    if (!replay.isOver(waiting.now())) throw unreachable(deps.stream.url, 'is open, and delivers nothing');
    for (const hour of window.hoursBefore(Number.POSITIVE_INFINITY)) await window.store(hour, simulated);
    const { servedFromMs, connections, lost } = replay;
    const { result } = window.done;
    return {
      ...result,
      // What lies before the hour in which the stream starts need not be requested again.
      at: isoMs(Math.max(Date.parse(input.to), floorHourMs(servedFromMs ?? 0))),
      requests: result.requests + connections,
      ...(lost > 0 && { lost }),
      ...(servedFromMs !== undefined && { servedFrom: isoMs(servedFromMs) }),
    };
  } catch (error) {
    if (told.aborted) throw told.reason;
    throw toFailure(error);
  } finally {
    clearInterval(look);
  }
}

const NOTHING: Omit<StepResult, 'at'> = { hours: [], rows: 0, known: 0, unusable: 0, bytes: 0, requests: 0 };

/** An hour that is being collected. */
interface OpenHour {
  readonly part: GrowingPart;
  /** Ids of its events: those that bronze has, and those that came. */
  readonly ids: Set<string>;
}

/** The hours of a window on their way to bronze. */
class Window {
  readonly #fromMs: number;
  readonly #toMs: number;
  readonly #deps: StreamWindowDeps;
  readonly #persistence: Persistence;
  readonly #open = new Map<Hour, OpenHour>();
  #result: Done['result'];
  #atMs: number;

  constructor({ to }: StreamWindowInput, done: Done, deps: StreamWindowDeps, persistence: Persistence) {
    this.#fromMs = done.atMs;
    this.#atMs = done.atMs;
    this.#toMs = Date.parse(to);
    this.#result = done.result;
    this.#deps = deps;
    this.#persistence = persistence;
  }

  get done(): Done {
    return { atMs: this.#atMs, result: this.#result };
  }

  /** Takes a message in, if it is an event of the window that came for the first time. */
  async take({ data, id }: StreamMessage, replay: StreamReplay, waitedMs: number): Promise<void> {
    const { editTypes, wikis } = this.#deps.rules;
    const reading = readMessage(data, { editTypes, nowMs: Date.now() });
    replay.take(id, reading.origin, waitedMs);
    this.#count({ bytes: data.length });
    if (reading.kind === 'dead') this.#count({ unusable: 1 });
    if (reading.kind !== 'event' || (wikis.size > 0 && !wikis.has(reading.wiki))) return;
    const atMs = reading.timestamp * 1000;
    // Hours before `atMs` are stored; what comes of them now came before.
    if (atMs < this.#atMs || atMs >= this.#toMs) return;
    const hour = await this.#hour(hourOf(reading.timestamp));
    if (hour.ids.has(reading.id)) return this.#count({ known: 1 });
    hour.ids.add(reading.id);
    this.#count({ rows: 1 });
    await hour.part.add(oneLine(data), reading.edit !== undefined);
  }

  /** Hours of the window that end at or before an instant and are not stored, in order. */
  hoursBefore(completeToMs: number): Hour[] {
    const hours: Hour[] = [];
    for (let startMs = this.#atMs; startMs < this.#toMs; startMs += HOUR_MS) {
      if (startMs + HOUR_MS > completeToMs) break;
      hours.push(hourOf(startMs / 1000));
    }
    return hours;
  }

  /** Writes what came of an hour. */
  async store(hour: Hour, simulated: boolean): Promise<void> {
    const startMs = hourStartMs(hour) ?? 0;
    const open = this.#open.get(hour);
    this.#open.delete(hour);
    if (open !== undefined && open.part.events > 0) {
      const { store, stream } = this.#deps;
      const body = await open.part.finish();
      const window = `${windowOf(hour, this.#fromMs, this.#toMs)}-${digestOf(body.body)}`;
      const key = backfillPartKey(hour, { source: 'stream', window });
      await putBackfillPart(
        store,
        key,
        body,
        { url: stream.url, simulated, source: 'stream' },
        this.#persistence,
      );
    }
    // Also without a new part: one of an earlier try may be there that gold does not have.
    this.#result = { ...this.#result, hours: [...this.#result.hours, hour] };
    this.#atMs = Math.min(startMs + HOUR_MS, this.#toMs);
  }

  async #hour(hour: Hour): Promise<OpenHour> {
    const known = this.#open.get(hour);
    if (known !== undefined) return known;
    const opened = { part: new GrowingPart(), ids: await idsOfHour(this.#deps.store, hour) };
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
async function idsOfHour(store: ObjectStore, hour: Hour): Promise<Set<string>> {
  const { keys } = await partsOfHour(store, hour);
  const ids = new Set<string>();
  for (const key of keys) {
    if (!hasIds(key)) continue;
    for (const { identity } of await identitiesIn(store, key)) ids.add(identity);
  }
  return ids;
}
