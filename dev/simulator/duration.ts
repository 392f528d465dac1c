/**
 * Durations as text: `500ms`, `20s`, `15m`, `2h`, `7d`.
 */

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** @returns milliseconds, > 0, or undefined when it is not a duration */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim());
  const ms = Number(match?.[1]) * (UNITS[match?.[2] ?? ''] ?? NaN);
  return ms > 0 ? ms : undefined;
}

/** Shortest exact form: 90000 is `90s`, 120000 is `2m`. @param ms > 0 */
export function formatDuration(ms: number): string {
  for (const unit of ['d', 'h', 'm', 's']) {
    const size = UNITS[unit] ?? 1;
    if (ms % size === 0) return `${ms / size}${unit}`;
  }
  return `${ms}ms`;
}
