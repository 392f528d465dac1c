/** How many times the usual edits wikis have, in that part of a window of which everything is known. */
import { containSpan } from '../core/coverage/spans.ts';
import { mapBounded } from '../core/map-bounded.ts';
import { HOUR_SECONDS } from '../core/series.ts';
import { minuteOf } from '../core/time.ts';
import { expectedCount } from '../core/usual/expectation.ts';
import type { GoldReader } from '../gold/gold-store.ts';
import { knownFromStream, readStreamKnown, readToOf } from '../gold/stream-hours.ts';
import type { UsualOfWikis } from '../gold/usual-of-wikis.ts';

const PARALLEL_READS = 8;
/** Further wikis of a list have none: each needs three months of its past. */
const MOST_WIKIS = 100;
/** With fewer, one edit is many times the usual. */
const LEAST_EXPECTED = 5;

interface Deps {
  readonly gold: Pick<GoldReader, 'activity' | 'reads' | 'coverage' | 'gaps'>;
  readonly usual: Pick<UsualOfWikis, 'of'>;
}

/** Factors by wiki, of those of which enough is known. @param window epoch seconds; it ends now. @throws what gold throws */
export async function wikiFactors(
  wikis: readonly string[],
  window: readonly [from: number, to: number],
  { gold, usual }: Deps,
): Promise<ReadonlyMap<string, number>> {
  const [from, now] = window;
  const known = await readStreamKnown([from - HOUR_SECONDS, now], gold);
  // The newest minutes are counted before all of them is known, and would look quiet.
  const to = minuteOf(Math.min(now, readToOf(known)));
  if (to <= from) return new Map();
  const activity = new Map((await gold.activity(from, to)).map(one => [one.wiki, one]));
  const span = { fromMs: from * 1000, toMs: to * 1000 };
  const asked = wikis.slice(0, MOST_WIKIS).filter(wiki => containSpan(knownFromStream(wiki, known), span));
  const found = await mapBounded(asked, PARALLEL_READS, async wiki => {
    const { human, bot } = await usual.of(wiki, now);
    const expected = [human, bot].map(one => expectedCount(one, { from, to }));
    const mean = expected.reduce((sum, one) => (one.kind === 'expected' ? sum + one.mean : Number.NaN), 0);
    const counted = activity.get(wiki);
    const edits = counted === undefined ? 0 : counted.human + counted.bot;
    return mean >= LEAST_EXPECTED ? ([wiki, edits / mean] as const) : undefined;
  });
  return new Map(found.filter(one => one !== undefined));
}
