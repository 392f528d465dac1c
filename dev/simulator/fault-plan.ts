/**
 * Which faults are wanted, and how people ask for them: `cut=20s,unavailable=2m/10s,garbage=0.001`.
 * Guarantee: parsing is pure, and a wrong specification is answered with every problem it has.
 */

import { formatDuration, parseDuration } from './duration.ts';

/** Faults of the stream that happen every so often. */
export const STREAM_FAULTS = [
  'cut',
  'rst',
  'silence',
  'slow',
  'redelivery',
  'unavailable',
  'ratelimit',
] as const;
/** Faults of the Action API alone that happen every so often, and last. */
export const API_FAULTS = ['maxlag', 'apiratelimit', 'readonly', 'apierror'] as const;
/** Faults that happen every so often. */
export const TIMED_FAULTS = [...STREAM_FAULTS, ...API_FAULTS] as const;
/** Faults that befall a share of the messages. */
export const SHARE_FAULTS = ['garbage', 'duplicate'] as const;

/** A fault of the stream that happens every so often. */
export type StreamFault = (typeof STREAM_FAULTS)[number];
/** A fault of the Action API. */
export type ApiFault = (typeof API_FAULTS)[number];
/** A fault that happens every so often. */
export type TimedFault = (typeof TIMED_FAULTS)[number];
/** A fault that befalls a share of the messages. */
type ShareFault = (typeof SHARE_FAULTS)[number];
/** Any fault. */
export type FaultName = TimedFault | ShareFault;

/** How often, and for how long. */
interface Timing {
  /** mean time between two strikes, ms */
  readonly everyMs: number;
  /** how long a strike lasts, ms; means nothing to the momentary ones */
  readonly lastsMs: number;
}

/** The faults that are wanted; what is missing does not happen. */
export type FaultPlan = { readonly [F in TimedFault]?: Timing } & { readonly [F in ShareFault]?: number };

/** What each fault does, for the help text and for whoever reads an error. */
export const FAULT_MEANINGS: Readonly<Record<FaultName, string>> = {
  cut: 'the connection ends in the middle of a line',
  rst: 'the connection is reset (TCP RST)',
  silence: 'the connection stays open and sends nothing any more',
  slow: 'the connection trickles, a few bytes at a time',
  redelivery: 'messages delivered before come again, out of order',
  unavailable: 'connections end, new ones get 503; API and dumps too',
  ratelimit: 'connections end, new ones get 429 with Retry-After; API and dumps too',
  maxlag: 'the API answers with error maxlag and Retry-After',
  apiratelimit: 'the API answers 200 with error ratelimited',
  readonly: 'the API answers 200 with error readonly',
  apierror: 'the API fails: an internal error, 500, an HTML page, half an answer, in turn',
  garbage: 'unusable messages between the real ones',
  duplicate: 'a message comes again a few messages later',
};

/** An example that is right, for error messages. */
export const FAULTS_EXAMPLE =
  'cut=20s,rst=60s,silence=5m,unavailable=2m/10s,garbage=0.001,duplicate=0.01,redelivery=1m';

/** How long a strike lasts when the specification does not say. ms */
const USUAL_LENGTH: Readonly<Partial<Record<TimedFault, number>>> = {
  slow: 10_000,
  unavailable: 5000,
  ratelimit: 5000,
  maxlag: 2000,
  apiratelimit: 2000,
  readonly: 2000,
  apierror: 1000,
};

/** A plan, or what is wrong with the specification: one sentence a problem. */
type ParsedFaults =
  | { readonly kind: 'plan'; readonly plan: FaultPlan }
  | { readonly kind: 'wrong'; readonly problems: string[] };

function isOneOf<T extends string>(names: readonly T[], name: string): name is T {
  return (names as readonly string[]).includes(name);
}

/** Whether there is a fault of this name. */
export function isFault(name: string): name is FaultName {
  return isOneOf(TIMED_FAULTS, name) || isOneOf(SHARE_FAULTS, name);
}

function parseTiming(fault: TimedFault, text: string): Timing | undefined {
  const [every = '', lasts, more] = text.split('/');
  const usual = USUAL_LENGTH[fault];
  const everyMs = parseDuration(every);
  const lastsMs = lasts === undefined ? (usual ?? 0) : usual === undefined ? undefined : parseDuration(lasts);
  if (everyMs === undefined || lastsMs === undefined || more !== undefined) return undefined;
  return { everyMs, lastsMs };
}

/** One fault of a specification. @returns a plan with this fault alone, or the problem */
function parseFault(name: string, text: string): FaultPlan | string {
  const got = `got "${name}=${text}"`;
  if (isOneOf(TIMED_FAULTS, name)) {
    const timing = parseTiming(name, text);
    if (timing !== undefined) return { [name]: timing };
    const lasting = name in USUAL_LENGTH ? `, and optionally how long each lasts (${name}=2m/10s)` : '';
    return `fault ${name}: ${got}, expected the mean time between two strikes (${name}=20s)${lasting}`;
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

/** A plan from a specification; the empty text and `none` want no faults. */
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
 * A plan changed by a JSON object, `{"cut":"20s","garbage":0.01,"rst":null}`: null or false ends a fault, what is not
 * named stays.
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

/** The plan in the words of the specification: `{"cut":"20s","garbage":0.001}`. */
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
