/**
 * What keeps a run from working at the moment, by cause: since when, how often it was tried, and when it is tried next.
 * Each cause is logged when it begins, once a minute while it lasts, and when it is over: a line for each try would
 * hide everything else.
 */
import { briefMessage } from '../contracts/errors.ts';
import type { ErrorCode, PipelineError } from '../contracts/errors.ts';
import type { Trouble, TroubleKind } from '../contracts/temporal/trouble.ts';

export interface TroublesLog {
  info(message: string, details?: Record<string, unknown>): void;
  warn(message: string, details?: Record<string, unknown>): void;
}

/** The calls that read the stream, as one: there is only one connection at a time. */
export const READING: object = { what: 'the stream' };

const LOG_EVERY_MS = 60_000;
/** Keeps a heartbeat with several troubles at about 1 kB. */
const MAX_CHARS = 300;
const NAMES: Readonly<Record<TroubleKind, string>> = {
  stream: 'the stream',
  storage: 'S3',
  temporal: 'Temporal',
  gold: 'gold',
};

interface State {
  readonly sinceMs: number;
  /** Calls that wait for their next try. */
  readonly calls: Set<object>;
  tries: number;
  what: string;
  nextMs: number;
  loggedMs: number | undefined;
}

export class Troubles {
  readonly #log: TroublesLog;
  readonly #now: () => number;
  readonly #states = new Map<TroubleKind, State>();

  /** @param earlier what an earlier attempt reported last: the stream's trouble goes on until something is read */
  constructor(log: TroublesLog, earlier: readonly Trouble[] = [], now: () => number = Date.now) {
    this.#log = log;
    this.#now = now;
    for (const { kind, since, tries, what, nextTry } of earlier) {
      if (kind !== 'stream') continue;
      const [sinceMs, nextMs] = [Date.parse(since), Date.parse(nextTry)];
      this.#states.set(kind, {
        sinceMs,
        tries,
        what,
        nextMs,
        calls: new Set([READING]),
        loggedMs: undefined,
      });
    }
  }

  /** A call failed after `tookMs` and will be tried again. The trouble began with it: a silence shows only at its end. */
  failed(error: PipelineError, pauseMs: number, call: object, tookMs = 0): void {
    const kind = kindOf(error.code);
    const nowMs = this.#now();
    const state = this.#states.get(kind) ?? begun(nowMs - tookMs);
    this.#states.set(kind, state);
    state.calls.add(call);
    state.tries += 1;
    state.what = briefMessage(error, MAX_CHARS);
    state.nextMs = nowMs + pauseMs;
    if (state.loggedMs !== undefined && nowMs - state.loggedMs < LOG_EVERY_MS) return;
    state.loggedMs = nowMs;
    const { since, tries, nextTry } = troubleOf(kind, state);
    this.#log.warn(`${error.message}; retrying until it works`, {
      kind,
      since,
      tries,
      nextTry,
      hint: error.hint,
    });
  }

  /** A call that had failed has worked, or is not tried any more. */
  ended(call: object): void {
    for (const [kind, state] of this.#states) {
      if (!state.calls.delete(call) || state.calls.size > 0) continue;
      this.#states.delete(kind);
      const { since, tries } = troubleOf(kind, state);
      this.#log.info(`the trouble with ${NAMES[kind]} is over`, { kind, since, tries });
    }
  }

  /** What lasts at the moment, oldest first. */
  get list(): Trouble[] {
    return [...this.#states]
      .toSorted(([, one], [, other]) => one.sinceMs - other.sinceMs)
      .map(([kind, state]) => troubleOf(kind, state));
  }
}

function begun(sinceMs: number): State {
  return { sinceMs, tries: 0, what: '', nextMs: sinceMs, calls: new Set(), loggedMs: undefined };
}

function troubleOf(kind: TroubleKind, { what, sinceMs, tries, nextMs }: State): Trouble {
  return {
    kind,
    what,
    since: new Date(sinceMs).toISOString(),
    tries,
    nextTry: new Date(nextMs).toISOString(),
  };
}

/** Everything else comes from S3. */
const KINDS: Partial<Readonly<Record<ErrorCode, TroubleKind>>> = {
  source_refused: 'stream',
  source_unreachable: 'stream',
  temporal_unavailable: 'temporal',
  postgres_unavailable: 'gold',
  older_project_running: 'gold',
};

function kindOf(code: ErrorCode): TroubleKind {
  return KINDS[code] ?? 'storage';
}
