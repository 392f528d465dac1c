/** Coverage of several wikis together: a minute of theirs is known as well as that of the wiki of which least is known. */
import type { Known } from './known.ts';
import { joinSegments } from './segments.ts';
import type { Segment } from './segments.ts';
import { worseOf } from './standing.ts';

/** A few of the wikis that stand for all of them: everything that is known names either both or none of two wikis that are alike. */
export function differing(wikis: readonly string[], { read, pending, live, coverage }: Known): string[] {
  const lists = new Map(
    [...read, ...pending, ...live, ...coverage].flatMap(range =>
      range.wikis === undefined ? [] : [[range.wikis.toSorted().join(), new Set(range.wikis)] as const],
    ),
  );
  const sets = [...lists.values()];
  const byKind = new Map<string, string>();
  for (const wiki of wikis) {
    const kind = sets.map(set => (set.has(wiki) ? '1' : '0')).join('');
    if (!byKind.has(kind)) byKind.set(kind, wiki);
  }
  return [...byKind.values()];
}

/** The worst of each minute. @param lists of the same minutes, one a wiki */
export function worstSegments(lists: readonly (readonly Segment[])[]): Segment[] {
  const [first = [], ...others] = lists;
  return others.reduce<readonly Segment[]>(worstOfTwo, first).slice();
}

function worstOfTwo(a: readonly Segment[], b: readonly Segment[]): Segment[] {
  const worst: Segment[] = [];
  let [i, j] = [0, 0];
  for (
    let [one, other] = [a[0], b[0]];
    one !== undefined && other !== undefined;
    [one, other] = [a[i], b[j]]
  ) {
    const standing = worseOf(one.state, other.state) === one.state ? one : other;
    const toMs = Math.min(one.toMs, other.toMs);
    worst.push({ ...standing, fromMs: Math.max(one.fromMs, other.fromMs), toMs });
    if (one.toMs === toMs) i += 1;
    if (other.toMs === toMs) j += 1;
  }
  return joinSegments(worst);
}
