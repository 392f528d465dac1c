/**
 * Reads the minutes of wikis from gold and sums them up, some at a time: a long range takes no more memory than a week. For
 * steps of hours and days, hours that gold has summed up are read as such: it says the same.
 */
import { bucketStates } from '../core/coverage/bucket-states.ts';
import { STATE_LETTERS, isCounted } from '../core/coverage/standing.ts';
import type { Segment } from '../core/coverage/segments.ts';
import { HOUR_SECONDS, SeriesFold, outsideHours, piecesOf } from '../core/series.ts';
import type { Buckets } from '../core/steps.ts';
import type { GoldReader } from '../gold/gold-store.ts';
import { ALL_WIKIS } from '../core/wiki-name.ts';
import { readCoverage } from './read-coverage.ts';
import type { CoverageDeps } from './read-coverage.ts';
import type { ReadSeries, WikiColumns } from './series-text.ts';

/** A week of minutes is 10,000 rows: most of what is read at a time is garbage before it grows old. */
const MOST_SECONDS = 7 * 86_400;
/** As many hours. */
const MOST_HOUR_SECONDS = 60 * MOST_SECONDS;

export interface SeriesDeps extends CoverageDeps {
  readonly gold: CoverageDeps['gold'] & Pick<GoldReader, 'totals' | 'hourTotals'>;
  /** Epoch seconds: later minutes are in the future. */
  readonly end: number;
}

/** The series of each wiki. @throws the signal's reason; what gold throws */
export async function readSeries(
  wikis: readonly string[],
  buckets: Buckets,
  deps: SeriesDeps,
): Promise<ReadSeries> {
  const { gold, end, stopSignal } = deps;
  const to = Math.min(buckets.to, end);
  // Before the rows: what was added meanwhile must not be missing where everything is said to be there.
  const covered = await readCoverage(wikis, { fromMs: buckets.from * 1000, toMs: to * 1000 }, deps);
  const series: WikiColumns[] = [];
  for (const [at, wiki] of wikis.entries()) {
    const segments = covered[at]?.segments ?? [];
    const fold = new SeriesFold(buckets, segments.filter(({ state }) => isCounted(state)).map(secondsOf));
    const asked = wiki === ALL_WIKIS ? undefined : wiki;
    for (const piece of piecesOf([buckets.from, to], MOST_HOUR_SECONDS)) {
      const isByHour = buckets.stepSec % HOUR_SECONDS === 0;
      const hours = isByHour ? await gold.hourTotals(asked, ...piece, stopSignal) : [];
      fold.addHours(hours);
      for (const rest of outsideHours(hours, piece))
        for (const range of piecesOf(rest, MOST_SECONDS))
          fold.add(await gold.totals(asked, ...range, stopSignal));
    }
    series.push({ wiki, ...fold.columns(), state: statesOf(segments, buckets) });
  }
  const through = covered.map(({ completeThroughMs }) => completeThroughMs ?? -Infinity);
  const completeThroughMs = Math.min(...through);
  return {
    wikis: series,
    completeThrough: Number.isFinite(completeThroughMs) ? completeThroughMs / 1000 : undefined,
  };
}

function secondsOf({ fromMs, toMs }: Segment): readonly [number, number] {
  return [fromMs / 1000, toMs / 1000];
}

/** A letter a bucket. Each has begun, so that each has a state. */
function statesOf(segments: readonly Segment[], { from, stepSec, count }: Buckets): string {
  const states = bucketStates(segments, { fromMs: from * 1000, stepMs: stepSec * 1000, count });
  return states.map(state => STATE_LETTERS[state ?? 'unread']).join('');
}
