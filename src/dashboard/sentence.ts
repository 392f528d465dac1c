/** ⑧ What is shown, in one sentence. Pure. */
import { formatAverage, formatCount, formatDuration, formatShare, rangeText } from './format.ts';
import type { Model } from './model.ts';
import { totalsOf } from './totals.ts';
import type { View } from './url-state.ts';
import { comparisonOf, usualBetween } from './usual.ts';
import type { Comparison, Usual } from './usual.ts';
import { comparisonText, hourOfWeekText } from './usual-text.ts';
import { readingIn } from './model.ts';

/** The newest minutes are always being counted, and are no loss. */
const OPEN_MINUTES = 10;

export interface WhatIsUsual {
  /** Undefined: not known. */
  readonly usual: Usual | undefined;
  /** Whether to say which hour of the week the last hour is compared with. */
  readonly saysHour: boolean;
}

/** `70.0 edits a minute over the last 3 hours, 12,600 in all; the last hour 8% above usual for a Thursday at 13:00 UTC; 29% by bots.` */
export function sentenceOf(
  model: Model,
  view: Pick<View, 'minutes' | 'end' | 'zone'>,
  whatIsUsual: WhatIsUsual,
): string {
  const { total, bot, known, begun } = totalsOf(model);
  const when = view.end === undefined ? `over the ${rangeText(view)}` : `from ${rangeText(view)}`;
  if (known === 0) return `Nothing is known ${when}.`;
  const bots = formatShare(bot, total);
  const compared =
    view.end === undefined ? lastHour(model, view, whatIsUsual) : wholeRange(model, whatIsUsual);
  return [
    `${formatAverage(total / known)} edits a minute ${when}, ${formatCount(total)} in all`,
    ...(compared === undefined ? [] : [compared]),
    ...(bots === undefined ? [] : [`${bots} by bots`]),
    ...(begun - known > OPEN_MINUTES ? [`${formatDuration((begun - known) * 60_000)} without data`] : []),
  ]
    .join('; ')
    .concat('.');
}

/** An hour with a hole is no hour to compare. */
function lastHour(
  { figures }: Model,
  { minutes, zone }: Pick<View, 'minutes' | 'zone'>,
  { usual, saysHour }: WhatIsUsual,
): string | undefined {
  const hour = figures?.hour;
  if (hour === undefined || hour.unknown > 0) return undefined;
  const expected = usualBetween(usual, hour.from, hour.to);
  if (expected === undefined) return undefined;
  // Most of the hour's minutes are in the clock hour that contains its middle.
  const ofWhat = saysHour ? hourOfWeekText((hour.from + hour.to) / 2, zone) : '';
  const text = comparisonText({ edits: hour.total, usual: expected }, ofWhat);
  return minutes === 60 ? text : `the last hour ${text}`;
}

/** A frozen range as a whole, as far as it is counted. */
function wholeRange(model: Model, { usual }: WhatIsUsual): string | undefined {
  const each = model.data.x.flatMap((start): Comparison[] => {
    const reading = readingIn(model.series, model, start);
    const comparison = reading && comparisonOf(reading, usual);
    return comparison === undefined ? [] : [comparison];
  });
  if (each.length === 0 || each.length < model.data.x.length) return undefined;
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  return comparisonText({
    edits: sum(each.map(({ edits }) => edits)),
    usual: sum(each.map(one => one.usual)),
  });
}
