/** Numbers and times as text. Pure, except for the reader's time zone. */

const whole = new Intl.NumberFormat('en');
const tenth = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat('en', { notation: 'compact' });
const share = new Intl.NumberFormat('en', { style: 'percent' });

/** `12,345`. */
export function formatCount(count: number): string {
  return whole.format(count);
}

/** `12.3`: always with one decimal, so that its width does not jump. */
export function formatAverage(average: number): string {
  return tenth.format(average);
}

/** `12K`, for the axis. */
export function formatCompact(count: number): string {
  return compact.format(count);
}

/** `25%`; undefined when the whole is 0. */
export function formatShare(part: number, of: number): string | undefined {
  return of === 0 ? undefined : share.format(part / of);
}

/** `10:05 UTC`. */
export function formatUtc(minute: number): string {
  return `${utcTime(minute)} UTC`;
}

/** `Fri 20 Nov, 10:05 UTC`. */
export function formatUtcDate(minute: number): string {
  return `${dayOf(minute, 'UTC')}, ${formatUtc(minute)}`;
}

/** `10:05 UTC`; with its day unless that is today. */
export function formatWhen(minute: number, nowSec: number): string {
  return dayOf(minute, 'UTC') === dayOf(nowSec, 'UTC') ? formatUtc(minute) : formatUtcDate(minute);
}

/** `Fri 20 Nov, 10:05 to 11:20 UTC`; a single minute as itself. `to` is the first minute after the interval. */
export function formatInterval(from: number, to: number): string {
  if (to - from <= 60) return formatUtcDate(from);
  const day = dayOf(from, 'UTC');
  return day === dayOf(to, 'UTC')
    ? `${day}, ${utcTime(from)} to ${formatUtc(to)}`
    : `${formatUtcDate(from)} to ${formatUtcDate(to)}`;
}

function utcTime(minute: number): string {
  return new Date(minute * 1000).toISOString().slice(11, 16);
}

/** The same as `formatInterval`, in the reader's zone. */
export function formatLocalInterval(from: number, to: number): string {
  const time = (second: number): string =>
    `${String(new Date(second * 1000).getHours()).padStart(2, '0')}:${String(new Date(second * 1000).getMinutes()).padStart(2, '0')}`;
  const [day, lastDay] = [dayOf(from, undefined), dayOf(to, undefined)];
  if (to - from <= 60) return `${day}, ${time(from)} local`;
  return day === lastDay
    ? `${day}, ${time(from)} to ${time(to)} local`
    : `${day}, ${time(from)} to ${lastDay}, ${time(to)} local`;
}

/** `11:05`, with the day when it differs from the UTC day. `timeZone` defaults to the reader's. */
export function formatLocal(minute: number, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const time = new Date(minute * 1000).toLocaleTimeString('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    ...zone,
  });
  const day = dayOf(minute, timeZone);
  return day === dayOf(minute, 'UTC') ? time : `${day}, ${time}`;
}

function dayOf(minute: number, timeZone: string | undefined): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const options = { weekday: 'short', day: 'numeric', month: 'short', ...zone } as const;
  return new Date(minute * 1000).toLocaleDateString('en-GB', options).replace(',', '');
}

/** `3 s`, `4 min`, `5 h`: a duration, rounded down. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(Math.floor(ms / 1000), 0);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}

/** `last 3 hours`, or `Fri 20 Nov, 10:00 to 12:00 UTC` of a frozen range. */
export function rangeText({
  minutes,
  end,
}: {
  readonly minutes: number;
  readonly end: number | undefined;
}): string {
  return end === undefined ? `last ${formatRange(minutes)}` : formatInterval(end - minutes * 60, end);
}

/** `15 minutes`, `1 hour`, `1 day`: the length of a bucket. */
export function formatLength(minutes: number): string {
  if (minutes === 60) return '1 hour';
  return minutes === 1_440 ? '1 day' : formatRange(minutes);
}

/** `3 hours`, `7 days`, `95 minutes`: a duration in the largest unit that divides it. */
export function formatRange(minutes: number): string {
  if (minutes % 1_440 === 0 && minutes > 1_440) return `${formatCount(minutes / 1_440)} days`;
  if (minutes % 60 === 0) return minutes === 60 ? 'hour' : `${formatCount(minutes / 60)} hours`;
  return minutes === 1 ? 'minute' : `${formatCount(minutes)} minutes`;
}
