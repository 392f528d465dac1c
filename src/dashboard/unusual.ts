/** ⑧ What is unusual now, over all wikis, as the rows of a list. Pure. */
import { secondOf } from '../core/time.ts';
import type { Anomaly } from './insight-client.ts';
import type { View } from './url-state.ts';

export interface UnusualRow {
  /** The one with the highest factor. */
  readonly anomaly: Anomaly;
  /** Other wikis of the same event. */
  readonly others: readonly string[];
}

/** A row an event: what lasts comes first, then by how unusual it is. */
export function unusualRows(anomalies: readonly Anomaly[]): UnusualRow[] {
  const events = new Map<string, Anomaly[]>();
  for (const anomaly of anomalies) events.set(anomaly.event, [...(events.get(anomaly.event) ?? []), anomaly]);
  const rows = [...events.values()].flatMap((ofEvent): UnusualRow[] => {
    const [first, ...rest] = ofEvent.toSorted(mostUnusual);
    if (first === undefined) return [];
    const others = new Set(rest.map(({ wiki }) => wiki).filter(wiki => wiki !== first.wiki));
    return [{ anomaly: first, others: [...others] }];
  });
  return rows.toSorted((a, b) => mostUnusual(a.anomaly, b.anomaly));
}

function mostUnusual(a: Anomaly, b: Anomaly): number {
  return Number(a.to !== null) - Number(b.to !== null) || b.factor - a.factor;
}

/** Minutes before and after, so that the rise can be seen. */
const AROUND = 60;
const LIVE_RANGES = [60, 180, 1_440];

/** The view of its wiki at that time: live while it lasts. */
export function viewOf(
  { wiki, from, to, countedTo }: Anomaly,
  nowSec: number,
): Pick<View, 'wiki' | 'minutes' | 'end' | 'selected'> {
  const [start, end] = [secondOf(from), secondOf(to ?? countedTo)];
  const selected = { from: start, to: end };
  const back = (nowSec - start) / 60 + AROUND / 2;
  const live = LIVE_RANGES.find(minutes => minutes >= back);
  if (to === null && live !== undefined) return { wiki, minutes: live, end: undefined, selected };
  const last = Math.min(end + AROUND * 60, Math.ceil(nowSec / 60) * 60);
  return { wiki, minutes: Math.round((last - start) / 60) + AROUND, end: last, selected };
}
