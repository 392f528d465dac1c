/** Which buckets a question for a series asks for, or what is wrong with it. */
import { isInstant, minuteOf } from '../core/time.ts';
import { MAX_BUCKETS } from '../contracts/limits.ts';
import { instant } from '../contracts/kinds.ts';
import { AUTO_BUCKETS, autoStep, bucketsOf, finestStep } from '../core/steps.ts';
import type { Buckets, Step } from '../core/steps.ts';
import { WrongParameters } from './plugins/parameters.ts';
import { endOfMinute, firstMinute } from './range.ts';
import type { SeriesQuery } from './schemas/series.ts';

type RangeQuery = Pick<SeriesQuery, 'from' | 'to' | 'minutes' | 'step'>;

/** Buckets that have not begun are left out. @throws WrongParameters */
export function bucketsAsked(query: RangeQuery, nowMs: number): Buckets {
  const [from, wantedTo] = rangeOf(query, nowMs);
  const to = Math.max(from, Math.min(wantedTo, endOfMinute(nowMs)));
  return bucketsOf(from, to, stepOf(from, to, query.step ?? 'auto'));
}

function rangeOf({ from, to, minutes }: RangeQuery, nowMs: number): readonly [from: number, to: number] {
  if (from === undefined && to === undefined) return [firstMinute(nowMs, minutes), endOfMinute(nowMs)];
  if (minutes !== undefined)
    throw wrong('minutes', String(minutes), 'either minutes or from and to', 'minutes=180');
  const start = secondOf('from', from);
  const end = secondOf('to', to);
  if (start >= end) throw wrong('to', to ?? null, `a time after from, ${from}`, EXAMPLES.to);
  return [start, end];
}

const EXAMPLES = { from: 'from=2026-11-20T10:00:00Z', to: 'to=2026-11-20T12:00:00Z' };

/** Whole minutes: no bucket is shorter. */
function secondOf(name: 'from' | 'to', text: string | undefined): number {
  if (text === undefined || !isInstant(text))
    throw wrong(name, text ?? null, `${instant.expected}; from and to belong together`, EXAMPLES[name]);
  const seconds = Date.parse(text) / 1000;
  return name === 'from' ? minuteOf(seconds) : -minuteOf(-seconds);
}

/** The step, if it does not make too many buckets; otherwise the problem names one that does not. */
function stepOf(from: number, to: number, asked: Step | 'auto'): Step {
  const step = asked === 'auto' ? autoStep(from, to) : asked;
  if (step !== undefined && bucketsOf(from, to, step).count <= MAX_BUCKETS) return step;
  const instead = finestStep(from, to, MAX_BUCKETS);
  if (instead === undefined)
    throw wrong('from', null, `at most ${MAX_BUCKETS} days before to`, EXAMPLES.from);
  const most = asked === 'auto' ? AUTO_BUCKETS : MAX_BUCKETS;
  const expected = `a step of at most ${most} buckets in this range, such as ${instead}`;
  throw wrong('step', asked, expected, `step=${instead}`);
}

function wrong(parameter: string, got: string | null, expected: string, example: string): WrongParameters {
  return new WrongParameters([{ parameter, got, expected, example }]);
}
