/**
 * The notices of a commit, or of several. A signal's size is limited, and one that is too large is refused for ever, so each has a
 * bounded number of items, whatever the record contains: about 15 kB of parts and at most 80 kB of gaps.
 */
import type { Gap } from '../core/gaps.ts';
import type { Hour } from '../core/time.ts';
import type { CommitNotice, PartNotice } from '../contracts/temporal/messages.ts';

const MOST_PARTS = 100;
const MOST_GAPS = 50;
const MOST_HOURS = 500;

/** What the workflow is to learn of a commit, or of successive ones. */
export interface Commit {
  /** Of the last one. */
  readonly sequence: number;
  /** Sequence of the last acknowledged notice. */
  readonly after: number;
  readonly parts: readonly PartNotice[];
  readonly unsealed: readonly Hour[];
  readonly gaps: readonly Gap[];
  /** ISO 8601. */
  readonly watermark?: string;
  readonly deadLetters: number;
}

/**
 * Parts first, then hours to seal and gaps. The last notice alone has the watermark: with an earlier one, the workflow
 * could seal an hour whose parts are in a later notice.
 */
export function noticesOf(commit: Commit): CommitNotice[] {
  const { sequence, after, watermark, deadLetters } = commit;
  const parts = slices(commit.parts, MOST_PARTS);
  const unsealed = slices(commit.unsealed, MOST_HOURS);
  const gaps = slices(commit.gaps, MOST_GAPS);
  const beforeLastParts = Math.max(parts.length, 1) - 1;
  const count = beforeLastParts + Math.max(unsealed.length, gaps.length, 1);
  return Array.from({ length: count }, (_, at): CommitNotice => {
    const isLast = at === count - 1;
    const hours = unsealed[at - beforeLastParts] ?? [];
    const found = gaps[at - beforeLastParts] ?? [];
    return {
      sequence,
      after,
      parts: parts[at] ?? [],
      isLast,
      ...(hours.length > 0 && { unsealed: hours }),
      ...(found.length > 0 && { gaps: found }),
      ...(isLast && watermark !== undefined && { watermark }),
      deadLetters: isLast ? deadLetters : 0,
    };
  });
}

function slices<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) =>
    items.slice(n * size, (n + 1) * size),
  );
}
