/**
 * Reads a window of the stream again, all wikis in one pass over one connection, and stores each hour as soon as every
 * topic has passed it. The stream does not merge topics by time: the quiet one runs days ahead of the busy one, so the
 * slowest topic decides which hours are complete.
 */
import type {
  StepResult,
  StreamWindowInput,
  StreamWindowProgress,
  WindowReading,
} from '../contracts/temporal/backfill.ts';
import type { StreamDefinition } from '../contracts/stream-definition.ts';
import { readMessage } from '../core/message.ts';
import { HOUR_MS, MINUTE_MS, isoMs } from '../core/time.ts';
import { unreachable } from '../source/source-failure.ts';
import { followStream } from '../source/stream/follow-stream.ts';
import type { ObjectStore, VersionedStore } from '../store/object-store.ts';
import { SHOW_AFTER_MS } from '../store/persistently.ts';
import { onOneConnection } from './one-connection.ts';
import { StreamReplay } from './stream-replay.ts';
import { WaitingClock } from './waiting-clock.ts';
import { WindowHours } from './window-hours.ts';

export interface StreamWindowDeps {
  readonly store: ObjectStore & VersionedStore;
  readonly definition: StreamDefinition;
  /** Wikis to keep; empty keeps all. A window's input takes precedence. */
  readonly wikis: ReadonlySet<string>;
  readonly stream: { readonly url: string; readonly userAgent: string };
}

/** How a window is read: until when, from where, and where progress and warnings go. */
export interface StreamWindowRun {
  readonly signal: AbortSignal;
  readonly warn: (message: string) => void;
  readonly note: (progress: StreamWindowProgress) => void;
  /** The last note of the attempt before this one. */
  readonly previous: StreamWindowProgress | undefined;
}

const STALL_MS = 30_000;
const GIVE_UP_MS = 300_000;
const CHECK_MS = 200;
const NOTHING: StreamWindowProgress['result'] = {
  hours: [],
  rows: 0,
  known: 0,
  unusable: 0,
  bytes: 0,
  requests: 0,
};

/**
 * Reads a window and stores its hours, once no other backfill reads the stream.
 * @throws PipelineError as `followStream` and the store throw it; the signal's reason when it aborts
 */
export function storeStreamWindow(
  input: StreamWindowInput,
  deps: StreamWindowDeps,
  run: StreamWindowRun,
): Promise<StepResult> {
  // At once, because an attempt that fails before its first hour must not lose what earlier ones noted.
  run.note(startOf(input, run));
  return onOneConnection(deps.store, run, signal => readWindow(input, deps, { ...run, signal }));
}

function startOf(input: StreamWindowInput, { previous }: StreamWindowRun): StreamWindowProgress {
  const atMs = Date.parse(input.from);
  return previous ?? { atMs, result: NOTHING, window: readingOf(input, atMs) };
}

async function readWindow(
  input: StreamWindowInput,
  { store, definition, wikis: keptWikis, stream }: StreamWindowDeps,
  run: StreamWindowRun,
): Promise<StepResult> {
  const { signal, warn } = run;
  const toMs = Date.parse(input.to);
  const start = startOf(input, run);
  let stored = start;
  const { judge, logKeys } = definition;
  const wikis = input.wikis === undefined ? keptWikis : new Set(input.wikis);
  const persistence = { signal, giveUpMs: SHOW_AFTER_MS, onRetry: ({ message }: Error) => warn(message) };
  const hours = new WindowHours(start, toMs, { store, logKeys, wikis, persistence });
  const replay = new StreamReplay(start.atMs, toMs, Date.now());
  const clock = new WaitingClock();
  const finished = new AbortController();
  // With the counts of what is stored, because the next attempt counts the events of open hours again.
  const note = (window: WindowReading): void => run.note((stored = { ...stored, window }));
  // Checked by the clock as well, because the end can be a silence, in which no message arrives.
  const check = setInterval(() => {
    if (replay.isOver(clock.now()) || replay.isMute(clock.now())) finished.abort();
  }, CHECK_MS);
  let simulated = false;
  try {
    const messages = followStream({
      ...stream,
      signal: AbortSignal.any([signal, finished.signal]),
      stallMs: STALL_MS,
      giveUpMs: GIVE_UP_MS,
      resume: () => {
        clock.stop();
        return replay.connect(clock.now());
      },
      onOpen: info => {
        simulated = info.simulated;
        clock.run();
      },
      onTrouble: (error, pauseMs) => {
        clock.stop();
        warn(`${error.message}; retrying in ${pauseMs} ms`);
      },
    });
    for await (const { data, id } of messages) {
      clock.stop();
      const nowMs = Date.now();
      const reading = readMessage(data, judge, { nowMs });
      const { sentAtMs } = reading.kind === 'event' ? reading : {};
      replay.take(id, reading.origin, clock.now(), { nowMs, ...(sentAtMs !== undefined && { sentAtMs }) });
      await hours.add(data, reading);
      const completeToMs = replay.completeToMs(clock.now());
      const window = readingOf(input, completeToMs);
      for (const hour of hours.completeBefore(completeToMs)) {
        await hours.store(hour, { url: stream.url, simulated });
        stored = hours.progress;
        note(window);
      }
      if (window.done - (stored.window?.done ?? 0) >= MINUTE_MS) note(window);
      if (replay.isOver(clock.now())) break;
      clock.run();
    }
    signal.throwIfAborted();
    if (!replay.isOver(clock.now()))
      throw unreachable(stream.url, 'the connection is open but delivers nothing');
    for (const hour of hours.completeBefore(Number.POSITIVE_INFINITY))
      await hours.store(hour, { url: stream.url, simulated });
    return resultOf(hours.progress, replay, toMs);
  } finally {
    clearInterval(check);
  }
}

/** @param completeToMs everything before it has been read, epoch ms */
function readingOf({ from, to }: StreamWindowInput, completeToMs: number): WindowReading {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const done = Math.min(Math.max(completeToMs, fromMs), toMs) - fromMs;
  return { source: 'stream', from, to, done, total: toMs - fromMs };
}

function resultOf(
  { result }: StreamWindowProgress,
  { servedFromMs, connections, lost }: StreamReplay,
  toMs: number,
): StepResult {
  return {
    ...result,
    // The stream has nothing before the hour in which it starts, so those hours need no further window.
    at: isoMs(Math.max(toMs, startOfHour(servedFromMs ?? 0))),
    requests: result.requests + connections,
    ...(lost > 0 && { lost }),
    ...(servedFromMs !== undefined && { servedFrom: isoMs(servedFromMs) }),
  };
}

function startOfHour(ms: number): number {
  return Math.floor(ms / HOUR_MS) * HOUR_MS;
}
