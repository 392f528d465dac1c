/**
 * What gold knows of the past of wikis from the stream alone, for what is usual: hours that were fetched from the Action
 * API or the dumps are left out, because their bot flags differ.
 */
import type { Coverage } from '../core/backfill.ts';
import { joinSpans, touchedBy, wholeMinutes, withoutSpans } from '../core/coverage/spans.ts';
import type { Span } from '../core/coverage/spans.ts';
import { openGaps } from '../core/gaps.ts';
import type { Gap } from '../core/gaps.ts';
import type { ReadRange } from '../core/coverage/read-ranges.ts';
import { HOUR_SECONDS, outsideHours } from '../core/series.ts';
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

/** The hours of a wiki, or of all together, in a range of whole hours, epoch seconds. @throws the signal's reason; what gold throws */
export async function readPastHours(
  wiki: string | undefined,
  range: SecondRange,
  known: readonly Span[],
  gold: Pick<GoldReader, 'hourTotals' | 'totals'>,
  stopSignal: AbortSignal,
): Promise<Readonly<Record<'human' | 'bot', PastHours>>> {
  const minutes = minutesByHour(known, range);
  const counts = new Map<number, { human: number; bot: number }>();
  const hours = await gold.hourTotals(wiki, ...range, stopSignal);
  for (const { hour, human, bot } of hours) counts.set(hour, { human, bot });
  for (const rest of outsideHours(hours, range))
    for (const piece of piecesOf(rest, MOST_MINUTE_SECONDS))
      for (const { minute, human, bot } of await gold.totals(wiki, ...piece, stopSignal)) {
        const hour = Math.floor(minute / HOUR_SECONDS) * HOUR_SECONDS;
        const sum = counts.get(hour) ?? { human: 0, bot: 0 };
        counts.set(hour, { human: sum.human + human, bot: sum.bot + bot });
      }
  const ofKind = (kind: 'human' | 'bot'): PastHours =>
    new PastHours(
      [...minutes].map(([start, knownMinutes]): HourCount => ({
        start,
        knownMinutes,
        value: counts.get(start)?.[kind] ?? 0,
      })),
    );
  return { human: ofKind('human'), bot: ofKind('bot') };
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

function spanOf({ from, to }: Pick<Coverage, 'from' | 'to'>): Span {
  return { fromMs: Date.parse(from), toMs: Date.parse(to) };
}

function* piecesOf([start, end]: SecondRange, seconds: number): Generator<SecondRange> {
  for (let from = start; from < end; from += seconds) yield [from, Math.min(from + seconds, end)];
}
