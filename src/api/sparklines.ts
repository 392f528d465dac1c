/** The last minutes of the first wikis of a list, for a small line beside each. */
import { MAX_SPARKLINES } from '../contracts/limits.ts';
import { STATE_LETTERS } from '../core/coverage/standing.ts';
import { bucketsOf } from '../core/steps.ts';
import { endOfMinute, firstMinute } from './range.ts';
import { readSeries } from './read-series.ts';
import type { SeriesDeps } from './read-series.ts';
import type { WikiColumns } from './series-text.ts';

/** States of minutes that were read to their end: others have a part of their edits at most, which would look like a fall. */
const WHOLE: ReadonlySet<string> = new Set([
  STATE_LETTERS.final,
  STATE_LETTERS.provisional,
  STATE_LETTERS.pending,
]);

/**
 * Edits of the last minutes by wiki, null where a minute was not read to its end; of the first `MAX_SPARKLINES` wikis.
 * @throws the signal's reason; what gold throws
 */
export async function readSparklines(
  wikis: readonly string[],
  minutes: number,
  deps: Omit<SeriesDeps, 'end'>,
): Promise<ReadonlyMap<string, (number | null)[]>> {
  const end = endOfMinute(deps.nowMs);
  const buckets = bucketsOf(firstMinute(deps.nowMs, minutes), end, '1m');
  const series = await readSeries(wikis.slice(0, MAX_SPARKLINES), buckets, { ...deps, end });
  return new Map(series.wikis.map(columns => [columns.wiki, totalsOf(columns)]));
}

function totalsOf({ human, bot, state }: WikiColumns): (number | null)[] {
  return human.map((people, at) => (WHOLE.has(state[at] ?? '') ? (people ?? 0) + (bot[at] ?? 0) : null));
}
