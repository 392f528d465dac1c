/** What is known of minutes, for tests of the page's pure parts. */
import type { Knowledge, Segment, Standing } from '../../src/dashboard/knowledge.ts';

export const FULL: Standing = { kind: 'full' };
export const PROVISIONAL: Standing = { kind: 'provisional' };
export const PENDING: Standing = { kind: 'pending' };
export const COUNTING: Standing = { kind: 'counting' };
export const NEVER: Standing = { kind: 'unread', why: 'never' };
export const GAP: Standing = { kind: 'gap' };

/** Adjoining segments, each from a minute on, counted from `origin`; the last one ends at `end`. */
export function knownFrom(
  origin: number,
  end: number,
  ...segments: readonly (readonly [from: number, standing: Standing])[]
): Knowledge {
  const at = (minute: number): number => origin + minute * 60;
  return {
    kind: 'known',
    segments: segments.map(([from, standing], index): Segment => {
      const next = segments[index + 1]?.[0] ?? end;
      return { from: at(from), to: at(next), standing };
    }),
  };
}
