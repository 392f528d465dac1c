/**
 * ⑤ What ingest still has to hand over to the hours, and in which order. Pure; `hour-dispatch.ts` performs the steps.
 *
 * Work is done in rounds, so that a steady flow of parts cannot delay the seals for ever:
 *
 *   waiting ──work──▶ parts ──all handed over──▶ gaps ──recorded──▶ seals ──none left──▶ waiting
 *
 * An hour is sealed once the watermark has passed it and none of its parts wait. Sealing earlier would not lose
 * anything, but the late parts would rebuild the hour again, and its audit would report their rows as changed.
 */
import type { Gap } from '../core/gaps.ts';
import { HOUR_MS, hourStartMs } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import type { CommitNotice, PartNotice } from '../contracts/temporal/messages.ts';

/** Keys in one signal, and gaps in one activity: what Temporal accepts at once is limited. */
const MOST_KEYS = 500;
const MOST_GAPS = 200;

/** Parts that go to one hour together. */
interface HourParts {
  readonly hour: Hour;
  readonly keys: readonly string[];
}

type Round =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'parts'; readonly left: readonly HourParts[] }
  | { readonly kind: 'gaps' }
  | { readonly kind: 'recorded' }
  | { readonly kind: 'seals'; readonly left: readonly Hour[] };

export interface HandOver {
  readonly round: Round;
  /** Parts that have arrived since the current round began. */
  readonly queue: readonly PartNotice[];
  readonly gaps: readonly Gap[];
  /** Hours that are not sealed, sorted: those with parts, and those that ingest has passed without one. */
  readonly openHours: readonly Hour[];
  readonly watermarkMs: number;
}

export type HandOverStep =
  | ({ readonly kind: 'addParts' } & HourParts)
  | { readonly kind: 'recordGaps'; readonly gaps: readonly Gap[] }
  | { readonly kind: 'seal'; readonly hour: Hour };

const WAITING: Round = { kind: 'waiting' };

export function beginHandOver(openHours: readonly Hour[]): HandOver {
  return { round: WAITING, queue: [], gaps: [], openHours: [...openHours].sort(), watermarkMs: 0 };
}

/** The state after a commit. @param watermark ISO 8601: hours that end at or before it are complete */
export function withNotice(
  state: HandOver,
  { parts, unsealed = [], gaps = [] }: CommitNotice,
  watermark: string | undefined,
): HandOver {
  return {
    ...withOpen(state, unsealed),
    queue: [...state.queue, ...parts],
    gaps: [...state.gaps, ...gaps],
    ...(watermark !== undefined && { watermarkMs: Date.parse(watermark) }),
  };
}

/** The state once an hour has received its seal. */
export function withSealed(state: HandOver, hour: Hour): HandOver {
  return { ...state, openHours: state.openHours.filter(open => open !== hour) };
}

export function hasWork(state: HandOver): boolean {
  return state.queue.length > 0 || state.gaps.length > 0 || passedHours(state).length > 0;
}

/**
 * The next step, which the caller finishes before it asks again; no step when the round is over.
 * @param mayHold asked only when the next seal has to wait for parts or gaps that have just arrived: whether it waits
 * @param maySplit asked only when the next step would be too large for a message: whether it becomes several
 */
export function nextStep(
  state: HandOver,
  mayHold: () => boolean = () => true,
  maySplit: () => boolean = () => true,
): { readonly state: HandOver; readonly step?: HandOverStep } {
  const { round } = state;
  switch (round.kind) {
    case 'waiting':
      if (!hasWork(state)) return { state };
      return nextStep(
        { ...state, queue: [], round: { kind: 'parts', left: byHour(state.queue) } },
        mayHold,
        maySplit,
      );
    case 'parts': {
      const [first, ...left] = round.left;
      if (first === undefined) return nextStep({ ...state, round: { kind: 'gaps' } }, mayHold, maySplit);
      const { hour, keys } = first;
      const sent = keys.length > MOST_KEYS && maySplit() ? keys.slice(0, MOST_KEYS) : keys;
      const rest = sent === keys ? left : [{ hour, keys: keys.slice(sent.length) }, ...left];
      return {
        state: { ...withOpen(state, [hour]), round: { kind: 'parts', left: rest } },
        step: { kind: 'addParts', hour, keys: sent },
      };
    }
    case 'gaps': {
      // Before the seals: the audit of a sealed hour says which gaps it contains.
      const recorded: HandOver = { ...state, gaps: [], round: { kind: 'recorded' } };
      if (state.gaps.length === 0) return nextStep(recorded, mayHold, maySplit);
      if (state.gaps.length <= MOST_GAPS || !maySplit())
        return { state: recorded, step: { kind: 'recordGaps', gaps: state.gaps } };
      return {
        state: { ...state, gaps: state.gaps.slice(MOST_GAPS) },
        step: { kind: 'recordGaps', gaps: state.gaps.slice(0, MOST_GAPS) },
      };
    }
    case 'recorded':
      return nextStep({ ...state, round: { kind: 'seals', left: passedHours(state) } }, mayHold, maySplit);
    case 'seals': {
      const [hour, ...left] = round.left;
      if (hour === undefined) return { state: { ...state, round: WAITING } };
      const rest: HandOver = { ...state, round: { kind: 'seals', left } };
      // An hour that is held stays open, so the next round seals it.
      if (!isComplete(state, hour) && mayHold()) return nextStep(rest, mayHold, maySplit);
      return { state: rest, step: { kind: 'seal', hour } };
    }
    default:
      return round satisfies never;
  }
}

/** Whether nothing waits that the hour's rebuild should contain. A gap may reach into any hour. */
function isComplete({ queue, gaps }: HandOver, hour: Hour): boolean {
  return gaps.length === 0 && queue.every(part => part.hour !== hour);
}

function passedHours({ openHours, watermarkMs }: HandOver): readonly Hour[] {
  return openHours.filter(hour => (hourStartMs(hour) ?? 0) + HOUR_MS <= watermarkMs);
}

function withOpen(state: HandOver, hours: readonly Hour[]): HandOver {
  return { ...state, openHours: [...new Set([...state.openHours, ...hours])].sort() };
}

/** Parts by hour: hours in the order of their first part, parts in the order of their commits. */
function byHour(parts: readonly PartNotice[]): HourParts[] {
  const hours = new Set(parts.map(part => part.hour));
  return [...hours].map(hour => ({
    hour,
    keys: parts.filter(part => part.hour === hour).map(({ key }) => key),
  }));
}
