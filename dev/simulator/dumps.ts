/**
 * The mediawiki_history dumps as files: which exist now, and their content. Guarantee: every request for a file gets
 * the same bytes. A snapshot contains everything up to the end of its month, and the start of the next month, cut off
 * in the middle of a minute.
 */

import { bzip2 } from './bzip2.ts';
import type { ChangeIndex } from './change-index.ts';
import { rowsOf, type DumpColumns } from './dump-rows.ts';
import { hash, keyOf } from './random.ts';
import { WIKIS } from './wikis.ts';

/** Settings of the dumps. */
export interface DumpSettings {
  readonly index: ChangeIndex;
  readonly columns: DumpColumns;
  /** delay between the end of a month and the release of its snapshot, ms */
  readonly delayMs: number;
  /** epoch seconds; nothing earlier exists */
  readonly begin: number;
}

const MONTHLY = ['enwiki', 'wikidatawiki', 'commonswiki'];
const YEARLY = [
  'dewiki',
  'frwiki',
  'eswiki',
  'jawiki',
  'ruwiki',
  'itwiki',
  'ptwiki',
  'zhwiki',
  'plwiki',
  'nlwiki',
];
/** How much of the following month a snapshot contains. ms */
const CUT_AFTER_MS = 97_651_000;
const HOUR = 3600;
/** Bytes of text per bzip2 stream. */
const STREAM_BYTES = 400_000;
const SHUFFLE = keyOf(0, 'dump');

/** Start of the month that is `months` after the month `YYYY-MM`, epoch ms. */
function monthMs(month: string, months = 0): number {
  return Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)) - 1 + months, 1);
}

/** The two snapshots that exist at an instant, oldest first. */
export function snapshotsAt(nowMs: number, { delayMs }: Pick<DumpSettings, 'delayMs'>): string[] {
  const months = [3, 2, 1, 0].map(back => monthOf(monthMs(monthOf(nowMs), -back)));
  return months.filter(month => monthMs(month, 1) + delayMs <= nowMs).slice(-2);
}

/** Names of a wiki's files in a snapshot; undefined when the wiki does not exist. */
export function filesOf(
  snapshot: string,
  db: string,
  { begin }: Pick<DumpSettings, 'begin'>,
): string[] | undefined {
  if (!WIKIS.some(wiki => wiki.db === db)) return undefined;
  return periodsOf(snapshot, db, begin).map(period => `${snapshot}.${db}.${period}.tsv.bz2`);
}

/** The bytes of a file, one bzip2 stream at a time. @param name a name from `filesOf` */
export function* fileBytes(name: string, nowMs: number, settings: DumpSettings): Generator<Buffer> {
  const [snapshot = '', db = '', period = ''] = name.split('.');
  const [fromMs, toMs] = spanOf(period);
  const endMs = Math.min(toMs, monthMs(snapshot, 1) + CUT_AFTER_MS);
  let text = '';
  for (let hour = floorHour(Math.max(fromMs / 1000, settings.begin)); hour * 1000 < endMs; hour += HOUR) {
    const changes = settings.index.hour(hour, nowMs).get(db) ?? [];
    const kept = changes.filter(({ timestamp }) => timestamp * 1000 >= fromMs && timestamp * 1000 < endMs);
    // Rows are not sorted by time: the real dumps do not promise any order.
    const shuffled = [...kept].sort((a, b) => hash(SHUFFLE, a.seq) - hash(SHUFFLE, b.seq));
    for (const change of shuffled) for (const row of rowsOf(change, settings.columns)) text += `${row}\n`;
    if (text.length >= STREAM_BYTES) {
      yield bzip2(Buffer.from(text));
      text = '';
    }
  }
  yield bzip2(Buffer.from(text));
}

function periodsOf(snapshot: string, db: string, begin: number): string[] {
  const lastMs = monthMs(snapshot, 1);
  const first = monthOf(Math.min(begin * 1000, lastMs));
  if (MONTHLY.includes(db)) {
    const periods: string[] = [];
    for (let month = first; monthMs(month) <= lastMs; month = monthOf(monthMs(month, 1))) periods.push(month);
    return periods;
  }
  if (!YEARLY.includes(db)) return ['all-time'];
  const years: string[] = [];
  for (let year = Number(first.slice(0, 4)); year <= new Date(lastMs).getUTCFullYear(); year++)
    years.push(String(year));
  return years;
}

/** [from, to) of a period, epoch ms. */
function spanOf(period: string): [number, number] {
  if (period === 'all-time') return [0, Infinity];
  if (period.length === 4) return [monthMs(`${period}-01`), monthMs(`${period}-01`, 12)];
  return [monthMs(period), monthMs(period, 1)];
}

function monthOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 7);
}

function floorHour(second: number): number {
  return Math.floor(second / HOUR) * HOUR;
}
