/**
 * Whether something unusual is going on in a wiki, as a pure state machine: one for each kind of account. `lookAt`
 * makes the events, every five minutes.
 *
 *   usual ──unusual──▶ unusual ──calm for 15 minutes, unknown for an hour, or a day old──▶ settled ──an hour──▶ usual
 *                         ▲                                                                   │
 *                         └──────────────unusual again, after it had ended────────────────────┘
 *
 * The state follows from the latest anomaly of the wiki, so nothing else has to be stored.
 */
import { anomalyId, factorOf } from './anomaly.ts';
import type { AccountKind, Anomaly, Counted } from './anomaly.ts';
import type { Look } from './readings.ts';

export type DetectorState =
  | { readonly kind: 'usual' }
  | { readonly kind: 'unusual'; readonly anomaly: Anomaly }
  /** It has ended, and what begins within an hour is the same again: edits come in bursts. */
  | { readonly kind: 'settled'; readonly anomaly: Anomaly; readonly to: number };

export type DetectorEffect =
  | { readonly kind: 'begin'; readonly anomaly: Anomaly }
  | { readonly kind: 'grow'; readonly anomaly: Anomaly }
  | { readonly kind: 'end'; readonly anomaly: Anomaly };

/** Whose edits these are. */
export interface Subject {
  readonly wiki: string;
  readonly account: AccountKind;
}

interface Transition {
  readonly state: DetectorState;
  readonly effects: readonly DetectorEffect[];
}

const HOUR = 3_600;
/** For so long after its end, a new one continues it. */
const SETTLING = HOUR;
/** One that is not known for so long has ended where it was last seen. */
const MOST_UNKNOWN = HOUR;
/** What lasts longer is the new level. The next one begins if it is still unusual then. */
const MOST_LENGTH = 24 * HOUR;

/** The state that the latest anomaly of a wiki leaves. */
export function stateAfter(anomaly: Anomaly | undefined): DetectorState {
  if (anomaly === undefined) return { kind: 'usual' };
  return anomaly.to === null ? { kind: 'unusual', anomaly } : { kind: 'settled', anomaly, to: anomaly.to };
}

/** The state after a look, and what is to be recorded. */
export function next(state: DetectorState, look: Look, subject: Subject): Transition {
  switch (state.kind) {
    case 'usual':
      return look.kind === 'unusual' ? begin(look.unusual, look.at, subject) : unchanged(state);
    case 'settled':
      return afterSettled(state.anomaly, state.to, look, subject);
    case 'unusual':
      return look.at - state.anomaly.from >= MOST_LENGTH
        ? end(state.anomaly, state.anomaly.countedTo)
        : during(state.anomaly, look);
    default:
      return state satisfies never;
  }
}

function unchanged(state: DetectorState): Transition {
  return { state, effects: [] };
}

function begin(unusual: readonly Counted[], at: number, { wiki, account }: Subject): Transition {
  // The shortest says best when it began.
  const [first] = unusual;
  if (first === undefined) return unchanged({ kind: 'usual' });
  const anomaly: Anomaly = {
    id: anomalyId(wiki, account, first.from),
    wiki,
    account,
    from: first.from,
    to: null,
    noticedAt: at,
    countedTo: first.to,
    edits: first.edits,
    expected: first.expected,
    peak: furthest(first, unusual),
  };
  return { state: { kind: 'unusual', anomaly }, effects: [{ kind: 'begin', anomaly }] };
}

function during(anomaly: Anomaly, look: Look): Transition {
  if (look.kind === 'unknown')
    return look.at - anomaly.countedTo > MOST_UNKNOWN
      ? end(anomaly, anomaly.countedTo)
      : unchanged({ kind: 'unusual', anomaly });
  const grown = withLatest(anomaly, look.latest);
  if (look.kind === 'calm' && look.calm.from >= anomaly.noticedAt)
    return end(
      // The calm minutes were counted before it was known that they are.
      {
        ...grown,
        countedTo: look.calm.from,
        edits: Math.max(anomaly.peak.edits, grown.edits - look.calm.edits),
        expected: Math.max(anomaly.peak.expected, grown.expected - look.calm.expected),
      },
      look.calm.from,
    );
  const peak =
    look.kind === 'unusual' ? furthest(grown.peak, within(look.unusual, anomaly.from)) : grown.peak;
  return grew({ ...grown, peak }, anomaly);
}

function afterSettled(anomaly: Anomaly, to: number, look: Look, subject: Subject): Transition {
  const settled: DetectorState = { kind: 'settled', anomaly, to };
  // A long window still contains what has ended.
  const fresh = look.kind === 'unusual' ? within(look.unusual, to) : [];
  const [first] = fresh;
  if (first === undefined) return unchanged(look.at - to > 2 * SETTLING ? { kind: 'usual' } : settled);
  if (first.from - to > SETTLING || look.at - anomaly.from >= MOST_LENGTH)
    return begin(fresh, look.at, subject);
  return grew(
    {
      ...anomaly,
      to: null,
      noticedAt: look.at,
      countedTo: first.to,
      edits: anomaly.edits + first.edits,
      expected: anomaly.expected + first.expected,
      peak: furthest(anomaly.peak, fresh),
    },
    anomaly,
  );
}

/** Adds the latest five minutes, unless they were counted. */
function withLatest(anomaly: Anomaly, latest: Counted | undefined): Anomaly {
  if (latest === undefined || latest.from < anomaly.countedTo) return anomaly;
  return {
    ...anomaly,
    countedTo: latest.to,
    edits: anomaly.edits + latest.edits,
    expected: anomaly.expected + latest.expected,
  };
}

function grew(anomaly: Anomaly, before: Anomaly): Transition {
  const isSame = anomaly.countedTo === before.countedTo && anomaly.peak === before.peak;
  return {
    state: { kind: 'unusual', anomaly },
    effects: isSame ? [] : [{ kind: 'grow', anomaly }],
  };
}

function end(anomaly: Anomaly, to: number): Transition {
  const ended = { ...anomaly, to };
  return { state: { kind: 'settled', anomaly: ended, to }, effects: [{ kind: 'end', anomaly: ended }] };
}

function within(windows: readonly Counted[], from: number): readonly Counted[] {
  return windows.filter(window => window.from >= from);
}

/** The window with the largest factor; of equals the first. */
function furthest(first: Counted, others: readonly Counted[]): Counted {
  return others.reduce((peak, window) => (factorOf(window) > factorOf(peak) ? window : peak), first);
}
