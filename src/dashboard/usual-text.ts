/** ⑧ How counts compare with what is usual, in words. Pure. */
import { formatAverage, formatShare } from './format.ts';
import type { Zone } from './ticks.ts';
import { offsetAt } from './ticks.ts';
import type { Comparison } from './usual.ts';

/** From twice the usual on, a factor is easier to grasp than a percentage. */
const LEAST_FACTOR = 2;
const LEAST_DIFFERENCE = 0.005;

/** `8% above usual`, `12% below usual`, `3.2 times the usual`, `as usual`. */
export function comparisonText({ edits, usual }: Comparison, ofWhat = ''): string {
  if (usual <= 0) return edits === 0 ? `as usual${ofWhat}` : `more than usual${ofWhat}`;
  const difference = edits / usual - 1;
  if (edits / usual >= LEAST_FACTOR) return `${formatAverage(edits / usual)} times the usual${ofWhat}`;
  if (Math.abs(difference) < LEAST_DIFFERENCE) return `as usual${ofWhat}`;
  return `${formatShare(Math.abs(difference), 1)} ${difference > 0 ? 'above' : 'below'} usual${ofWhat}`;
}

/** `+8%`, `−12%`; `×3.2` from twice the usual on. */
export function differenceText({ edits, usual }: Comparison): string {
  if (usual <= 0) return edits === 0 ? '±0%' : '+';
  if (edits / usual >= LEAST_FACTOR) return `×${formatAverage(edits / usual)}`;
  const difference = edits / usual - 1;
  if (Math.abs(difference) < LEAST_DIFFERENCE) return '±0%';
  return `${difference > 0 ? '+' : '−'}${formatShare(Math.abs(difference), 1)}`;
}

/** ` for a Thursday at 13:00 UTC`: the hour that contains a second. */
export function hourOfWeekText(second: number, zone: Zone): string {
  const shown = new Date((Math.floor(second / 3_600) * 3_600 + offsetAt(second, zone)) * 1000);
  const day = shown.toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' });
  return ` for a ${day} at ${shown.toISOString().slice(11, 16)}${zone === 'utc' ? ' UTC' : ''}`;
}
