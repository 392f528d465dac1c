/** ⑧ The longer range around the one that is shown, and what a selection in it means. Pure. */
import type { Step } from '../core/steps.ts';
import type { Asked, RangeQuery, SeriesAnswer } from './api-client.ts';
import { stepFor } from './range.ts';

export interface OverviewQuery {
  readonly asked: Asked & { readonly minutes: number };
  readonly step: Step;
}

/** A day, a week, sixty days. */
const LENGTHS = [1_440, 10_080, 86_400];
const LEAST_PARTS = 6;

/** Undefined where nothing longer is worth showing. */
export function overviewOf(range: RangeQuery | undefined, widthPx: number): OverviewQuery | undefined {
  if (range === undefined) return undefined;
  const { wiki, minutes, within, end } = range;
  const least = Math.max(minutes * LEAST_PARTS, end === undefined ? 0 : within);
  const length = LENGTHS.find(length => length >= least) ?? LENGTHS.at(-1) ?? minutes;
  if (length < minutes || (end !== undefined && length < within)) return undefined;
  return {
    asked: { wiki, minutes: length },
    step: length === 1_440 ? '5m' : stepFor(length, widthPx * 0.85),
  };
}

/** An area of edits a minute, in a box of one bucket by one edit; undefined without any. */
export function overviewPath(
  answer: SeriesAnswer,
): { readonly path: string; readonly most: number } | undefined {
  const [columns] = answer.wikis;
  if (columns === undefined) return undefined;
  const rates = columns.human.map((human, at) => {
    const known = columns.known[at] ?? 0;
    return human === null || known === 0 ? 0 : (human + (columns.bot[at] ?? 0)) / known;
  });
  const most = Math.max(...rates);
  if (!(most > 0)) return undefined;
  const steps = rates.map((rate, at) => `L${at} ${round(most - rate)}H${at + 1}`);
  return { path: `M0 ${round(most)}${steps.join('')}V${round(most)}Z`, most };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** The range between two points from 0 to 1; a click moves the range that is shown. Ranges that reach now are live. */
export function selectedRange(
  points: readonly [number, number],
  whole: { readonly from: number; readonly to: number },
  minutes: number,
): { readonly minutes: number; readonly end: number | undefined } {
  const at = (point: number): number =>
    Math.round((whole.from + Math.min(Math.max(point, 0), 1) * (whole.to - whole.from)) / 60) * 60;
  const [from, to] = points.map(at).sort((a, b) => a - b);
  if (from === undefined || to === undefined) return { minutes, end: undefined };
  const isClick = Math.abs(points[1] - points[0]) < CLICK;
  const length = isClick ? minutes : Math.max((to - from) / 60, LEAST_MINUTES);
  const end = isClick ? from + Math.round(minutes / 2) * 60 : Math.max(to, from + length * 60);
  return { minutes: length, end: end >= whole.to - 60 ? undefined : end };
}

/** Of the width: shorter drags are clicks. */
const CLICK = 0.005;
const LEAST_MINUTES = 5;

/** Half a range earlier or later; one that would reach now is live. */
export function movedRange(
  { minutes, end }: { readonly minutes: number; readonly end: number | undefined },
  nowSec: number,
  direction: -1 | 1,
): { readonly end: number | undefined } {
  const now = Math.ceil(nowSec / 60) * 60;
  const moved = (end ?? now) + direction * Math.max(Math.round(minutes / 2), 1) * 60;
  return { end: moved >= now ? undefined : moved };
}
