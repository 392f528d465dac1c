/**
 * ⑨ Paths for uPlot in which each bucket is as wide as it is long. uPlot's own steps end where the last bucket begins, so
 * that one alone would not be seen.
 */
import type uPlot from 'uplot';

/** Wider buckets are bars with a gap between them. */
const BAR_PX = 6;
const BAR_GAP_PX = 1;

export interface StepOptions {
  readonly stepSec: () => number;
  /** Lower edge of a bucket; absent: the axis. */
  readonly floorAt?: (index: number) => number | null | undefined;
  /** Only the top of each bucket, and the steps between them. */
  readonly isOutline?: boolean;
  /** Bars even where buckets are narrow. */
  readonly isBars?: boolean;
  /** No gaps between buckets, however wide they are. */
  readonly isSolid?: boolean;
}

/** Buckets without a value are left out. */
export function stepPaths({
  stepSec,
  floorAt,
  isOutline = false,
  isBars = false,
  isSolid = false,
}: StepOptions): uPlot.Series.PathBuilder {
  return (plot, series) => {
    const values = plot.data[series] ?? [];
    const [xs, step] = [plot.data[0], stepSec()];
    const xOf = (second: number): number => Math.round(plot.valToPos(second, 'x', true));
    const yOf = (value: number): number => plot.valToPos(value, 'y', true);
    const ratio = devicePixelRatio;
    const first = xs[0] ?? 0;
    const isWide = isBars || (!isSolid && xOf(first + step) - xOf(first) >= BAR_PX * ratio);
    const gap = isWide ? BAR_GAP_PX * ratio : 0;
    const [stroke, fill] = [new Path2D(), new Path2D()];
    let before = -2;
    for (let at = 0; at < xs.length; at += 1) {
      const [value, x] = [values[at], xs[at]];
      if (value === null || value === undefined || x === undefined) continue;
      const [left, right, top] = [xOf(x), xOf(x + step), yOf(value)];
      const bottom = yOf(floorAt?.(at) ?? 0);
      const width = Math.max(right - left - gap, ratio);
      fill.rect(left, top, width, Math.max(bottom - top, floorAt === undefined ? 0 : ratio));
      if (isOutline || !isWide) {
        if (before === at - 1) stroke.lineTo(left, top);
        else stroke.moveTo(left, top);
        stroke.lineTo(Math.max(right, left + ratio), top);
      } else stroke.rect(left, top, width, bottom - top);
      before = at;
    }
    return { stroke, fill: isOutline ? null : fill, clip: null, flags: 0 };
  };
}
