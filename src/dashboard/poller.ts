/**
 * ⑧ Polls one query: one request at a time, at an interval that depends on the query, with backoff after failures, and
 * not at all while paused. While something else tells what changes, it asks each query once. Its state belongs to the
 * latest query; a response to an earlier one is dropped. Time, randomness and the request itself are parameters, so that
 * every schedule can be tested.
 *
 *   idle ──ask──▶ loading ──answer──▶ current ◀──answer── failing
 *                    └──failure──▶ failing ◀──failure──┘       (ask, from anywhere: loading)
 */

/** Why there is no fresh response. */
export interface Failure {
  readonly message: string;
  /** When the current series of failures began, epoch ms. */
  readonly sinceMs: number;
  readonly attempts: number;
  readonly retryAtMs: number;
}

/** A response and its query. */
interface Answer<Q, T> {
  readonly query: Q;
  readonly value: T;
  readonly atMs: number;
}

export type PollState<Q, T> =
  | { readonly kind: 'idle' }
  /** `answer` is the response to the previous query, when it may be shown meanwhile. */
  | { readonly kind: 'loading'; readonly query: Q; readonly answer: Answer<Q, T> | undefined }
  | { readonly kind: 'current'; readonly query: Q; readonly answer: Answer<Q, T> }
  | {
      readonly kind: 'failing';
      readonly query: Q;
      readonly answer: Answer<Q, T> | undefined;
      readonly failure: Failure;
    };

export interface PollerOptions<Q, T> {
  readonly load: (query: Q, signal: AbortSignal) => Promise<T>;
  /** Time from a response to the next request, ms. */
  readonly intervalMs: (query: Q, value: T) => number;
  /** Whether a response says everything. While nothing is polled, it is not asked for again. Absent: it does. */
  readonly isWhole?: (value: T) => boolean;
  /** Whether the response to `before` may be shown while `after` loads. */
  readonly carriesOver: (before: Q, after: Q) => boolean;
  readonly onChange: (state: PollState<Q, T>) => void;
  readonly nowMs: () => number;
  /** Runs `run` once after `ms`. Returns a function that cancels it. */
  readonly startTimer: (run: () => void, ms: number) => () => void;
  /** From 0 to 1: spreads the retries of many open pages. */
  readonly random: () => number;
}

export interface Poller<Q> {
  /** Switches to another query and requests it immediately. Repeating the current query has no effect. */
  ask(query: Q): void;
  /** Sends the next request immediately. */
  retry(): void;
  /** Without an interval, each query is answered once, and again after `retry`. */
  setRepeating(repeating: boolean): void;
  /** While paused, no request starts; one in flight may finish. */
  setPaused(paused: boolean): void;
  /** Stops for good. */
  stop(): void;
}

const TIMEOUT_MS = 10_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

/** Idle until the first `ask`. Queries are compared by their JSON. */
export function createPoller<Q, T>(options: PollerOptions<Q, T>): Poller<Q> {
  const {
    load,
    intervalMs,
    isWhole = () => true,
    carriesOver,
    onChange,
    nowMs,
    startTimer,
    random,
  } = options;
  let state: PollState<Q, T> = { kind: 'idle' };
  let request: AbortController | undefined;
  let cancelTimer: (() => void) | undefined;
  let dueAtMs = 0;
  let paused = false;
  let repeating = true;
  /** The latest response is whole, and nobody wants another. */
  let isSettled = false;

  function change(next: PollState<Q, T>): void {
    state = next;
    onChange(next);
  }

  /** Sends the next request at `dueAtMs`, unless one is in flight or the poller is paused. */
  function schedule(): void {
    cancelTimer?.();
    cancelTimer = undefined;
    if (paused || request !== undefined || state.kind === 'idle' || (isSettled && !repeating)) return;
    const { query } = state;
    cancelTimer = startTimer(() => void send(query), Math.max(dueAtMs - nowMs(), 0));
  }

  async function send(query: Q): Promise<void> {
    cancelTimer = undefined;
    const mine = new AbortController();
    request = mine;
    const cancelLimit = startTimer(() => mine.abort(new Error('no response')), TIMEOUT_MS);
    const outcome = await orAborted(load(query, mine.signal), mine.signal);
    cancelLimit();
    // The query has changed or the poller was stopped: drop the stale response.
    if (request !== mine) return;
    request = undefined;
    const atMs = nowMs();
    if (outcome.ok) {
      dueAtMs = atMs + intervalMs(query, outcome.value);
      isSettled = isWhole(outcome.value);
      change({ kind: 'current', query, answer: { query, value: outcome.value, atMs } });
    } else {
      const before = state.kind === 'failing' ? state.failure : undefined;
      const attempts = (before?.attempts ?? 0) + 1;
      const backoffMs = Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LAST_RETRY_MS);
      dueAtMs = atMs + backoffMs * (0.5 + random() / 2);
      const failure = {
        message: outcome.message,
        sinceMs: before?.sinceMs ?? atMs,
        attempts,
        retryAtMs: dueAtMs,
      };
      change({ kind: 'failing', query, answer: answerOf(state), failure });
    }
    schedule();
  }

  function abandon(): void {
    const old = request;
    request = undefined;
    old?.abort(new Error('superseded by another query'));
  }

  return {
    ask(query) {
      if (state.kind !== 'idle' && same(state.query, query)) return;
      abandon();
      const answer = answerOf(state);
      const kept = answer !== undefined && carriesOver(answer.query, query) ? answer : undefined;
      dueAtMs = nowMs();
      isSettled = false;
      change({ kind: 'loading', query, answer: kept });
      schedule();
    },
    retry() {
      if (request !== undefined) return;
      dueAtMs = nowMs();
      isSettled = false;
      schedule();
    },
    setRepeating(value) {
      repeating = value;
      schedule();
    },
    setPaused(value) {
      paused = value;
      schedule();
    },
    stop() {
      paused = true;
      abandon();
      schedule();
    },
  };
}

function answerOf<Q, T>(state: PollState<Q, T>): Answer<Q, T> | undefined {
  return state.kind === 'idle' ? undefined : state.answer;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

/** The outcome of the work, or of the abort if that comes first, because a request may ignore its signal. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<Outcome<T>> {
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  try {
    return { ok: true, value: await Promise.race([work, aborted]) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
