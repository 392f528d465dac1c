/**
 * ⑧ What is known of each minute of a wiki, so that 0 is only where somebody looked. The rest of the page knows minutes by
 * these standings, whichever request they come from (`load-knowledge.ts`). Pure.
 */

export type Standing =
  /** Counted, and the watermark has passed it. */
  | { readonly kind: 'full' }
  /** Counted, but late events may still be added. */
  | { readonly kind: 'provisional' }
  /** Read to its end and counted by the live feed, but not in gold yet. */
  | { readonly kind: 'pending' }
  /** Not read to its end, or read and not in gold yet: a count is what there is so far. */
  | { readonly kind: 'counting' }
  /** Nobody looked: a count is only a part. */
  | { readonly kind: 'unread'; readonly why: WhyUnread }
  /** The source lost events: a count is only a part. */
  | { readonly kind: 'gap' };

/** `never`: before or between what was read. `unknown`: the page could not find out, or did not ask. */
export type WhyUnread = 'never' | 'filter' | 'retention' | 'unknown';

/** Adjoining minutes of one standing, [from, to) in epoch seconds. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly standing: Standing;
}

export type Knowledge =
  /** Ascending. */
  | { readonly kind: 'known'; readonly segments: readonly Segment[] }
  /** The API has never heard of the wiki. */
  | { readonly kind: 'no-such-wiki' }
  | { readonly kind: 'unavailable'; readonly message: string };

const NOT_ASKED: Standing = { kind: 'unread', why: 'unknown' };
const COUNTING: Standing = { kind: 'counting' };

/** One standing for each minute from `first` to `through`. Minutes that began after the question are being counted. */
export function standingsOf(knowledge: Knowledge, first: number, through: number): Standing[] {
  const segments = knowledge.kind === 'known' ? knowledge.segments : [];
  const end = segments.at(-1)?.to ?? Infinity;
  let at = 0;
  return Array.from({ length: Math.max((through - first) / 60 + 1, 0) }, (_, index) => {
    const minute = first + index * 60;
    while ((segments[at]?.to ?? Infinity) <= minute) at += 1;
    const segment = segments[at];
    if (segment !== undefined && segment.from <= minute) return segment.standing;
    return minute >= end ? COUNTING : NOT_ASKED;
  });
}

/** Whether a minute without a row had no edits. */
export function isCounted({ kind }: Standing): boolean {
  return kind === 'full' || kind === 'provisional' || kind === 'pending';
}
