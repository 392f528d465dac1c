/** Numbers, times and names as people read them. Pure, but for the reader's time zone. */

const whole = new Intl.NumberFormat('en');
const tenth = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat('en', { notation: 'compact' });
const share = new Intl.NumberFormat('en', { style: 'percent' });

/** `12,345`. */
export function formatCount(count: number): string {
  return whole.format(count);
}

/** `12.3`: an average always with its decimal, so that it does not jump in width. */
export function formatAverage(average: number): string {
  return tenth.format(average);
}

/** `12K`, for the axis. */
export function formatCompact(count: number): string {
  return compact.format(count);
}

/** `25%`; undefined when there is nothing to take a part of. */
export function formatShare(part: number, of: number): string | undefined {
  return of === 0 ? undefined : share.format(part / of);
}

/** `10:05 UTC`. */
export function formatUtc(minute: number): string {
  return `${new Date(minute * 1000).toISOString().slice(11, 16)} UTC`;
}

/** `Fri 20 Nov, 10:05 UTC`. */
export function formatUtcDate(minute: number): string {
  return `${dayOf(minute, 'UTC')}, ${formatUtc(minute)}`;
}

/** `Fri 20 Nov, 10:05 to 11:20 UTC`; a single minute as itself. `to` is the first minute after. */
export function formatStretch(from: number, to: number): string {
  if (to - from <= 60) return formatUtcDate(from);
  const sameDay = dayOf(from, 'UTC') === dayOf(to, 'UTC');
  return sameDay
    ? `${formatUtcDate(from).replace(' UTC', '')} to ${formatUtc(to)}`
    : `${formatUtcDate(from)} to ${formatUtcDate(to)}`;
}

/** `11:05 local`, with the day where it is another than in UTC; `timeZone` is the reader's unless given. */
export function formatLocal(minute: number, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const time = new Date(minute * 1000).toLocaleTimeString('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    ...zone,
  });
  const day = dayOf(minute, timeZone);
  return day === dayOf(minute, 'UTC') ? `${time} local` : `${day}, ${time} local`;
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

/** `3 hours`, `7 days`, `95 minutes`: a range in the largest unit that it is a whole number of. */
export function formatRange(minutes: number): string {
  if (minutes % 1_440 === 0 && minutes > 1_440) return `${formatCount(minutes / 1_440)} days`;
  if (minutes % 60 === 0) return minutes === 60 ? 'hour' : `${formatCount(minutes / 60)} hours`;
  return minutes === 1 ? 'minute' : `${formatCount(minutes)} minutes`;
}
