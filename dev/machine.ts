/** The machine of a measurement, in words. */
import { availableParallelism, cpus, totalmem } from 'node:os';

export function machine(): string {
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${availableParallelism()} cores (${model}), ${gigabytes} GB of memory, Node ${process.versions.node}`;
}
