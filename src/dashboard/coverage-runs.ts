/** ⑧ What is known of the range, as adjoining runs under the axis. Pure. */
import type { Standing } from './knowledge.ts';
import type { Model } from './model.ts';

export interface Run {
  readonly kind: Standing['kind'];
  /** Epoch seconds, `to` excluded. */
  readonly from: number;
  readonly to: number;
}

/** Ascending and within the axis; what has not begun is in none. */
export function coverageRuns({ series, data, span }: Pick<Model, 'series' | 'data' | 'span'>): Run[] {
  const runs: Run[] = [];
  const start = series.standing.length - data.x.length;
  for (const [at, x] of data.x.entries()) {
    const kind = series.standing[start + at]?.kind;
    if (kind === undefined) continue;
    const [from, to] = [Math.max(x, span.from), Math.min(x + series.stepSec, span.to)];
    const last = runs.at(-1);
    if (last?.kind === kind) runs[runs.length - 1] = { ...last, to };
    else runs.push({ kind, from, to });
  }
  return runs;
}
