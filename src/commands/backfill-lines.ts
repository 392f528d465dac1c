/** How a backfill is told of on a terminal: a bar while it runs, a summary at its end. Pure. */
import type { BackfillProgress, BackfillReport } from '../workflows/backfill-report.ts';

const BAR = 20;
const count = new Intl.NumberFormat('en');

/** `[█████···············] 25 % · 12 of 48 hours · 104,200 rows (9,800 a minute) · done about 10:42 UTC`. */
export function describeProgress(progress: BackfillProgress): string {
  const { done, total, rows, rate, eta, rebuilt, toRebuild, state } = progress;
  const share = total === 0 ? 0 : Math.min(1, done / total);
  const full = Math.floor(share * BAR);
  const parts = [
    `[${'█'.repeat(full)}${'·'.repeat(BAR - full)}] ${Math.floor(share * 100)} %`,
    `${done} of ${total} hours`,
    `${count.format(rows)} rows (${count.format(rate)} a minute)`,
    `${rebuilt.hours} hours rebuilt${toRebuild > 0 ? `, ${toRebuild} to come` : ''}`,
    ...(eta === undefined || share === 1 ? [] : [`done about ${eta.slice(11, 16)} UTC`]),
    ...(progress.troubled.length > 0 ? [`${progress.troubled.length} windows to be tried again`] : []),
    ...(progress.failed.length > 0 ? [`${progress.failed.length} failed`] : []),
    ...(state === 'paused' ? ['paused'] : []),
  ];
  return parts.join(' · ');
}

/** What came of it, a line a source. */
export function describeReport(report: BackfillReport): string {
  const { rebuilt, rows, stretches, missing, perSource } = report;
  return [
    `done: ${count.format(rows)} rows, ${rebuilt.hours} hours rebuilt, ${count.format(rebuilt.changedRows)} rows of gold changed`,
    ...stretches.map(({ source, from, to }) => `${source.padEnd(7)} ${from} to ${to}`),
    ...Object.entries(perSource).map(([source, { requests, leastRequests, bytes, known, unusable }]) =>
      [
        `${source.padEnd(7)} ${count.format(requests)} requests`,
        ...(source === 'api' ? [`(${count.format(leastRequests)} is the least)`] : []),
        `${describeSize(bytes)}, ${count.format(known)} known before, ${count.format(unusable)} unusable`,
      ].join(' '),
    ),
    ...(stretches.some(({ source }) => source === 'dump')
      ? ['In what came from dumps “bot” means that the account is a bot’s, not that the change was marked.']
      : []),
    ...missing.map(
      ({ from, to, wiki, why }) => `not to be had: ${wiki ?? 'all wikis'} ${from} to ${to}: ${why}`,
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
