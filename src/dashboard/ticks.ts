/** Ticks of the time axis, in UTC, because Wikipedia's day starts at midnight UTC, or in the reader's zone. Pure. */

export type Zone = 'utc' | 'local';

const STEPS_SEC = [
  60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800, 345_600, 604_800,
  1_209_600, 2_592_000, 7_776_000,
];

/** Round instants between `from` and `to`, at most about `most` of them. @param offsetSec of the zone, east of UTC */
export function timeTicks(from: number, to: number, most: number, offsetSec = 0): number[] {
  const longest = STEPS_SEC.at(-1) ?? 1;
  const step = STEPS_SEC.find(seconds => (to - from) / seconds <= Math.max(most, 1)) ?? longest;
  const start = Math.ceil((from + offsetSec) / step) * step - offsetSec;
  const count = Math.max(Math.floor((to - start) / step) + 1, 0);
  return Array.from({ length: count }, (_, at) => start + at * step);
}

/** `10:05`; at midnight the date. The first one has both, because a time alone could be of any day. */
export function tickLabels(ticks: readonly number[], offsetSec = 0): string[] {
  return ticks.map((tick, at) => {
    const shown = tick + offsetSec;
    if (shown % 86_400 === 0) return dateOf(shown);
    const time = new Date(shown * 1000).toISOString().slice(11, 16);
    return at === 0 ? `${time}\n${dateOf(shown)}` : time;
  });
}

/** Seconds east of UTC, in the reader's zone at that time. */
export function offsetAt(epochSeconds: number, zone: Zone): number {
  return zone === 'utc' ? 0 : -new Date(epochSeconds * 1000).getTimezoneOffset() * 60;
}

function dateOf(epochSeconds: number): string {
  const options = { day: 'numeric', month: 'short', timeZone: 'UTC' } as const;
  return new Date(epochSeconds * 1000).toLocaleDateString('en', options);
}
