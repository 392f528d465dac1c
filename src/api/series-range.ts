/** Which buckets a question for a series asks for, or what is wrong with it. */
import { MAX_BUCKETS } from '../contracts/limits.ts';
import { AUTO_BUCKETS, autoStep, bucketsOf, finestStep } from '../core/steps.ts';
import type { Buckets, Step } from '../core/steps.ts';
import { wrongParameter } from './plugins/parameters.ts';
import { RANGE_EXAMPLES, rangeAsked } from './range.ts';
import type { SeriesQuery } from './schemas/series.ts';

type RangeQuery = Pick<SeriesQuery, 'from' | 'to' | 'minutes' | 'step'>;

/** Buckets that have not begun are left out. @throws WrongParameters */
export function bucketsAsked(query: RangeQuery, nowMs: number): Buckets {
  const [from, to] = rangeAsked(query, nowMs);
  return bucketsOf(from, to, stepOf(from, to, query.step ?? 'auto'));
}

/** The step, if it does not make too many buckets; otherwise the problem names one that does not. */
function stepOf(from: number, to: number, asked: Step | 'auto'): Step {
  const step = asked === 'auto' ? autoStep(from, to) : asked;
  if (step !== undefined && bucketsOf(from, to, step).count <= MAX_BUCKETS) return step;
  const instead = finestStep(from, to, MAX_BUCKETS);
  if (instead === undefined)
    throw wrongParameter('from', null, `at most ${MAX_BUCKETS} days before to`, RANGE_EXAMPLES.from);
  const most = asked === 'auto' ? AUTO_BUCKETS : MAX_BUCKETS;
  const expected = `a step of at most ${most} buckets in this range, such as ${instead}`;
  throw wrongParameter('step', asked, expected, `step=${instead}`);
}
