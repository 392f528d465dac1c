/** What is known, from the point of view of one wiki, as spans in which a question has one answer. */
import { openGaps } from '../gaps.ts';
import type { GapCause } from '../gaps.ts';
import type { HourRebuilt, Known } from './known.ts';
import type { ReadRange } from './read-ranges.ts';
import {
  ceilMinuteMs,
  floorMinuteMs,
  joinSpans,
  spanOf,
  touchedBy,
  touchedMinutes,
  wholeMinutes,
} from './spans.ts';
import type { Span } from './spans.ts';

export interface KnownGap extends Span {
  readonly cause: GapCause;
}

/** All but `whole` are of minutes. */
export interface KnownOfWiki {
  /** Minutes that gold has deleted end here. */
  readonly horizonMs: number;
  /** Open ones, by start. */
  readonly gaps: readonly KnownGap[];
  /** Minutes that were looked at from beginning to end. */
  readonly looked: readonly Span[];
  readonly live: readonly Span[];
  readonly pending: readonly Span[];
  /** Where everything that was read is in gold, to the millisecond. */
  readonly whole: readonly Span[];
  /** Minutes that were read for any wiki. */
  readonly ofAnyWiki: readonly Span[];
  /** Minutes that reading has passed, also beyond all ranges, end here. */
  readonly readToMs: number;
  /** By first epoch ms. */
  readonly hours: ReadonlyMap<number, HourRebuilt>;
}

/** @param wiki absent: every wiki there is */
export function knownOf(wiki: string | undefined, known: Known): KnownOfWiki {
  const keeps = ({ wikis }: Pick<ReadRange, 'wikis'>): boolean =>
    wikis === undefined || (wiki !== undefined && wikis.includes(wiki));
  // An empty range touches a minute, and says nothing of it.
  const isKept = (range: ReadRange): boolean => keeps(range) && range.fromMs < range.toMs;
  const [pending, live] = [known.pending.filter(isKept), known.live.filter(isKept)];
  const filled = known.coverage.filter(keeps).map(range => ({ range, span: spanOf(range) }));
  const whole = joinSpans([...known.read.filter(keeps), ...filled.map(({ span }) => span)]);
  const gaps = known.gaps
    .flatMap(gap => {
      const { fromMs, toMs } = spanOf(gap);
      const near = filled.filter(({ span }) => span.fromMs <= toMs && span.toMs >= fromMs);
      return openGaps(
        [gap],
        near.map(({ range }) => range),
        wiki === undefined ? [] : [wiki],
      );
    })
    .map(gap => ({ ...touchedBy(spanOf(gap)), cause: gap.cause }))
    .toSorted((a, b) => a.fromMs - b.fromMs);
  return {
    horizonMs: ceilMinuteMs(known.horizonMs ?? -Infinity),
    gaps,
    looked: wholeMinutes(joinSpans([...whole, ...pending, ...live])),
    live: touchedMinutes(live),
    pending: touchedMinutes(pending),
    whole,
    ofAnyWiki: wholeMinutes(joinSpans([...known.read, ...known.pending, ...known.live])),
    readToMs: floorMinuteMs(known.readToMs ?? -Infinity),
    hours: new Map(known.hours.map(hour => [hour.hourMs, hour])),
  };
}

/** Instants at which an answer may change, beside the full hours. */
export function edgesOf({
  horizonMs,
  gaps,
  looked,
  live,
  pending,
  ofAnyWiki,
  readToMs,
}: KnownOfWiki): number[] {
  const spans = [...gaps, ...looked, ...live, ...pending, ...ofAnyWiki];
  return [horizonMs, readToMs, ...spans.flatMap(({ fromMs, toMs }) => [fromMs, toMs])];
}
