/**
 * The plan of faults and its text form: `cut=20s,unavailable=2m/10s,garbage=0.001`.
 * Guarantee: parsing is pure and reports every problem of an invalid specification.
 */

import { formatDuration, parseDuration } from './duration.ts';

/** Periodic faults of the stream. */
export const STREAM_FAULTS = [
  'cut',
  'rst',
  'silence',
  'slow',
  'redelivery',
  'futureid',
  'pastid',
  'unavailable',
  'ratelimit',
  'forbidden',
] as const;
/** Periodic faults of the Action API only; each lasts a while. */
export const API_FAULTS = ['maxlag', 'apiratelimit', 'readonly', 'apierror'] as const;
/** All periodic faults. */
export const TIMED_FAULTS = [...STREAM_FAULTS, ...API_FAULTS] as const;
/** Faults that affect a share of the messages. */
export const SHARE_FAULTS = ['garbage', 'duplicate'] as const;

export type StreamFault = (typeof STREAM_FAULTS)[number];
export type ApiFault = (typeof API_FAULTS)[number];
export type TimedFault = (typeof TIMED_FAULTS)[number];
type ShareFault = (typeof SHARE_FAULTS)[number];
export type FaultName = TimedFault | ShareFault;

/** How often a fault strikes, and for how long. */
interface Timing {
  /** mean time between two strikes, ms */
  readonly everyMs: number;
  /** how long a strike lasts, ms; ignored by momentary faults */
  readonly lastsMs: number;
}

/** The active faults; missing ones do not happen. */
export type FaultPlan = { readonly [F in TimedFault]?: Timing } & { readonly [F in ShareFault]?: number };

/** What each fault does, for the help text. */
export const FAULT_MEANINGS: Readonly<Record<FaultName, string>> = {
  cut: 'the connection ends in the middle of a line',
  rst: 'the connection is reset (TCP RST)',
  silence: 'the connection stays open but stops sending',
  slow: 'the connection sends only a few bytes at a time',
  redelivery: 'earlier messages are sent again, out of order',
  futureid: 'the id of one message claims a time a year ahead',
  pastid: 'the id of one message claims a time of many years ago',
  unavailable: 'connections end and new ones get 503; also affects API and dumps',
  ratelimit: 'connections end and new ones get 429 with Retry-After; also affects API and dumps',
  forbidden: 'connections end and new ones get 403, as from an edge; also affects API and dumps',
  maxlag: 'the API responds with error maxlag and Retry-After',
  apiratelimit: 'the API responds 200 with error ratelimited',
  readonly: 'the API responds 200 with error readonly',
  apierror: 'the API fails in turn with an internal error, 500, an HTML page, half a response',
  garbage: 'unusable messages between the real ones',
  duplicate: 'a message is repeated a few messages later',
};

/** A valid example, for help and error messages. */
export const FAULTS_EXAMPLE =
  'cut=20s,rst=60s,silence=5m,unavailable=2m/10s,garbage=0.001,duplicate=0.01,redelivery=1m';

/** Default length of a strike, ms. Faults without one are momentary. */
const DEFAULT_LENGTH_MS: Readonly<Partial<Record<TimedFault, number>>> = {
  slow: 10_000,
  unavailable: 5000,
  ratelimit: 5000,
  forbidden: 5000,
  maxlag: 2000,
  apiratelimit: 2000,
  readonly: 2000,
  apierror: 1000,
};

/** A plan, or the problems of the specification. */
type ParsedFaults =
  | { readonly kind: 'plan'; readonly plan: FaultPlan }
  | { readonly kind: 'wrong'; readonly problems: string[] };

function isOneOf<T extends string>(names: readonly T[], name: string): name is T {
  return (names as readonly string[]).includes(name);
}

export function isFault(name: string): name is FaultName {
  return isOneOf(TIMED_FAULTS, name) || isOneOf(SHARE_FAULTS, name);
}

function parseTiming(fault: TimedFault, text: string): Timing | undefined {
  const [every = '', lasts, more] = text.split('/');
  const defaultMs = DEFAULT_LENGTH_MS[fault];
  const everyMs = parseDuration(every);
  const lastsMs =
    lasts === undefined ? (defaultMs ?? 0) : defaultMs === undefined ? undefined : parseDuration(lasts);
  if (everyMs === undefined || lastsMs === undefined || more !== undefined) return undefined;
  return { everyMs, lastsMs };
}

/** Parses one fault. @returns a plan with only this fault, or the problem */
function parseFault(name: string, text: string): FaultPlan | string {
  const got = `got "${name}=${text}"`;
  if (isOneOf(TIMED_FAULTS, name)) {
    const timing = parseTiming(name, text);
    if (timing !== undefined) return { [name]: timing };
    const duration = name in DEFAULT_LENGTH_MS ? `, and optionally how long each lasts (${name}=2m/10s)` : '';
    return `fault ${name}: ${got}, expected the mean time between two strikes (${name}=20s)${duration}`;
  }
  if (isOneOf(SHARE_FAULTS, name)) {
    const share = text.trim() === '' ? NaN : Number(text);
    if (share > 0 && share <= 1) return { [name]: share };
    return `fault ${name}: ${got}, expected a share of the messages above 0 and up to 1 (${name}=0.01)`;
  }
  const known = [...TIMED_FAULTS, ...SHARE_FAULTS].join(', ');
  return `unknown fault: ${got}, expected one of ${known}`;
}

function gather(parts: readonly (FaultPlan | string)[]): ParsedFaults {
  const problems = parts.filter(part => typeof part === 'string');
  if (problems.length > 0) return { kind: 'wrong', problems };
  return { kind: 'plan', plan: Object.assign({}, ...parts) as FaultPlan };
}

/** Parses a specification; an empty text and `none` mean no faults. */
export function parseFaults(text: string): ParsedFaults {
  if (text.trim() === '' || text.trim() === 'none') return { kind: 'plan', plan: {} };
  return gather(
    text.split(',').map(part => {
      const [name = '', value] = part.split(/=(.*)/s);
      return parseFault(name.trim(), value ?? '');
    }),
  );
}

/**
 * Applies a JSON object such as `{"cut":"20s","garbage":0.01,"rst":null}` to a plan: null or false ends a fault, others
 * stay as they are.
 */
export function changeFaults(plan: FaultPlan, change: Readonly<Record<string, unknown>>): ParsedFaults {
  const ended = Object.keys(change).filter(
    name => isFault(name) && (change[name] === null || change[name] === false),
  );
  const kept = Object.fromEntries(
    Object.entries(plan).filter(([name]) => !ended.includes(name)),
  ) as FaultPlan;
  const wanted = Object.entries(change).filter(([name]) => !ended.includes(name));
  return gather([
    kept,
    ...wanted.map(([name, value]) =>
      parseFault(name, typeof value === 'string' ? value : JSON.stringify(value)),
    ),
  ]);
}

/** The plan as JSON in the syntax of the specification: `{"cut":"20s","garbage":0.001}`. */
export function describeFaults(plan: FaultPlan): Record<string, string | number> {
  const described: Record<string, string | number> = {};
  for (const fault of TIMED_FAULTS) {
    const timing = plan[fault];
    if (timing === undefined) continue;
    const lasts = timing.lastsMs > 0 ? `/${formatDuration(timing.lastsMs)}` : '';
    described[fault] = formatDuration(timing.everyMs) + lasts;
  }
  for (const fault of SHARE_FAULTS) {
    const share = plan[fault];
    if (share !== undefined) described[fault] = share;
  }
  return described;
}
