/**
 * What gold knows of the past of wikis from the stream alone, for what is usual: hours that were fetched from the Action
 * API or the dumps are left out, because their bot flags differ.
 */
import type { Coverage } from '../core/backfill.ts';
import { joinSpans, spanOf, touchedBy, wholeMinutes, withoutSpans } from '../core/coverage/spans.ts';
import type { Span } from '../core/coverage/spans.ts';
import { openGaps } from '../core/gaps.ts';
import type { Gap } from '../core/gaps.ts';
import type { ReadRange } from '../core/coverage/read-ranges.ts';
import { HOUR_SECONDS, outsideHours, piecesOf } from '../core/series.ts';
import type { SecondRange } from '../core/series.ts';
import { MINUTE_MS } from '../core/time.ts';
import { PastHours } from '../core/usual/past-hours.ts';
import type { HourCount } from '../core/usual/past-hours.ts';
import type { GoldReader } from './gold-store.ts';

/** Records of a month are 9,000; more are not in memory at a time. */
const MOST_SECONDS = 31 * 86_400;
/** A week of minutes is 10,000 rows. */
const MOST_MINUTE_SECONDS = 7 * 86_400;

/** What reading the stream has left known, in a range. */
export interface StreamKnown {
  readonly read: readonly ReadRange[];
  /** What backfills took from the stream. */
  readonly filled: readonly Coverage[];
  readonly gaps: readonly Gap[];
}

/** @param range epoch seconds. @throws what gold throws */
export async function readStreamKnown(
  [from, to]: SecondRange,
  gold: Pick<GoldReader, 'reads' | 'coverage' | 'gaps'>,
): Promise<StreamKnown> {
  const [coverage, gaps] = await Promise.all([gold.coverage(from), gold.gaps(from)]);
  const read: ReadRange[] = [];
  for (const [start, end] of piecesOf([from, to], MOST_SECONDS))
    read.push(...(await gold.reads(start, end)).read);
  return { read, filled: coverage.filter(({ source }) => source === 'stream'), gaps };
}

/** Up to where some wiki was read, epoch seconds; -Infinity where none was. */
export function readToOf({ read }: Pick<StreamKnown, 'read'>): number {
  return Math.max(-Infinity, ...read.map(({ toMs }) => toMs / 1000));
}

/** The minutes of a wiki that are known from the stream. @param wiki absent: of every wiki */
export function knownFromStream(wiki: string | undefined, { read, filled, gaps }: StreamKnown): Span[] {
  const keeps = ({ wikis }: Pick<ReadRange, 'wikis'>): boolean =>
    wikis === undefined || (wiki !== undefined && wikis.includes(wiki));
  const kept = filled.filter(keeps);
  const looked = joinSpans([...read.filter(keeps), ...kept.map(spanOf)]);
  const open = openGaps(gaps, kept, wiki === undefined ? [] : [wiki]);
  const missing = joinSpans(open.map(gap => touchedBy(spanOf(gap))));
  return withoutSpans(wholeMinutes(looked), missing);
}

/** Hours next to each other, of one wiki or of all: what they had, and how many of their minutes are known. */
export interface StreamHours {
  /** First epoch second of the first hour. */
  readonly from: number;
  readonly human: Float64Array;
  readonly bot: Float64Array;
  readonly minutes: Uint8Array;
}

/** The hours of a wiki, or of all together, in a range of whole hours, epoch seconds. @throws the signal's reason; what gold throws */
export async function readStreamHours(
  wiki: string | undefined,
  range: SecondRange,
  known: readonly Span[],
  gold: Pick<GoldReader, 'hourTotals' | 'totals'>,
  stopSignal: AbortSignal,
): Promise<StreamHours> {
  const [from, to] = range;
  const count = Math.max(0, (to - from) / HOUR_SECONDS);
  const counts = { human: new Float64Array(count), bot: new Float64Array(count) };
  const add = (second: number, human: number, bot: number): void => {
    const at = Math.floor((second - from) / HOUR_SECONDS);
    counts.human[at] = (counts.human[at] ?? 0) + human;
    counts.bot[at] = (counts.bot[at] ?? 0) + bot;
  };
  const hours = count === 0 ? [] : await gold.hourTotals(wiki, ...range, stopSignal);
  for (const { hour, human, bot } of hours) add(hour, human, bot);
  for (const rest of outsideHours(hours, range))
    for (const piece of piecesOf(rest, MOST_MINUTE_SECONDS))
      for (const { minute, human, bot } of await gold.totals(wiki, ...piece, stopSignal))
        add(minute, human, bot);
  const minutes = new Uint8Array(count);
  for (const [start, ofHour] of minutesByHour(known, range)) minutes[(start - from) / HOUR_SECONDS] = ofHour;
  return { from, ...counts, minutes };
}

/** The past of a wiki, from hours in several pieces. */
export function pastHours(kind: 'human' | 'bot', pieces: readonly StreamHours[]): PastHours {
  return new PastHours(
    pieces.flatMap(({ from, minutes, [kind]: counts }) =>
      Array.from(minutes, (knownMinutes, at): HourCount => ({
        start: from + at * HOUR_SECONDS,
        knownMinutes,
        value: counts[at] ?? 0,
      })),
    ),
  );
}

/** How many minutes of each hour are known. @param known joined, of whole minutes */
function minutesByHour(known: readonly Span[], [from, to]: SecondRange): ReadonlyMap<number, number> {
  const minutes = new Map<number, number>();
  for (const span of known) {
    const end = Math.min(span.toMs / 1000, to);
    for (let start = Math.max(span.fromMs / 1000, from); start < end;) {
      const hour = Math.floor(start / HOUR_SECONDS) * HOUR_SECONDS;
      const until = Math.min(end, hour + HOUR_SECONDS);
      minutes.set(hour, (minutes.get(hour) ?? 0) + ((until - start) * 1000) / MINUTE_MS);
      start = until;
    }
  }
  return minutes;
}
