/** What ingest knows of the commit log: the last record that it acknowledged, and the totals of all records. */
import { log } from '@temporalio/workflow';
import type { Gap } from '../core/gaps.ts';
import { isObject } from '../core/json.ts';
import { hourStartMs } from '../core/time.ts';
import type { CommitNotice } from '../contracts/temporal/messages.ts';

export interface Totals {
  readonly commits: number;
  readonly parts: number;
  readonly events: number;
  readonly edits: number;
  readonly deadLetters: number;
}

export interface Tally extends Totals {
  /** Every commit up to this sequence has been received. */
  readonly acknowledged: number;
  /** ISO 8601; absent before the first event. */
  readonly watermark?: string;
  /** The last gaps of the stream, oldest first. */
  readonly gaps?: readonly Gap[];
}

/** Gaps that are listed here; gold has all of them. */
const SHOWN_GAPS = 10;

export const NO_TALLY: Tally = { acknowledged: 0, commits: 0, parts: 0, events: 0, edits: 0, deadLetters: 0 };

/** The tally after a notice; undefined when it contains nothing new. Signals carry unchecked JSON, so it never throws. */
export function tallied(tally: Tally, notice: CommitNotice): Tally | undefined {
  if (!isNotice(notice)) {
    log.warn('partsCommitted ignored: not a notice of the streaming activity', { notice });
    return undefined;
  }
  // Commits arrive in order, and some of them again after a crash.
  if (notice.sequence <= tally.acknowledged) return undefined;
  // An activity of a terminated run is still sending: its parts count, but we may have missed the commits before them.
  const isNext = notice.isLast && notice.after <= tally.acknowledged;
  const gaps = [...(tally.gaps ?? []), ...(notice.gaps ?? [])].slice(-SHOWN_GAPS);
  const watermark = later(tally.watermark, notice.watermark);
  return {
    acknowledged: isNext ? notice.sequence : tally.acknowledged,
    commits: tally.commits + (notice.isLast ? 1 : 0),
    parts: tally.parts + notice.parts.length,
    events: tally.events + notice.parts.reduce((sum, { events }) => sum + events, 0),
    edits: tally.edits + notice.parts.reduce((sum, { edits }) => sum + edits, 0),
    deadLetters: tally.deadLetters + notice.deadLetters,
    ...(watermark !== undefined && { watermark }),
    ...(gaps.length > 0 && { gaps }),
  };
}

function isNotice(notice: unknown): notice is CommitNotice {
  if (!isObject(notice)) return false;
  const { sequence, after, parts, unsealed = [], gaps = [], watermark, deadLetters } = notice;
  const areCounts = [sequence, after, deadLetters].every(Number.isSafeInteger);
  const areLists = isListOf(parts, isPart) && isListOf(unsealed, isHour) && isListOf(gaps, isGap);
  return areCounts && areLists && (watermark === undefined || isIso(watermark));
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isPart(part: unknown): boolean {
  if (!isObject(part)) return false;
  const { key, hour, events, edits } = part;
  return typeof key === 'string' && isHour(hour) && [events, edits].every(Number.isSafeInteger);
}

function isGap(gap: unknown): boolean {
  if (!isObject(gap)) return false;
  const { id, cause, from, to } = gap;
  return typeof id === 'string' && typeof cause === 'string' && isIso(from) && isIso(to);
}

function isHour(hour: unknown): boolean {
  return typeof hour === 'string' && hourStartMs(hour) !== undefined;
}

function isIso(text: unknown): boolean {
  return (
    typeof text === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) &&
    !Number.isNaN(Date.parse(text))
  );
}

/** The later of two instants. ISO 8601 as `toISOString` writes it sorts by time. */
function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}
