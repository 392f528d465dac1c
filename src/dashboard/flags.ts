/** ⑧ Where the flags of unusual ranges are on the chart. Pure. */
import { secondOf } from '../core/time.ts';
import type { Anomaly } from './insight-client.ts';
import type { Span } from './series.ts';

/** Those that would cover each other share a flag. */
export interface Flag {
  /** By start. */
  readonly anomalies: readonly [Anomaly, ...Anomaly[]];
  /** From 0 to 1 of the axis. */
  readonly at: number;
}

/** @param apart flags are at least so far from each other, from 0 to 1 of the axis */
export function flagsOf(anomalies: readonly Anomaly[], { from, to }: Span, apart: number): Flag[] {
  const flags: Flag[] = [];
  const byStart = anomalies.toSorted((a, b) => secondOf(a.from) - secondOf(b.from));
  for (const anomaly of byStart) {
    const end = anomaly.to === null ? Infinity : secondOf(anomaly.to);
    if (end <= from || secondOf(anomaly.from) >= to) continue;
    // What began before the chart has its flag at the edge.
    const at = Math.max((secondOf(anomaly.from) - from) / (to - from), 0);
    const last = flags.at(-1);
    if (last !== undefined && at - last.at < apart) {
      flags[flags.length - 1] = { ...last, anomalies: [...last.anomalies, anomaly] };
    } else flags.push({ anomalies: [anomaly], at });
  }
  return flags;
}

/** What a flag is about, [from, to) in epoch seconds, as far as it is counted. */
export function spanOfFlag({ anomalies }: Flag): Span {
  return {
    from: Math.min(...anomalies.map(({ from }) => secondOf(from))),
    to: Math.max(...anomalies.map(({ to, countedTo }) => secondOf(to ?? countedTo))),
  };
}

/** `H`, `B`, or how many there are. */
export function flagMark({ anomalies }: Flag): string {
  if (anomalies.length > 1) return String(anomalies.length);
  return anomalies[0].account === 'human' ? 'H' : 'B';
}
