/**
 * What a benchmark has found.
 *
 * This folder measures how fast the pipeline is. A benchmark is one file that starts what it measures, prints what it does,
 * and returns results; `benchmarks.ts` lists them all.
 */

export interface BenchResult {
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** How many times a baseline it takes, by baseline. */
  readonly ratios: Readonly<Record<string, number>>;
  /** Of the process that is measured. */
  readonly peakMb?: number;
  /** What limits it on this machine. */
  readonly limit: string;
  /** Further figures, by name, with their units. */
  readonly figures?: Readonly<Record<string, string>>;
}

/** @param sorted ascending @param share 0 to 1 */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

export function resultText(result: BenchResult): string {
  const { name, unit, median, low, high, ratios, peakMb, limit, figures = {} } = result;
  const lines = [
    `${name}: ${shown(median)} ${unit} (${shown(low)} to ${shown(high)})`,
    ...Object.entries(figures).map(([what, value]) => `  ${what}: ${value}`),
    ...Object.entries(ratios).map(([baseline, ratio]) => `  ${shown(ratio)} × ${baseline}`),
    ...(peakMb === undefined ? [] : [`  most memory: ${shown(peakMb)} MB`]),
    `  limited by: ${limit}`,
  ];
  return lines.join('\n');
}

function shown(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
