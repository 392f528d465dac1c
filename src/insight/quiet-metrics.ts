/** When edits were far fewer than usual, for alerts. */
import type { HourExpectation } from '../contracts/storage/hour-expectation.ts';
import { hourStartMs } from '../core/time.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** Is told what is known of the latest hours, as often as they are judged. */
export type ObserveHours = (hours: readonly HourExpectation[]) => void;

export function addQuietMetrics(metrics: Metrics): ObserveHours {
  let latest: readonly HourExpectation[] = [];
  const sample = (of: string, isQuiet: (hour: HourExpectation) => boolean) => {
    const starts = latest.filter(isQuiet).map(({ hour }) => (hourStartMs(hour) ?? 0) / 1000);
    return starts.length === 0 ? [] : [{ labels: { of }, value: Math.max(...starts) }];
  };
  metrics.read(
    'gauge',
    'wikigauge_quiet_hour_start_seconds',
    'When the latest sealed hour began that had far fewer edits than usual; absent when there is none for two days.',
    () => [
      ...sample('all', ({ all }) => all.kind === 'quiet'),
      ...sample('wiki', ({ quiet }) => quiet.length > 0),
    ],
  );
  return hours => {
    latest = hours;
  };
}
