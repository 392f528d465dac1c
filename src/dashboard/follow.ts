/**
 * ⑧ Whether the page listens to the API, polls it, or rests. Pure: events in, state and effects out.
 *
 *   resting ──shown──▶ connecting ──heard──▶ listening
 *      ▲                │      ▲                │
 *      │           failed,     └────failed──────┤
 *      │           no answer                  silence
 *      │                ▼                       │
 *   hidden           polling ◀──────────────────┘      (heard, from polling: listening)
 */

export type Mode =
  /** Hidden: no connection. */
  | { readonly kind: 'resting' }
  | { readonly kind: 'connecting'; readonly sinceMs: number; readonly failures: number }
  | { readonly kind: 'listening'; readonly heardMs: number }
  /** `tries`: how often the page has tried to listen since it last did. */
  | { readonly kind: 'polling'; readonly tries: number; readonly retryAtMs: number };

export interface Following {
  readonly mode: Mode;
  /** Since when the tab is hidden. */
  readonly hiddenMs: number | undefined;
  /** The last tick, to notice that the machine slept. */
  readonly tickMs: number;
}

export type FollowEvent =
  | { readonly kind: 'shown' }
  | { readonly kind: 'hidden' }
  /** Anything has come. */
  | { readonly kind: 'heard' }
  /** `isFinal`: the API has refused; else the browser tries again. */
  | { readonly kind: 'failed'; readonly isFinal: boolean }
  /** Once a second. */
  | { readonly kind: 'tick' };

/**
 * `join` and `leave` the tabs that share a connection, `reconnect` it, `reload` everything else that is shown, because it
 * is older than what the connection tells.
 */
export type Effect = 'join' | 'leave' | 'reconnect' | 'reload';

export interface Step {
  readonly next: Following;
  readonly effects: readonly Effect[];
}

/** A reader who looks something up in another tab comes back to a page that is up to date. */
const GRACE_MS = 10_000;
/** The API says something every 15 s. */
const SILENCE_MS = 45_000;
/** Until the first event. */
const CONNECT_MS = 10_000;
const MOST_FAILURES = 2;
/** A tick that is this late: the machine slept, or its clock was set. */
const SLEPT_MS = 30_000;
const FIRST_RETRY_MS = 10_000;
const LAST_RETRY_MS = 300_000;

export function beginning(nowMs: number): Following {
  return { mode: { kind: 'resting' }, hiddenMs: nowMs, tickMs: nowMs };
}

/** @param random from 0 to 1: spreads the retries of many open pages */
export function follow(state: Following, event: FollowEvent, nowMs: number, random: number): Step {
  const { mode } = state;
  const to = (next: Mode, ...effects: Effect[]): Step => ({ next: { ...state, mode: next }, effects });
  switch (event.kind) {
    case 'shown': {
      const next = { ...state, hiddenMs: undefined, tickMs: nowMs };
      if (mode.kind !== 'resting') return { next, effects: [] };
      return { next: { ...next, mode: connecting(nowMs) }, effects: ['join', 'reload'] };
    }
    case 'hidden':
      return { next: { ...state, hiddenMs: state.hiddenMs ?? nowMs }, effects: [] };
    case 'heard':
      return mode.kind === 'resting' ? to(mode) : to({ kind: 'listening', heardMs: nowMs });
    case 'failed':
      return to(failed(mode, event.isFinal, nowMs, random));
    case 'tick':
      return tick({ ...state, tickMs: nowMs }, nowMs - state.tickMs, nowMs, random);
  }
  return event satisfies never;
}

function connecting(nowMs: number): Mode {
  return { kind: 'connecting', sinceMs: nowMs, failures: 0 };
}

function polling(tries: number, nowMs: number, random: number): Mode {
  const delayMs = Math.min(FIRST_RETRY_MS * 2 ** (tries - 1), LAST_RETRY_MS);
  return { kind: 'polling', tries, retryAtMs: nowMs + delayMs * (0.5 + random / 2) };
}

function failed(mode: Mode, isFinal: boolean, nowMs: number, random: number): Mode {
  if (mode.kind === 'resting' || mode.kind === 'polling') return mode;
  const [before, sinceMs] = mode.kind === 'connecting' ? [mode.failures, mode.sinceMs] : [0, nowMs];
  const failures = before + 1;
  if (isFinal || failures >= MOST_FAILURES) return polling(1, nowMs, random);
  return { kind: 'connecting', sinceMs, failures };
}

function tick(state: Following, passedMs: number, nowMs: number, random: number): Step {
  const { mode, hiddenMs } = state;
  if (mode.kind === 'resting') return { next: state, effects: [] };
  if (hiddenMs !== undefined && nowMs - hiddenMs >= GRACE_MS) {
    return { next: { ...state, mode: { kind: 'resting' } }, effects: ['leave'] };
  }
  // The connection is dead, whether or not anybody has noticed.
  if (Math.abs(passedMs) >= SLEPT_MS) {
    return { next: { ...state, mode: connecting(nowMs) }, effects: ['reconnect', 'reload'] };
  }
  if (mode.kind === 'polling' && hiddenMs === undefined && nowMs >= mode.retryAtMs) {
    return { next: { ...state, mode: polling(mode.tries + 1, nowMs, random) }, effects: ['reconnect'] };
  }
  const isLate =
    (mode.kind === 'connecting' && nowMs - mode.sinceMs >= CONNECT_MS) ||
    (mode.kind === 'listening' && nowMs - mode.heardMs >= SILENCE_MS);
  return { next: isLate ? { ...state, mode: polling(1, nowMs, random) } : state, effects: [] };
}
