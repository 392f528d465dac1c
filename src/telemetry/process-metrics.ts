/** What every process of Node can say of itself, under the names that dashboards for Prometheus expect. */
import type { Metrics } from './metrics.ts';

export function addProcessMetrics(metrics: Metrics, role: string, version: string): void {
  const startSec = Math.round(Date.now() / 1000 - process.uptime());
  const gauge = (name: string, help: string, value: () => number): void =>
    metrics.read('gauge', name, help, () => [{ value: value() }]);
  metrics.read('gauge', 'wikigauge_build_info', 'Version of this process; always 1.', () => [
    { labels: { role, version }, value: 1 },
  ]);
  metrics.read('counter', 'process_cpu_seconds_total', 'CPU time, user and system.', () => {
    const { user, system } = process.cpuUsage();
    return [{ value: (user + system) / 1e6 }];
  });
  gauge('process_start_time_seconds', 'When the process started, seconds since 1970.', () => startSec);
  gauge('process_resident_memory_bytes', 'Memory of the process.', () => process.memoryUsage.rss());
  gauge('nodejs_heap_size_used_bytes', 'Used heap of JavaScript.', () => process.memoryUsage().heapUsed);
}
