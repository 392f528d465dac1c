/**
 * UTC minutes, hours and days of event time. An hour is named `2026-11-20T10` everywhere: in workflow ids, inputs and
 * the log. A minute is named by its first epoch second.
 */
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Wikipedia's first day: no edit is older. */
export const FIRST_DAY_MS = Date.UTC(2001, 0, 15);

/** An hour partition in UTC: `YYYY-MM-DDTHH`. */
export type Hour = string;

const HOUR = /^(\d{4})-(\d{2})-(\d{2})T(\d{2})$/;
const ISO_WITH_ZONE = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** The hour of an epoch second. */
export function hourOf(epochSeconds: number): Hour {
  return new Date(epochSeconds * 1000).toISOString().slice(0, 13);
}

/** First millisecond of an hour; undefined when the text does not name an hour that exists. */
export function hourStartMs(hour: string): number | undefined {
  if (!HOUR.test(hour)) return undefined;
  const startMs = Date.parse(`${hour}:00:00Z`);
  // Date.parse reads 2026-02-30 as a day in March.
  return Number.isFinite(startMs) && new Date(startMs).toISOString().startsWith(hour) ? startMs : undefined;
}

/** First millisecond of the hour of an instant. */
export function floorHourMs(ms: number): number {
  return Math.floor(ms / HOUR_MS) * HOUR_MS;
}

/** The next full hour; the instant itself when it is one. */
export function ceilHourMs(ms: number): number {
  return Math.ceil(ms / HOUR_MS) * HOUR_MS;
}

/** The hours that begin in [fromMs, toMs), epoch ms. */
export function hoursBetween(fromMs: number, toMs: number): Hour[] {
  const hours: Hour[] = [];
  for (let ms = ceilHourMs(fromMs); ms < toMs; ms += HOUR_MS) hours.push(hourOf(ms / 1000));
  return hours;
}

/** First epoch second of the minute of an epoch second. */
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

/** Epoch seconds of a time in ISO 8601. */
export function secondOf(instant: string): number {
  return Date.parse(instant) / 1000;
}

/** Epoch ms of a time in any form that a `Date` reads; undefined for anything else. */
export function instantOf(text: unknown): number | undefined {
  const ms = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isFinite(ms) ? ms : undefined;
}

/** Whether a text is a time in ISO 8601, of a day that exists, with a zone: without one each machine would read its own. */
export function isInstant(text: string): boolean {
  const [, day] = ISO_WITH_ZONE.exec(text) ?? [];
  return day !== undefined && isDay(day) && Number.isFinite(Date.parse(text));
}

/** Whether a text is a day that exists: `2026-11-20`. */
export function isDay(text: string): boolean {
  return hourStartMs(`${text}T00`) !== undefined;
}
