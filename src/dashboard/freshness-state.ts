/**
 * ⑧ How old the data is, and why. A page that is updated every two seconds can show counts of an hour ago: what counts is
 * the data, never the request. Pure.
 */
import type { PollState } from './poller.ts';

/** Whether the pipeline is well: what the live feed tells of it, and a part of what the API answers. */
export interface Health {
  readonly temporal: { readonly reachable: boolean; readonly problem?: string; readonly since?: string };
  readonly ingest?: {
    readonly status: string;
    readonly stage?: string;
    readonly failure?: string;
    readonly isAnswering: boolean;
    readonly troubles: readonly { readonly what: string; readonly since: string }[];
  };
  readonly failingHours?: readonly { readonly hour: string; readonly failure: string }[];
}

/** Up to where there is data: end of the newest minute, epoch seconds; undefined when there is none. */
interface Counted {
  readonly countedTo: number | undefined;
}

export type Freshness =
  | { readonly kind: 'loading' }
  /** No wiki is selected, or nothing is known of it. */
  | { readonly kind: 'no-data' }
  | ({ readonly kind: 'live' } & Counted)
  /** `why` and `sinceMs` are of what does not work, if that is known. */
  | ({ readonly kind: 'delayed'; readonly why: Why | undefined } & Counted)
  | ({ readonly kind: 'paused' } & Counted)
  | ({ readonly kind: 'stopped'; readonly why: Why } & Counted)
  | ({ readonly kind: 'no-answer'; readonly sinceMs: number } & Counted);

export interface Why {
  readonly text: string;
  readonly sinceMs: number | undefined;
}

/** Parts arrive every few minutes, five by default; the last of them takes a while to be counted. */
const DELAYED_AFTER_SEC = 10 * 60;
/** Something that does not work explains even a short delay. */
const TROUBLED_AFTER_SEC = 3 * 60;

export interface FreshnessInput {
  /** The requests for counts. */
  readonly minutes: PollState<unknown, unknown>;
  readonly countedTo: number | undefined;
  /** Undefined when it is not known. */
  readonly pipeline: Health | undefined;
  /** Of the server. */
  readonly nowMs: number;
}

export function freshnessOf({ minutes, countedTo, pipeline, nowMs }: FreshnessInput): Freshness {
  if (minutes.kind === 'failing') return { kind: 'no-answer', sinceMs: minutes.failure.sinceMs, countedTo };
  if (minutes.kind === 'idle' || minutes.answer === undefined) return { kind: 'loading' };
  const halted = haltOf(pipeline, countedTo);
  if (halted !== undefined) return halted;
  if (countedTo === undefined) return { kind: 'no-data' };
  const ageSec = nowMs / 1000 - countedTo;
  const why = troubleOf(pipeline);
  const isLate = ageSec > (why === undefined ? DELAYED_AFTER_SEC : TROUBLED_AFTER_SEC);
  return isLate
    ? { kind: 'delayed', why: why ?? unreachable(pipeline), countedTo }
    : { kind: 'live', countedTo };
}

/** Ingest is paused, or has ended. */
function haltOf(pipeline: Health | undefined, countedTo: number | undefined): Freshness | undefined {
  const ingest = pipeline?.ingest;
  if (ingest === undefined) return undefined;
  if (ingest.status === 'never_started') {
    return { kind: 'stopped', why: { text: 'Ingest has never been started', sinceMs: undefined }, countedTo };
  }
  if (ingest.status !== 'running') {
    const reason = ingest.failure === undefined ? '' : `: ${ingest.failure}`;
    const text = `The run of ingest is ${ingest.status}${reason}`;
    return { kind: 'stopped', why: { text, sinceMs: undefined }, countedTo };
  }
  return ingest.stage === 'paused' ? { kind: 'paused', countedTo } : undefined;
}

/** What does not work at the moment; the oldest of several. */
function troubleOf(pipeline: Health | undefined): Why | undefined {
  const trouble = pipeline?.ingest?.troubles[0];
  if (trouble !== undefined) return { text: trouble.what, sinceMs: Date.parse(trouble.since) };
  const hour = pipeline?.failingHours?.[0];
  if (hour !== undefined) {
    const text = `Parts of the hour ${hour.hour} cannot be added to gold: ${hour.failure}`;
    return { text, sinceMs: undefined };
  }
  if (pipeline?.ingest?.isAnswering === false) {
    return { text: 'No worker answers for ingest', sinceMs: undefined };
  }
  return undefined;
}

/** Why nothing is known of a cause. */
function unreachable(pipeline: Health | undefined): Why | undefined {
  const temporal = pipeline?.temporal;
  if (temporal?.reachable !== false) return undefined;
  const { problem = 'Temporal does not answer', since } = temporal;
  return { text: problem, sinceMs: since === undefined ? undefined : Date.parse(since) };
}
