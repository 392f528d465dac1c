/** A simulated quarter: counts of all wikis with their stories, and what the detector finds in them. */
import { ACCOUNT_KINDS } from '../../src/core/usual/anomaly.ts';
import type { Anomaly } from '../../src/core/usual/anomaly.ts';
import type { Window } from '../../src/core/usual/usual.ts';
import { SLOT, countsOf } from './counts.ts';
import { storiesOf } from './stories.ts';
import type { Story } from './stories.ts';
import { quietHoursOf, watch } from './watch.ts';
import { modelsOf } from './wikis.ts';

export interface UniverseSize {
  readonly seed: number;
  readonly wikis: number;
  readonly weeks: number;
}

export interface QuietHours {
  /** Undefined: all wikis together. */
  readonly wiki: string | undefined;
  /** First epoch seconds. */
  readonly hours: readonly number[];
}

export interface Found extends Window {
  readonly size: UniverseSize;
  readonly stories: readonly Story[];
  readonly anomalies: readonly Anomaly[];
  readonly quiet: readonly QuietHours[];
}

const WEEK = 7 * 86_400;
/** A Monday; the clocks change in the eighth week. */
const FROM = Date.UTC(2026, 8, 7) / 1000;
/** Weeks before the first look: eight, and one that may lack the hour before. */
const HISTORY_WEEKS = 9;

/** @param onWiki after each wiki */
export function observe(size: UniverseSize, onWiki: (done: number) => void = () => undefined): Found {
  const { seed, wikis, weeks } = size;
  const range = { from: FROM, to: FROM + weeks * WEEK };
  const begin = FROM - HISTORY_WEEKS * WEEK;
  const models = modelsOf(seed, wikis);
  const stories = storiesOf(seed, models, range);
  const anomalies: Anomaly[] = [];
  const quiet: QuietHours[] = [];
  const all = new Uint32Array((range.to - begin) / SLOT);
  for (const [index, wiki] of models.entries()) {
    for (const account of ACCOUNT_KINDS) {
      const counts = countsOf(seed, wiki, account, stories, { begin, ...range });
      anomalies.push(...watch({ wiki: wiki.db, account }, counts, begin, range));
      // Bots pause, people do not: silence is judged by what people edit.
      if (account === 'bot') continue;
      for (const [slot, count] of counts.entries()) all[slot] = (all[slot] ?? 0) + count;
      quiet.push({ wiki: wiki.db, hours: quietHoursOf(counts, begin, range) });
    }
    onWiki(index + 1);
  }
  quiet.push({ wiki: undefined, hours: quietHoursOf(all, begin, range) });
  return { ...range, size, stories, anomalies, quiet };
}
