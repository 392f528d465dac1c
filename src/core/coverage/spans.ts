/** Sets of instants: sorted spans that neither overlap nor touch. */
import { MINUTE_MS } from '../time.ts';

/** [fromMs, toMs), epoch ms. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Of two times in ISO 8601. */
export function spanOf({ from, to }: { readonly from: string; readonly to: string }): Span {
  return { fromMs: Date.parse(from), toMs: Date.parse(to) };
}

/** The union; empty spans are dropped. */
export function joinSpans(spans: readonly Span[]): Span[] {
  const joined: { fromMs: number; toMs: number }[] = [];
  for (const { fromMs, toMs } of spans.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = joined.at(-1);
    if (fromMs >= toMs) continue;
    if (last !== undefined && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, toMs);
    else joined.push({ fromMs, toMs });
  }
  return joined;
}

/** Joined spans without others, which are joined too. */
export function withoutSpans(joined: readonly Span[], removed: readonly Span[]): Span[] {
  return joined.flatMap(span => {
    const rest: Span[] = [];
    let { fromMs } = span;
    for (const { fromMs: from, toMs: to } of removed) {
      if (to <= fromMs || from >= span.toMs) continue;
      if (from > fromMs) rest.push({ fromMs, toMs: from });
      fromMs = to;
    }
    return fromMs < span.toMs ? [...rest, { fromMs, toMs: span.toMs }] : rest;
  });
}

/** The whole minutes within joined spans. */
export function wholeMinutes(joined: readonly Span[]): Span[] {
  return joinSpans(
    joined.map(({ fromMs, toMs }) => ({ fromMs: ceilMinuteMs(fromMs), toMs: floorMinuteMs(toMs) })),
  );
}

/** Every minute that spans overlap. */
export function touchedMinutes(spans: readonly Span[]): Span[] {
  return joinSpans(spans.map(touchedBy));
}

/** Every minute that a span overlaps; one that is empty lies in a minute too. */
export function touchedBy({ fromMs, toMs }: Span): Span {
  return { fromMs: floorMinuteMs(fromMs), toMs: ceilMinuteMs(Math.max(toMs, fromMs + 1)) };
}

/** Whether joined spans contain the whole of [fromMs, toMs). */
export function containSpan(joined: readonly Span[], { fromMs, toMs }: Span): boolean {
  let [low, high] = [0, joined.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((joined[middle]?.toMs ?? 0) > fromMs) high = middle;
    else low = middle + 1;
  }
  const found = joined[low];
  return found !== undefined && found.fromMs <= fromMs && toMs <= found.toMs;
}

export function floorMinuteMs(ms: number): number {
  return Math.floor(ms / MINUTE_MS) * MINUTE_MS;
}

export function ceilMinuteMs(ms: number): number {
  return Math.ceil(ms / MINUTE_MS) * MINUTE_MS;
}
