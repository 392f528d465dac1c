/**
 * ⑧ The answer about a range, with its end replaced by what was told of the newest minutes since: so chart, figures and
 * table come from one list of minutes at each instant. Pure.
 */
import { isoSeconds, minuteOf, secondOf } from '../core/time.ts';
import { standingsOf } from './knowledge.ts';
import type { Segment, Standing } from './knowledge.ts';
import { HELD_MS, countsOf, totalOf, windowStart } from './live-minutes.ts';
import type { HeldMinute, Live } from './live-minutes.ts';
import type { MinuteRow, Minutes } from './load-minutes.ts';

/** Times are epoch ms by the clock of the server. */
export interface Answered {
  readonly value: Minutes;
  readonly atMs: number;
}

export interface Told {
  readonly live: Live;
  /** When the last event came, if the page does not listen at the moment; undefined while it does. */
  readonly endedMs: number | undefined;
}

export interface Shown {
  readonly value: Minutes;
  readonly nowSec: number;
}

/** What is known of one minute. */
interface Known {
  readonly row: MinuteRow | undefined;
  readonly standing: Standing;
}

const NOT_KNOWN: Standing = { kind: 'unread', why: 'unknown' };

/** @param nowMs by the clock that `hear` was given */
export function withLive(base: Answered, told: Told | undefined, nowMs: number): Shown {
  const nowSec = base.atMs / 1000;
  const alone: Shown = { value: base.value, nowSec };
  // What the polled answers lack stays as long as the API itself would keep it.
  if (told === undefined || base.atMs > (told.endedMs ?? Infinity) + HELD_MS) return alone;
  const { live, endedMs } = told;
  const minutes = usedMinutes(base, live);
  const [firstTs, lastTs] = [minutes[0]?.ts, minutes.at(-1)?.ts];
  if (firstTs === undefined || lastTs === undefined) return alone;
  const [first, last] = [secondOf(firstTs), secondOf(lastTs)];
  // After a night asleep, what lies between them is being asked for; until then the page stays as it was.
  if (first > nowSec + 60) return alone;
  const { rows, knowledge } = base.value;
  const standings = standingsOf(knowledge, first, last);
  const rowOf = new Map(rows.filter(({ ts }) => ts >= firstTs).map(row => [row.ts, row]));
  const isNewer = base.atMs > (endedMs ?? Infinity);
  const end = minutes.map((minute, at) => {
    const known = { row: rowOf.get(minute.ts), standing: standings[at] ?? NOT_KNOWN };
    return isNewer ? keptOf(minute, known, live, nowMs) : toldOf(minute, known, live, nowMs);
  });
  return {
    value: {
      ...base.value,
      rows: [
        ...rows.filter(({ ts }) => ts < firstTs),
        ...end.flatMap(({ row }) => row ?? []),
        ...rows.filter(({ ts }) => ts > lastTs),
      ],
      knowledge:
        knowledge.kind === 'unavailable'
          ? knowledge
          : {
              kind: 'known',
              segments: spliced(knowledge.kind === 'known' ? knowledge.segments : [], first, end),
            },
    },
    nowSec: isNewer ? nowSec : Math.max(nowSec, last),
  };
}

/** Of earlier minutes than the last hour, an answer that came later knows more. */
function usedMinutes({ atMs }: Answered, live: Live): HeldMinute[] {
  if (live.minutes.size === 0) return [];
  const [start, answered] = [windowStart(live), isoSeconds(minuteOf(atMs / 1000) - 3_540)];
  return [...live.minutes.values()].filter(({ ts }) => ts >= start || ts >= answered);
}

/** While the page listens: what was told, unless the API has not looked yet and the answer knows more. */
function toldOf(minute: HeldMinute, known: Known, live: Live, nowMs: number): Known {
  const { human, bot } = countsOf(minute, nowMs);
  const isCountKnown = human !== null && bot !== null;
  const row = isCountKnown ? { ts: minute.ts, total: human + bot, human, bot } : known.row;
  if (minute.state === 'g') return { row, standing: { kind: 'gap' } };
  return { row, standing: isCountKnown ? standingOf(minute, known.standing, live) : known.standing };
}

function standingOf({ ts, state }: HeldMinute, known: Standing, live: Live): Standing {
  const end = isoSeconds(secondOf(ts) + 60);
  const isOpen = known.kind === 'counting' || (known.kind === 'unread' && known.why === 'unknown');
  switch (state) {
    case 'f':
      return { kind: 'full' };
    case 'p':
      return { kind: end <= live.completeThrough || known.kind === 'full' ? 'full' : 'provisional' };
    case 'n':
      return isOpen ? { kind: end <= live.readTo ? 'pending' : 'counting' } : known;
    case 'g':
      return { kind: 'gap' };
    case 'u':
      return known;
  }
  return state satisfies never;
}

/** While the page polls again: the newer answer, but numbers do not fall because what it comes from is slower. */
function keptOf(minute: HeldMinute, known: Known, live: Live, nowMs: number): Known {
  const told = toldOf(minute, known, live, nowMs);
  const isMore =
    told.row !== undefined && totalOf(told.row) > (known.row === undefined ? -1 : totalOf(known.row));
  return {
    row: isMore ? told.row : known.row,
    standing: known.standing.kind === 'counting' ? told.standing : known.standing,
  };
}

/** Replaces the segments from a minute on, a minute each. */
function spliced(segments: readonly Segment[], first: number, minutes: readonly Known[]): Segment[] {
  const end = first + minutes.length * 60;
  const before = segments.map(segment => ({ ...segment, to: Math.min(segment.to, first) }));
  const after = segments.map(segment => ({ ...segment, from: Math.max(segment.from, end) }));
  const between = minutes.map(({ standing }, at) => ({
    from: first + at * 60,
    to: first + at * 60 + 60,
    standing,
  }));
  return [...before, ...between, ...after].filter(({ from, to }) => from < to);
}
