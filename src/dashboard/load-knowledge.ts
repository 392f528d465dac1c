/**
 * ⑧ Learns what is known of the minutes of a wiki from `GET /api/v1/coverage`. No other module of the page knows that it
 * comes from there.
 */
import { MAX_COVERAGE_MINUTES } from '../contracts/limits.ts';
import { isoSeconds } from '../core/time.ts';
import { ApiProblem, loadCoverage, loadCoverageBetween } from './api-client.ts';
import type { Coverage, EditsQuery } from './api-client.ts';
import type { Knowledge, Segment, Standing } from './knowledge.ts';

type Covered = Pick<Coverage, 'completeThrough' | 'segments'>;

/** A slow answer must not keep the counts waiting. */
const LIMIT_MS = 5_000;
const WEEK_SEC = MAX_COVERAGE_MINUTES * 60;
/** An average needs minutes before the range; before a week of minutes it goes without, rather than asking twice. */
const LEAD_MINUTES = 60;
/** Questions about weeks, at once. */
const AT_ONCE = 4;

/** Fails only when `signal` aborts. */
export async function loadKnowledge(query: EditsQuery, signal: AbortSignal): Promise<Knowledge> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  try {
    return knowledgeOf(await coverageOf(query, limited));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ApiProblem && error.status === 404) return { kind: 'no-such-wiki' };
    const message = error instanceof ApiProblem ? error.message : 'the API did not respond in time';
    return { kind: 'unavailable', message };
  }
}

async function coverageOf({ wiki, minutes }: EditsQuery, signal: AbortSignal): Promise<Covered> {
  const newest = await loadCoverage({ wiki, minutes: Math.min(minutes, MAX_COVERAGE_MINUTES) }, signal);
  const older: Covered[] = [];
  if (minutes > MAX_COVERAGE_MINUTES + LEAD_MINUTES) {
    const weeks = weeksBefore(secondOf(newest.from), minutes - MAX_COVERAGE_MINUTES);
    for (let at = 0; at < weeks.length; at += AT_ONCE) {
      const some = weeks.slice(at, at + AT_ONCE);
      older.push(...(await Promise.all(some.map(week => loadCoverageBetween({ wiki, ...week }, signal)))));
    }
  }
  const segments = [...older, newest].flatMap(answer => answer.segments);
  const afterHole = lastHoleEnd(newest.segments);
  if (afterHole === undefined) return { segments, completeThrough: newest.completeThrough };
  // The answer stops at the first hole. What lies after the last one is asked about again, on its own.
  const range = { from: isoSeconds(afterHole), to: newest.to };
  const tail = await loadCoverageBetween({ wiki, ...range }, signal);
  return { segments, completeThrough: tail.completeThrough };
}

/** Ranges of a week, ascending, that end at `end`. */
function weeksBefore(end: number, minutes: number): { from: string; to: string }[] {
  const count = Math.ceil((minutes * 60) / WEEK_SEC);
  return Array.from({ length: count }, (_, back) => {
    const to = end - (count - 1 - back) * WEEK_SEC;
    return { from: isoSeconds(Math.max(to - WEEK_SEC, end - minutes * 60)), to: isoSeconds(to) };
  });
}

/** Where the last minutes begin that adjoin and were read; undefined without a hole before them, or without any. */
function lastHoleEnd(segments: Covered['segments']): number | undefined {
  const isRead = ({ state }: Covered['segments'][number]): boolean => state !== 'unread' && state !== 'gap';
  const last = segments.findLastIndex(isRead);
  const hole = segments.slice(0, Math.max(last, 0)).findLast(segment => !isRead(segment));
  return hole && secondOf(hole.to);
}

/** The answer by the page's standings: the provisional minutes before `completeThrough` are full. */
function knowledgeOf({ segments, completeThrough }: Covered): Knowledge {
  const full = completeThrough === null ? -Infinity : secondOf(completeThrough);
  return {
    kind: 'known',
    segments: segments.flatMap((segment): Segment[] => {
      const [from, to] = [secondOf(segment.from), secondOf(segment.to)];
      const standing = standingOf(segment);
      if (standing.kind !== 'provisional') return [{ from, to, standing }];
      const edge = Math.min(Math.max(full, from), to);
      const split: Segment[] = [
        { from, to: edge, standing: { kind: 'full' } },
        { from: edge, to, standing },
      ];
      return split.filter(part => part.from < part.to);
    }),
  };
}

function standingOf({ state, reason }: Covered['segments'][number]): Standing {
  switch (state) {
    case 'final':
      return { kind: 'full' };
    case 'provisional':
      return { kind: 'provisional' };
    case 'pending':
      return { kind: 'counting' };
    case 'gap':
      return { kind: 'gap' };
    case 'unread':
      if (reason === 'not_yet') return { kind: 'counting' };
      return { kind: 'unread', why: reason === 'filter' || reason === 'retention' ? reason : 'never' };
  }
  return state satisfies never;
}

function secondOf(instant: string): number {
  return Date.parse(instant) / 1000;
}
