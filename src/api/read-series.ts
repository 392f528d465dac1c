/** Reads the minutes of wikis from gold and sums them up, some at a time: a long range takes no more memory than a month. */
import type { Coverage } from '../core/backfill.ts';
import { SeriesFold } from '../core/series.ts';
import type { SecondRange } from '../core/series.ts';
import type { Buckets } from '../core/steps.ts';
import type { GoldReader } from '../gold/gold-store.ts';
import { ALL_WIKIS } from '../core/wiki-name.ts';
import type { WikiColumns } from './series-text.ts';

/** A month of minutes is 45,000 rows. */
const MOST_SECONDS = 31 * 86_400;

export interface SeriesDeps {
  readonly gold: Pick<GoldReader, 'totals' | 'coverage'>;
  /** Wikis that the installation keeps; empty: all. */
  readonly keptWikis: readonly string[];
  /** Epoch seconds: later minutes are in the future. */
  readonly end: number;
  readonly stopSignal: AbortSignal;
}

/** The series of each wiki. @throws the signal's reason; what gold throws */
export async function readSeries(
  wikis: readonly string[],
  buckets: Buckets,
  { gold, keptWikis, end, stopSignal }: SeriesDeps,
): Promise<WikiColumns[]> {
  const coverage = await gold.coverage(buckets.from);
  const to = Math.min(buckets.to, end);
  const series: WikiColumns[] = [];
  for (const wiki of wikis) {
    const known = coverage
      .filter(range => covers(range, wiki, keptWikis))
      .map(range => secondsOf(range, end));
    const fold = new SeriesFold(buckets, known);
    for (let from = buckets.from; from < to; from += MOST_SECONDS) {
      const until = Math.min(from + MOST_SECONDS, to);
      fold.add(await gold.totals(wiki === ALL_WIKIS ? undefined : wiki, from, until, stopSignal));
    }
    series.push({ wiki, ...fold.columns() });
  }
  return series;
}

/** A range without names is complete for every wiki that is kept. */
function covers({ wikis }: Coverage, wiki: string, keptWikis: readonly string[]): boolean {
  if (wikis !== undefined) return wikis.includes(wiki);
  return wiki === ALL_WIKIS || keptWikis.length === 0 || keptWikis.includes(wiki);
}

function secondsOf({ from, to }: Coverage, end: number): SecondRange {
  return [Date.parse(from) / 1000, Math.min(Date.parse(to) / 1000, end)];
}
