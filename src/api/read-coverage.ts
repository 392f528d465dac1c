/** What gold knows of the minutes of a wiki: which were read, which are complete, and which are not. */
import type { Known } from '../core/coverage/known.ts';
import { completeThrough } from '../core/coverage/complete-through.ts';
import { firstReadMs } from '../core/coverage/read-ranges.ts';
import { segmentsOf } from '../core/coverage/segments.ts';
import type { Segment } from '../core/coverage/segments.ts';
import { MINUTE_MS, ceilHourMs, floorHourMs } from '../core/time.ts';
import type { GoldReader } from '../gold/gold-store.ts';

/** The newest minutes have rows before they are known to be read: events arrive up to a minute out of order. */
const UNCERTAIN_MS = 2 * MINUTE_MS;

export interface CoverageDeps {
  readonly gold: Pick<GoldReader, 'reads' | 'coverage' | 'gaps' | 'rebuilt' | 'keptFrom' | 'lastMinute'>;
  /** How late events may be. */
  readonly latenessMs: number;
  readonly nowMs: number;
}

export interface WikiCoverage {
  readonly segments: readonly Segment[];
  /** Epoch ms; undefined when already the first minute is not complete. */
  readonly completeThroughMs: number | undefined;
}

/** @param range epoch ms */
export async function readCoverage(
  wiki: string,
  range: { readonly fromMs: number; readonly toMs: number },
  { gold, latenessMs, nowMs }: CoverageDeps,
): Promise<WikiCoverage> {
  // Whole hours, because a minute is final only with its hour.
  const from = firstReadMs(floorHourMs(range.fromMs)) / 1000;
  const to = ceilHourMs(range.toMs) / 1000;
  const [reads, coverage, gaps, hours, keptFrom, lastMinute] = await Promise.all([
    gold.reads(from, to),
    gold.coverage(from),
    gold.gaps(from),
    gold.rebuilt(from, to),
    gold.keptFrom(),
    gold.lastMinute(),
  ]);
  const readToMs = Math.max(
    (lastMinute ?? 0) * 1000 - UNCERTAIN_MS,
    ...[...reads.read, ...reads.pending].map(({ toMs }) => toMs),
  );
  const known: Known = {
    ...reads,
    live: [],
    coverage,
    gaps,
    hours,
    readToMs,
    ...(keptFrom !== undefined && { horizonMs: keptFrom * 1000 }),
  };
  const segments = segmentsOf(wiki, known, range, nowMs);
  return { segments, completeThroughMs: completeThrough(segments, readToMs - latenessMs) };
}
