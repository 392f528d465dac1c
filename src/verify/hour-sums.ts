/**
 * Compares the sums of an hour, which charts by the hour and the day are drawn from, with its rows. Pure. Sums up in a way of
 * its own, on purpose: a bug in src/gold must not hide in the check.
 */
import type { MinuteRow } from '../core/minute-counts.ts';
import type { HourTotals } from '../core/series.ts';
import type { Hour } from '../core/time.ts';
import type { HourSnapshot, HourSums } from '../gold/snapshot.ts';
import { errorOf } from './findings.ts';
import type { Finding } from './findings.ts';
import { rebuildAdvice } from './hour-rows.ts';

/** Wikis that a finding names. */
const NAMED = 5;

/** No finding where there are no sums: then minutes are read. */
export function sumsFindings(hour: Hour, { rows, sums }: Pick<HourSnapshot, 'rows' | 'sums'>): Finding[] {
  if (sums === undefined) return [];
  const byWiki = new Map<string, MinuteRow[]>([...sums.wikis.keys()].map(wiki => [wiki, []]));
  for (const row of rows) {
    const ofWiki = byWiki.get(row.wiki);
    if (ofWiki === undefined) byWiki.set(row.wiki, [row]);
    else ofWiki.push(row);
  }
  const differences = [
    allSumsDifference(rows, sums.all),
    ...[...byWiki].map(([wiki, ofWiki]) => differenceOf(wiki, ofWiki, sums.wikis.get(wiki))),
  ].filter(difference => difference !== undefined);
  if (differences.length === 0) return [];
  const more = differences.length > NAMED ? `; and ${differences.length - NAMED} more` : '';
  const message = `${hour}: what it is rolled up to is not what its rows add up to: ${differences.slice(0, NAMED).join('; ')}${more}`;
  const advice = `${rebuildAdvice(hour)} Where bronze has expired and gold is in Postgres, instead: delete from gold.rolled_hours where hour = '${hour}:00Z'; a worker sums it up again within ten minutes.`;
  return [errorOf(['sums', 'roll_up_differs'], hour, message, advice)];
}

/** How the sums of all wikis together differ from the rows; undefined when they do not. */
export function allSumsDifference(rows: readonly MinuteRow[], sums: HourSums['all']): string | undefined {
  return differenceOf('all wikis together', rows, sums);
}

function differenceOf(
  who: string,
  rows: readonly MinuteRow[],
  found: HourSums['all'] | undefined,
): string | undefined {
  const expected = described(sumsOf(rows));
  const given = found === undefined ? 'no sums' : described(found);
  return expected === given ? undefined : `${who}: expected ${expected}, found ${given}`;
}

function sumsOf(rows: readonly MinuteRow[]): Omit<HourTotals, 'hour'> {
  const ofBots = (isBot: boolean): number =>
    rows.filter(row => row.isBot === isBot).reduce((sum, { edits }) => sum + edits, 0);
  const byMinute = new Map<number, number>();
  for (const { minute, edits } of rows) byMinute.set(minute, (byMinute.get(minute) ?? 0) + edits);
  const busy = [...byMinute.values()].sort((a, b) => a - b);
  const bits = (first: number): number =>
    [...byMinute.keys()]
      .map(minute => new Date(minute * 1000).getUTCMinutes() - first)
      .filter(nth => nth >= 0 && nth < 30)
      .reduce((sum, nth) => sum + 2 ** nth, 0);
  return {
    human: ofBots(false),
    bot: ofBots(true),
    bytes: rows.reduce((sum, { bytesChange }) => sum + bytesChange, 0),
    min: busy[0] ?? 0,
    max: busy.at(-1) ?? 0,
    early: bits(0),
    late: bits(30),
  };
}

function described({ human, bot, bytes, min, max, early, late }: Omit<HourTotals, 'hour'>): string {
  const minutes = `${early.toString(16)} ${late.toString(16)}`;
  return `${human} human and ${bot} bot edits, ${bytes} bytes, ${min} to ${max} a minute, in minutes ${minutes}`;
}
