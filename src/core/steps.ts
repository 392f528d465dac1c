/** How a range of time is divided into buckets for a chart. Edges lie on multiples of the step in UTC, whatever was asked. */

/** From fine to coarse. */
export const STEPS = ['1m', '5m', '15m', '1h', '1d'] as const;
export type Step = (typeof STEPS)[number];

/** Most buckets that `auto` gives: about one for each pixel or two of a chart. */
export const AUTO_BUCKETS = 600;

export const STEP_SECONDS: Readonly<Record<Step, number>> = {
  '1m': 60,
  '5m': 300,
  '15m': 900,
  '1h': 3_600,
  '1d': 86_400,
};

/** Whole buckets next to each other. */
export interface Buckets {
  readonly stepSec: number;
  /** First epoch second of the first bucket. */
  readonly from: number;
  /** Epoch second at which the last bucket ends. */
  readonly to: number;
  readonly count: number;
}

/** The whole buckets of a step that contain [from, to), epoch seconds. */
export function bucketsOf(from: number, to: number, step: Step): Buckets {
  const stepSec = STEP_SECONDS[step];
  const first = Math.floor(from / stepSec);
  const end = Math.max(Math.ceil(to / stepSec), first);
  return { stepSec, from: first * stepSec, to: end * stepSec, count: end - first };
}

/** The finest step that divides [from, to) into at most `limit` buckets; undefined if there is none. */
export function finestStep(from: number, to: number, limit: number): Step | undefined {
  return STEPS.find(step => bucketsOf(from, to, step).count <= limit);
}

/** The step that `auto` stands for. Days are the coarsest, so beyond `AUTO_BUCKETS` days there are more buckets. */
export function autoStep(from: number, to: number): Step {
  return finestStep(from, to, AUTO_BUCKETS) ?? '1d';
}
