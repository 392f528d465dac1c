/** ⑧ The range that is shown, and the length of its buckets. Pure. */
import { MAX_MINUTES } from '../contracts/limits.ts';
import { STEPS, STEP_SECONDS } from '../core/steps.ts';
import type { Step } from '../core/steps.ts';
import { isoSeconds, minuteOf } from '../core/time.ts';
import { minutesToAsk } from './api-client.ts';
import type { Asked, RangeQuery } from './api-client.ts';

/** Up to five buckets for four pixels: then a day has minutes on a desktop, and a phone has a bucket for each pixel. */
const BUCKETS_A_PIXEL = 1.25;
/** The API sends 5,000 buckets at most. */
const MOST_BUCKETS = 4_500;
/** As on a phone, before the width is known or where there is next to none. */
const LEAST_PX = 280;

/** The finest step whose buckets can be told apart on a chart of this width. */
export function stepFor(minutes: number, widthPx: number): Step {
  const most = Math.min(Math.max(widthPx, LEAST_PX) * BUCKETS_A_PIXEL, MOST_BUCKETS);
  return STEPS.find(step => (minutes * 60) / STEP_SECONDS[step] <= most) ?? '1d';
}

interface RangeOfWiki {
  readonly wiki: string;
  readonly minutes: number;
  readonly end?: number | undefined;
}

/** The range of a query, as the API is asked for it. */
export function rangeAsked({ wiki, minutes, end }: RangeOfWiki): Asked {
  if (end === undefined) return { wiki, minutes };
  return { wiki, from: isoSeconds(end - minutes * 60), to: isoSeconds(end) };
}

/** What a view asks for. @param nowMs decides how far back a frozen range lies */
export function rangeOf(
  wiki: string,
  { minutes, end }: { readonly minutes: number; readonly end: number | undefined },
  widthPx: number,
  nowMs: number,
): RangeQuery {
  const step = stepFor(minutes, widthPx);
  if (end === undefined) return { wiki, minutes, step, within: minutesToAsk(minutes) };
  const age = Math.max(minuteOf(nowMs / 1000) - end, 0) / 60;
  return { wiki, minutes, end, step, within: Math.min(minutesToAsk(minutes) + age + 1, MAX_MINUTES) };
}
