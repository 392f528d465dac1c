/** Coverage of one wiki: adjoining segments of a range, each with what is known of its minutes, and why. */
import { HOUR_MS, floorHourMs } from '../time.ts';
import type { Known } from './known.ts';
import { edgesOf, knownOf } from './of-wiki.ts';
import type { KnownOfWiki } from './of-wiki.ts';
import { ceilMinuteMs, containSpan, floorMinuteMs } from './spans.ts';
import type { Span } from './spans.ts';
import type { Standing } from './standing.ts';

export type Segment = Span & Standing;

/**
 * The segments of the minutes that overlap a range and have begun: they cover these minutes, in order, and neighbours
 * differ. None where no minute has begun.
 * @param wiki absent: every wiki there is
 */
export function segmentsOf(wiki: string | undefined, known: Known, range: Span, nowMs: number): Segment[] {
  return segmentsIn(range, knownOf(wiki, known), nowMs);
}

/** As `segmentsOf`. */
export function segmentsIn(range: Span, known: KnownOfWiki, nowMs: number): Segment[] {
  const fromMs = floorMinuteMs(range.fromMs);
  const toMs = Math.min(ceilMinuteMs(range.toMs), ceilMinuteMs(nowMs));
  if (fromMs >= toMs) return [];
  // Some months have many gaps, and each edge looks through them.
  const near = { ...known, gaps: known.gaps.filter(gap => gap.fromMs < toMs && gap.toMs > fromMs) };
  const inside = [...edgesOf(near), ...hoursIn(fromMs, toMs)].filter(ms => ms > fromMs && ms < toMs);
  const edges = [...new Set([fromMs, ...inside, toMs])].sort((a, b) => a - b);
  return joinSegments(
    edges.slice(0, -1).map((startMs, at) => ({
      fromMs: startMs,
      toMs: edges[at + 1] ?? startMs,
      ...standingAt(startMs, near, nowMs),
    })),
  );
}

/** Adjoining segments, so that neighbours differ. */
export function joinSegments(adjoining: readonly Segment[]): Segment[] {
  const joined: Segment[] = [];
  for (const segment of adjoining) {
    const last = joined.at(-1);
    if (last?.state === segment.state && last.reason === segment.reason)
      joined[joined.length - 1] = { ...last, toMs: segment.toMs };
    else joined.push(segment);
  }
  return joined;
}

/** What is known of the minute that begins at `ms`: the first that applies. */
function standingAt(ms: number, known: KnownOfWiki, nowMs: number): Standing {
  const minute = { fromMs: ms, toMs: ms + 1 };
  if (ms < known.horizonMs) return { state: 'unread', reason: 'retention' };
  const gap = known.gaps.find(each => each.fromMs <= ms && ms < each.toMs);
  if (gap !== undefined) return { state: 'gap', reason: gap.cause };
  if (!containSpan(known.looked, minute)) return { state: 'unread', reason: whyUnread(ms, known) };
  if (containSpan(known.live, minute)) return { state: 'pending', reason: 'live' };
  if (containSpan(known.pending, minute)) return { state: 'pending', reason: 'parts' };
  return standingOfHour(floorHourMs(ms), known, nowMs);
}

function whyUnread(ms: number, { ofAnyWiki, looked, readToMs }: KnownOfWiki): 'filter' | 'not_yet' | 'never' {
  if (containSpan(ofAnyWiki, { fromMs: ms, toMs: ms + 1 })) return 'filter';
  const ends = [ofAnyWiki.at(-1)?.toMs ?? -Infinity, looked.at(-1)?.toMs ?? -Infinity];
  return ms >= Math.max(readToMs, ...ends) ? 'not_yet' : 'never';
}

/** Of a minute of which gold has everything that was read. */
function standingOfHour(hourMs: number, { whole, hours }: KnownOfWiki, nowMs: number): Standing {
  const endMs = hourMs + HOUR_MS;
  if (nowMs < endMs) return { state: 'provisional', reason: 'open' };
  if (!containSpan(whole, { fromMs: hourMs, toMs: endMs })) return { state: 'provisional', reason: 'partly' };
  const rebuilt = hours.get(hourMs);
  if (rebuilt === undefined || rebuilt.rebuiltAtMs < endMs)
    return { state: 'provisional', reason: 'not_rebuilt' };
  if (rebuilt.hasAddedSince) return { state: 'provisional', reason: 'added' };
  return { state: 'final', reason: 'rebuilt' };
}

function hoursIn(fromMs: number, toMs: number): number[] {
  const first = floorHourMs(fromMs) + HOUR_MS;
  return Array.from(
    { length: Math.max(0, Math.ceil((toMs - first) / HOUR_MS)) },
    (_, n) => first + n * HOUR_MS,
  );
}
