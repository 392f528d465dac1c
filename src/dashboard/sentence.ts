/** ⑧ What is shown, in one sentence. Pure. */
import { formatAverage, formatCount, formatDuration, formatShare, rangeText } from './format.ts';
import type { Model } from './model.ts';
import { totalsOf } from './totals.ts';
import type { View } from './url-state.ts';

/** The newest minutes are always being counted, and are no loss. */
const OPEN_MINUTES = 10;

/** `70.0 edits a minute over the last 3 hours, 12,600 in all; 29% by bots.` */
export function sentenceOf(model: Model, view: Pick<View, 'minutes' | 'end'>): string {
  const { total, bot, known, begun } = totalsOf(model);
  const when = view.end === undefined ? `over the ${rangeText(view)}` : `from ${rangeText(view)}`;
  if (known === 0) return `Nothing is known ${when}.`;
  const bots = formatShare(bot, total);
  return [
    `${formatAverage(total / known)} edits a minute ${when}, ${formatCount(total)} in all`,
    ...(bots === undefined ? [] : [`${bots} by bots`]),
    ...(begun - known > OPEN_MINUTES ? [`${formatDuration((begun - known) * 60_000)} without data`] : []),
  ]
    .join('; ')
    .concat('.');
}
