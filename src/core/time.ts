/**
 * UTC minutes and hours of event time. An hour is named `2026-11-20T10` everywhere: in workflow ids, inputs and
 * the log; a minute is its first epoch second.
 */
export const HOUR_MS = 3_600_000;

/** An hour partition in UTC: `YYYY-MM-DDTHH`. */
export type Hour = string;

const HOUR = /^(\d{4})-(\d{2})-(\d{2})T(\d{2})$/;

/** The hour that an epoch second lies in. */
export function hourOf(epochSeconds: number): Hour {
  return new Date(epochSeconds * 1000).toISOString().slice(0, 13);
}

/** First millisecond of an hour, or undefined when the text is not an hour that exists. */
export function hourStartMs(hour: string): number | undefined {
  if (!HOUR.test(hour)) return undefined;
  const startMs = Date.parse(`${hour}:00:00Z`);
  // Date.parse rolls 2026-02-30 over to March; such an hour does not exist.
  return Number.isFinite(startMs) && new Date(startMs).toISOString().startsWith(hour) ? startMs : undefined;
}

/** First epoch second of the minute that an epoch second lies in. */
export function minuteOf(epochSeconds: number): number {
  return Math.floor(epochSeconds / 60) * 60;
}

/** `2026-11-20T10:05:00Z`: ISO 8601 in whole seconds. */
export function isoSeconds(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** `2026-11-20T10:05:00.250Z` of an epoch millisecond. */
export function isoMs(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
