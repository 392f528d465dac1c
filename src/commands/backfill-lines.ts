/** A backfill in words for a terminal: a progress bar while it runs, a summary at its end. Pure. */
import { isoMs } from '../core/time.ts';
import { counted } from '../dead-letters/show.ts';
import type { AnsweredProgress } from '../temporal/backfill-progress.ts';
import type { BackfillReport, RunningWindow } from '../workflows/backfill-report.ts';

const BAR_WIDTH = 20;
/** Windows that a line names. */
const MOST_WINDOWS = 3;
const count = new Intl.NumberFormat('en');

/** `[█████···············] 25% · 12 of 48 hours · ETA 10:42 UTC · 104,200 rows (9,800 per minute)`: what matters most first. */
export function describeProgress(progress: AnsweredProgress): string {
  const { done, total, rows, rate, eta, rebuilt, toRebuild, state, running = [] } = progress;
  const share = total === 0 ? 0 : Math.min(1, done / total);
  const full = Math.floor(share * BAR_WIDTH);
  const parts = [
    `[${'█'.repeat(full)}${'·'.repeat(BAR_WIDTH - full)}] ${Math.floor(share * 100)}%`,
    `${done} of ${total} hours`,
    ...(state === 'paused' ? ['paused'] : []),
    ...(eta === undefined || share === 1 ? [] : [`ETA ${eta.slice(11, 16)} UTC`]),
    ...(progress.failed.length > 0 ? [`${progress.failed.length} failed`] : []),
    ...(progress.troubled.length > 0 ? [`${counted(progress.troubled.length, 'window')} to retry`] : []),
    `${count.format(rows)} rows (${count.format(rate)} per minute)`,
    `${counted(rebuilt.hours, 'hour')} rebuilt${toRebuild > 0 ? `, ${toRebuild} to go` : ''}`,
    ...running.slice(0, MOST_WINDOWS).map(describeWindow),
    ...(running.length > MOST_WINDOWS ? [`${running.length - MOST_WINDOWS} more windows`] : []),
  ];
  return parts.join(' · ');
}

/** `stream at 2026-11-20T08:10Z`; the lines of a dump come in any order, so it is a share: `dump enwiki 36% of …`. */
function describeWindow({ source, wiki, from, to, share = 0 }: RunningWindow): string {
  const name = wiki === undefined ? source : `${source} ${wiki}`;
  if (source === 'dump') return `${name} ${Math.floor(share * 100)}% of ${minuteOf(from)} to ${minuteOf(to)}`;
  const atMs = Date.parse(from) + share * (Date.parse(to) - Date.parse(from));
  return `${name} at ${minuteOf(isoMs(atMs))}`;
}

function minuteOf(iso: string): string {
  return `${iso.slice(0, 16)}Z`;
}

/** A line cut to less than the width of a terminal, in columns; a terminal that does not tell has 80. */
export function fittedTo(columns: number | undefined, line: string): string {
  const room = Math.max(10, (columns ?? 80) - 1);
  return line.length <= room ? line : `${line.slice(0, room - 1)}…`;
}

/** The totals, then a line for each range, source and unavailable range. */
export function describeReport(report: BackfillReport): string {
  const { rebuilt, rows, stretches, missing, perSource } = report;
  return [
    `done: ${count.format(rows)} rows read, ${counted(rebuilt.hours, 'hour')} rebuilt, ${count.format(rebuilt.changedRows)} gold rows changed`,
    ...stretches.map(({ source, from, to }) => `${source.padEnd(7)} ${from} to ${to}`),
    ...Object.entries(perSource).map(([source, { requests, leastRequests, bytes, known, unusable }]) =>
      [
        `${source.padEnd(7)} ${count.format(requests)} requests`,
        ...(source === 'api' ? [`(minimum ${count.format(leastRequests)})`] : []),
        `${describeSize(bytes)}, ${count.format(known)} already known, ${count.format(unusable)} unusable`,
      ].join(' '),
    ),
    ...(stretches.some(({ source }) => source === 'dump')
      ? [
          'For hours filled from dumps, “bot” means that the account is a bot, not that the edit was marked as one.',
        ]
      : []),
    ...missing.map(
      ({ from, to, wiki, why }) => `unavailable: ${wiki ?? 'all wikis'} ${from} to ${to}: ${why}`,
    ),
  ].join('\n');
}

/** `3.2 GB`. */
export function describeSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}
