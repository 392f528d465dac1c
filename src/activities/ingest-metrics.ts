/** Metrics of the worker that reads the stream. All others say only that they do not. */
import type { StreamHeartbeat } from '../contracts/temporal/ingest.ts';
import type { Trouble } from '../contracts/temporal/trouble.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** Is told what a reading worker reports of itself, and `undefined` once it reads no more. */
export type ObserveIngest = (status: StreamHeartbeat | undefined) => void;

export function addIngestMetrics(metrics: Metrics): ObserveIngest {
  let latest: StreamHeartbeat | undefined;
  let earlier: readonly Trouble[] = [];
  const failed = metrics.counter(
    'wikigauge_ingest_failed_tries_total',
    'Calls that failed and are tried again, by what they need.',
  );
  const add = (
    type: 'counter' | 'gauge',
    name: string,
    help: string,
    value: (status: StreamHeartbeat) => number | undefined,
  ): void =>
    metrics.read(type, `wikigauge_ingest_${name}`, help, () => {
      const read = latest === undefined ? undefined : value(latest);
      return read === undefined ? [] : [{ value: read }];
    });
  metrics.read('gauge', 'wikigauge_ingest_reading', 'Whether this worker reads the stream.', () => [
    { value: latest === undefined ? 0 : 1 },
  ]);
  add('counter', 'events_total', 'Events committed by the current attempt.', ({ events }) => events);
  add('counter', 'parts_total', 'Parts committed by the current attempt.', ({ parts }) => parts);
  add('counter', 'dead_letters_total', 'Unusable events of the current attempt.', one => one.deadLetters);
  add('counter', 'duplicates_total', 'Events that were already stored.', ({ duplicates }) => duplicates);
  add('counter', 'connections_total', 'Connections to the stream.', ({ connections }) => connections);
  add('gauge', 'buffered_events', 'Events that wait for the next flush.', ({ buffered }) => buffered);
  add('gauge', 'acknowledged_sequence', 'Last commit that the workflow knows.', one => one.acknowledged);
  add(
    'gauge',
    'newest_timestamp_seconds',
    'When the newest committed event was sent; subtract it from time() for the lag.',
    ({ newest }) => (newest === undefined ? undefined : Date.parse(newest) / 1000),
  );
  metrics.read('gauge', 'wikigauge_ingest_trouble_since_seconds', 'Since when something does not work.', () =>
    (latest?.troubles ?? []).map(({ kind, since }) => ({
      labels: { kind },
      value: Date.parse(since) / 1000,
    })),
  );
  return status => {
    const troubles = status?.troubles ?? [];
    for (const { kind, since, tries } of troubles) {
      const known = earlier.find(other => other.kind === kind && other.since === since);
      failed.add({ kind }, Math.max(0, tries - (known?.tries ?? 0)));
    }
    earlier = troubles;
    latest = status;
  };
}
