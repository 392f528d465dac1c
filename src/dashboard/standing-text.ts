/** What is known of a minute or an area, in words: for the readout, the table, the slider and the note under the chart. Pure. */
import { formatCount, formatDuration, formatInterval, formatUtcDate } from './format.ts';
import { gapText } from './gap-text.ts';
import type { WhyUnread } from './knowledge.ts';
import type { Reading } from './model.ts';
import type { UnreadArea } from './unread.ts';

const WHY: Readonly<Record<WhyUnread, string>> = {
  never: 'nobody read the stream then',
  filter: 'this wiki is left out of what is kept',
  retention: 'deleted at the end of its retention',
  unknown: 'it is not known whether anybody read the stream then',
};

/** Says what is special about a minute; empty when nothing is. */
export function standingText({ standing, why, gap, total }: Reading): string {
  if (gap !== undefined) return gapText(gap);
  switch (standing) {
    case 'full':
      return '';
    case 'provisional':
      return 'provisional';
    case 'pending':
      return 'pending';
    case 'counting':
      return total === undefined ? 'not read yet' : 'still counting';
    case 'gap':
      return total === undefined ? 'no data' : 'incomplete';
    case 'unread':
      if (why === undefined || why === 'unknown') return total === undefined ? 'not known' : '';
      return total === undefined ? `not read (${WHY[why]})` : 'only partly read';
  }
  return standing satisfies never;
}

/** `22 so far, 35 s in`; without the seconds once the minute is over. */
export function soFarText({ minute, total }: Reading, nowMs: number): string {
  const inMs = nowMs - minute * 1000;
  const seconds = inMs >= 0 && inMs < 60_000 ? `, ${formatDuration(inMs)} in` : '';
  return `${formatCount(total ?? 0)} so far${seconds}`;
}

/** More than this would not fit on a short line. */
const MAX_LISTED = 3;

/** Where nobody looked, and why; undefined where somebody did. */
export function unreadSummary(areas: readonly UnreadArea[]): string | undefined {
  const unread = areas.filter(({ kind }) => kind === 'unread');
  const [first, last] = [unread[0], unread.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  if (unread.length > MAX_LISTED) {
    const between = `between ${formatUtcDate(first.from)} and ${formatUtcDate(last.to)}`;
    return `Not read: ${formatCount(unread.length)} parts ${between}.`;
  }
  const each = unread.map(
    ({ from, to, why }) => `${formatInterval(from, to)} (${why.map(reason => WHY[reason]).join(', ')})`,
  );
  return `Not read: ${each.join('; ')}.`;
}
