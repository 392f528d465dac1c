/** The text that Prometheus reads. */
import { describe, expect, test } from 'vitest';
import { addIngestMetrics } from '../../src/activities/ingest-metrics.ts';
import type { StreamHeartbeat } from '../../src/contracts/temporal/ingest.ts';
import { Metrics } from '../../src/telemetry/metrics.ts';
import { addProcessMetrics } from '../../src/telemetry/process-metrics.ts';

test('has a help, a type and a line for each set of labels, with everything escaped', () => {
  const metrics = new Metrics();
  const counter = metrics.counter('a_total', 'One\nor "two" \\.');
  expect(metrics.text()).toBe('');
  counter.add({ path: 'a"b\\c\nd' });
  counter.add({ path: 'a"b\\c\nd' }, 2);
  counter.add({});
  expect(metrics.text()).toBe(
    [
      '# HELP a_total One\\nor "two" \\\\.',
      '# TYPE a_total counter',
      'a_total{path="a\\"b\\\\c\\nd"} 3',
      'a_total 1',
      '',
    ].join('\n'),
  );
});

test('a histogram counts each observation in every bucket that it fits', () => {
  const metrics = new Metrics();
  const seconds = metrics.seconds('b_seconds', 'Time.');
  for (const observed of [0.004, 0.3, 99]) seconds.observe({ route: '/x' }, observed);
  const text = metrics.text();
  expect(text).toContain('b_seconds_bucket{route="/x",le="0.005"} 1\n');
  expect(text).toContain('b_seconds_bucket{route="/x",le="0.25"} 1\n');
  expect(text).toContain('b_seconds_bucket{route="/x",le="0.5"} 2\n');
  expect(text).toContain('b_seconds_bucket{route="/x",le="15"} 2\n');
  expect(text).toContain('b_seconds_bucket{route="/x",le="+Inf"} 3\n');
  expect(text).toContain('b_seconds_count{route="/x"} 3\n');
  expect(text).toMatch(/b_seconds_sum\{route="\/x"\} 99\.30/);
});

test('a process says its version, memory and CPU time', () => {
  const metrics = new Metrics();
  addProcessMetrics(metrics, 'worker', '1.2.3');
  expect(metrics.text()).toContain('wikigauge_build_info{role="worker",version="1.2.3"} 1\n');
  for (const name of ['process_resident_memory_bytes', 'process_cpu_seconds_total'])
    expect(metrics.text()).toMatch(new RegExp(`^${name} \\d`, 'm'));
});

describe('of ingest', () => {
  const STATUS: StreamHeartbeat = {
    acknowledged: 5,
    events: 100,
    parts: 3,
    deadLetters: 1,
    duplicates: 2,
    buffered: 7,
    connections: 1,
    newest: '2026-11-20T10:00:00.000Z',
  };
  const trouble = (since: string, tries: number) => ({
    kind: 'storage' as const,
    what: 'S3 does not answer',
    since,
    tries,
    nextTry: since,
  });

  test('says whether this worker reads, and what it has read', () => {
    const metrics = new Metrics();
    const observe = addIngestMetrics(metrics);
    expect(metrics.text()).toContain('wikigauge_ingest_reading 0\n');
    expect(metrics.text()).not.toContain('wikigauge_ingest_events_total');
    observe(STATUS);
    for (const line of [
      'reading 1',
      'events_total 100',
      'buffered_events 7',
      'newest_timestamp_seconds 1795168800',
    ])
      expect(metrics.text()).toContain(`wikigauge_ingest_${line}\n`);
    observe(undefined);
    expect(metrics.text()).toContain('wikigauge_ingest_reading 0\n');
    expect(metrics.text()).not.toContain('wikigauge_ingest_events_total');
  });

  test('counts failed tries over several troubles', () => {
    const metrics = new Metrics();
    const observe = addIngestMetrics(metrics);
    const [first, second] = ['2026-11-20T10:00:00.000Z', '2026-11-20T11:00:00.000Z'];
    observe({ ...STATUS, troubles: [trouble(first, 2)] });
    observe({ ...STATUS, troubles: [trouble(first, 5)] });
    expect(metrics.text()).toContain('wikigauge_ingest_trouble_since_seconds{kind="storage"} 1795168800\n');
    observe(STATUS);
    expect(metrics.text()).not.toContain('trouble_since');
    observe({ ...STATUS, troubles: [trouble(second, 1)] });
    expect(metrics.text()).toContain('wikigauge_ingest_failed_tries_total{kind="storage"} 6\n');
  });
});
