/** ⑧ Sums minutes up to buckets, so that the end of a long range is of the same minutes as the figures. Pure. */
import type { Standing } from './knowledge.ts';
import type { Series, Values } from './series.ts';

/** Worst first. The worst minute decides; one that is being counted makes the bucket one that is. */
const WORST: readonly Standing['kind'][] = ['counting', 'unread', 'gap', 'pending', 'provisional', 'full'];

/** The buckets of a step that begin with the first minute. The last one may have fewer minutes than the others. */
export function foldMinutes(minutes: Series, stepSec: number): Series {
  const size = stepSec / 60;
  const starts = Array.from({ length: Math.ceil(minutes.total.length / size) }, (_, at) => at * size);
  const each = (fold: (known: readonly number[]) => number, values: Readonly<Values>): Values =>
    starts.map(start => {
      const known = values.slice(start, start + size).filter(value => value !== null);
      return known.length === 0 ? null : fold(known);
    });
  const sum = (known: readonly number[]): number => known.reduce((all, value) => all + value, 0);
  return {
    first: minutes.first,
    stepSec,
    total: each(sum, minutes.total),
    human: each(sum, minutes.human),
    bot: each(sum, minutes.bot),
    min: each(known => Math.min(...known), minutes.min),
    max: each(known => Math.max(...known), minutes.max),
    known: starts.map(start => sum(minutes.known.slice(start, start + size))),
    standing: starts.map(start => worstOf(minutes.standing.slice(start, start + size))),
  };
}

/** Two series that adjoin. */
export function joinSeries(before: Series, after: Series): Series {
  return {
    first: before.first,
    stepSec: before.stepSec,
    total: [...before.total, ...after.total],
    human: [...before.human, ...after.human],
    bot: [...before.bot, ...after.bot],
    min: [...before.min, ...after.min],
    max: [...before.max, ...after.max],
    known: [...before.known, ...after.known],
    standing: [...before.standing, ...after.standing],
  };
}

function worstOf(standings: readonly Standing[]): Standing {
  const kind = WORST.find(worst => standings.some(standing => standing.kind === worst));
  return standings.find(standing => standing.kind === kind) ?? { kind: 'full' };
}
