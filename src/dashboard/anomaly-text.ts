/** ⑧ What is unusual, in words. Pure. */
import { secondOf } from '../core/time.ts';
import { formatAverage, formatInterval, formatUtcDate } from './format.ts';
import type { Anomaly } from './insight-client.ts';

const WHO: Readonly<Record<Anomaly['account'], string>> = { human: 'people', bot: 'bots' };

/** `6.3 times the usual edits by people`. */
export function factorText({ factor, account }: Pick<Anomaly, 'factor' | 'account'>): string {
  return `${formatAverage(factor)} times the usual edits by ${WHO[account]}`;
}

/** `since Fri 20 Nov, 10:05 UTC`, `Fri 20 Nov, 10:05 to 10:50 UTC`. */
export function spanText({ from, to }: Pick<Anomaly, 'from' | 'to'>): string {
  return to === null
    ? `since ${formatUtcDate(secondOf(from))}`
    : formatInterval(secondOf(from), secondOf(to));
}

/** Why, as the worker has recorded it. */
export function reasonText({ reason }: Pick<Anomaly, 'reason'>): string {
  return reason?.sentence ?? 'No reason was recorded.';
}

/** All of it. */
export function anomalyText(anomaly: Anomaly): string {
  return `Unusual: ${factorText(anomaly)}, ${spanText(anomaly)}. ${reasonText(anomaly)}`;
}
