/**
 * ⑧ The older part of a long range, in buckets, from `GET /api/v1/series`. Its end is left to the minutes, which live
 * events replace one by one. No clock of ours decides where that is: the answer says up to where buckets have begun.
 */
import { MAX_BUCKETS, MAX_COVERAGE_MINUTES } from '../contracts/limits.ts';
import { STEP_SECONDS } from '../core/steps.ts';
import { isoSeconds, secondOf } from '../core/time.ts';
import { loadCoverage, loadSeries } from './api-client.ts';
import type { RangeQuery, SeriesAnswer } from './api-client.ts';
import type { Standing } from './knowledge.ts';
import { rangeAsked } from './range.ts';
import type { Series } from './series.ts';
import { standingOf } from './standing-of.ts';

export interface Buckets {
  /** Up to where the minutes begin. */
  readonly series: Series;
  /** The minutes behind them, as the API writes times. */
  readonly rest: { readonly from: string; readonly to: string };
}

/** The figures of the last hour need that many minutes, wherever the last bucket begins. */
const LEAST_MINUTES = 90;
/** Of minutes the API sends as many as of other buckets. */
const MOST_MINUTES = MAX_BUCKETS - 1_440;
const WEEK_SEC = MAX_COVERAGE_MINUTES * 60;
/** Questions about weeks, at once. */
const AT_ONCE = 4;

/** Undefined where the chart shows minutes. */
export async function loadBuckets(query: RangeQuery, signal: AbortSignal): Promise<Buckets | undefined> {
  const { wiki, step } = query;
  if (step === '1m') return undefined;
  const answer = await loadSeries(rangeAsked(query), step, signal);
  const stepSec = STEP_SECONDS[step];
  const [first, to] = [secondOf(answer.from), secondOf(answer.to)];
  const known = answer.wikis[0]?.known ?? [];
  // After an outage of hours, the figures are of the hour before it.
  const newest =
    first +
    Math.max(
      known.findLastIndex(minutes => minutes > 0),
      0,
    ) *
      stepSec;
  const tail = Math.max(newest - LEAST_MINUTES * 60, to - MOST_MINUTES * 60);
  const count = Math.max(Math.floor((tail - first) / stepSec), 0);
  const unread = await reasonsOf(wiki, unreadWeeks(answer, count, first), signal);
  return {
    series: seriesOf(answer, count, unread),
    rest: { from: isoSeconds(first + count * stepSec), to: isoSeconds(to) },
  };
}

function seriesOf(answer: SeriesAnswer, count: number, unread: readonly Unread[]): Series {
  const [first, { stepSec }] = [secondOf(answer.from), answer];
  const complete = answer.completeThrough === null ? -Infinity : secondOf(answer.completeThrough);
  const { human, bot, min, max, known, state } = answer.wikis[0] ?? NOTHING;
  const standing = Array.from(state.slice(0, count), (letter, at): Standing => {
    const from = first + at * stepSec;
    if (letter === 'p' && from + stepSec <= complete) return { kind: 'full' };
    return letter === 'u'
      ? standingIn(unread, from, from + stepSec)
      : LETTERS[letter as 'f' | 'p' | 'n' | 'g'];
  });
  return {
    first,
    stepSec,
    human: human.slice(0, count),
    bot: bot.slice(0, count),
    total: human.slice(0, count).map((edits, at) => (edits === null ? null : edits + (bot[at] ?? 0))),
    min: min.slice(0, count),
    max: max.slice(0, count),
    known: known.slice(0, count),
    standing,
  };
}

const NOTHING = { human: [], bot: [], min: [], max: [], known: [], state: '' };

const LETTERS: Readonly<Record<'f' | 'p' | 'n' | 'g', Standing>> = {
  f: { kind: 'full' },
  p: { kind: 'provisional' },
  n: { kind: 'pending' },
  g: { kind: 'gap' },
};

interface Unread {
  readonly from: number;
  readonly to: number;
  readonly standing: Standing;
}

/** Why a bucket was not read: the first reason within it. */
function standingIn(unread: readonly Unread[], from: number, to: number): Standing {
  const found = unread.find(segment => segment.from < to && segment.to > from);
  return found?.standing ?? { kind: 'unread', why: 'never' };
}

/** Series do not say why something was not read, so coverage is asked of the weeks that have such a bucket. */
function unreadWeeks({ wikis, stepSec }: SeriesAnswer, count: number, first: number) {
  const weeks = new Set<number>();
  const state = wikis[0]?.state ?? '';
  for (let at = 0; at < count; at += 1) {
    if (state[at] === 'u') weeks.add(Math.floor((first + at * stepSec) / WEEK_SEC));
  }
  const end = first + count * stepSec;
  return [...weeks].map(week => ({
    from: Math.max(week * WEEK_SEC, first),
    to: Math.min((week + 1) * WEEK_SEC, end),
  }));
}

/** Without an answer, a bucket is drawn as one that nobody read, which it is. */
async function reasonsOf(
  wiki: string,
  weeks: readonly { readonly from: number; readonly to: number }[],
  signal: AbortSignal,
): Promise<Unread[]> {
  const unread: Unread[] = [];
  for (let at = 0; at < weeks.length; at += AT_ONCE) {
    const answers = await Promise.all(
      weeks
        .slice(at, at + AT_ONCE)
        .map(({ from, to }) =>
          loadCoverage({ wiki, from: isoSeconds(from), to: isoSeconds(to) }, signal).catch(() => undefined),
        ),
    );
    signal.throwIfAborted();
    for (const segment of answers.flatMap(answer => answer?.segments ?? [])) {
      if (segment.state !== 'unread') continue;
      unread.push({ from: secondOf(segment.from), to: secondOf(segment.to), standing: standingOf(segment) });
    }
  }
  return unread;
}
