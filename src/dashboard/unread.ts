/** ⑧ Minutes that nobody read, or that are not read or not in gold yet, as areas of the chart. Pure. */
import type { Standing, WhyUnread } from './knowledge.ts';
import type { Series } from './series.ts';

/** Adjoining minutes of which something is missing, [from, to) in epoch seconds. */
export interface UnreadArea {
  /** `awaited`: counts are expected within minutes. `pending`: has counts, which are not in gold yet. */
  readonly kind: 'unread' | 'awaited' | 'pending';
  /** Why nobody looked; empty unless `unread`. In the order of the minutes. */
  readonly why: readonly WhyUnread[];
  readonly from: number;
  readonly to: number;
}

/** More areas could not be told apart. */
const MAX_AREAS = 200;

/** The areas from the second `from` on, ascending. A bucket with a count is in none unless it is pending. */
export function unreadAreas({ first, stepSec, total, standing }: Series, from: number): UnreadArea[] {
  const areas: UnreadArea[] = [];
  const start = Math.max(Math.floor((from - first) / stepSec), 0);
  for (let at = start; at < total.length; at++) {
    const area = areaOf(standing[at], first + at * stepSec, stepSec);
    if (area === undefined || (total[at] !== null && area.kind !== 'pending')) continue;
    const last = areas.at(-1);
    if (last?.to === area.from && last.kind === area.kind) areas[areas.length - 1] = join(last, area);
    else areas.push(area);
  }
  return joinNear(areas, ((total.length - start) * stepSec) / MAX_AREAS);
}

function areaOf(standing: Standing | undefined, from: number, stepSec: number): UnreadArea | undefined {
  const span = { from, to: from + stepSec };
  if (standing?.kind === 'pending') return { kind: 'pending', why: [], ...span };
  if (standing?.kind === 'counting') return { kind: 'awaited', why: [], ...span };
  if (standing?.kind !== 'unread' || standing.why === 'unknown') return undefined;
  return { kind: 'unread', why: [standing.why], ...span };
}

/** A quiet wiki of which nobody knows whether it was read has a count here and there. */
function joinNear(areas: readonly UnreadArea[], nearSec: number): UnreadArea[] {
  if (areas.length <= MAX_AREAS) return [...areas];
  const joined: UnreadArea[] = [];
  for (const area of areas) {
    const last = joined.at(-1);
    const isNear = last !== undefined && last.kind === area.kind && area.from - last.to <= nearSec;
    if (isNear) joined[joined.length - 1] = join(last, area);
    else joined.push(area);
  }
  return joined;
}

function join(a: UnreadArea, b: UnreadArea): UnreadArea {
  return { ...a, to: b.to, why: [...new Set([...a.why, ...b.why])] };
}
