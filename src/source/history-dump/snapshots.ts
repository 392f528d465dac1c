/**
 * Finds the dumps that exist: a folder per monthly snapshot, in it one per wiki, in it a file per month, per year, or one
 * for all time, depending on the wiki's size. Each snapshot is a full rebuild whose rows can differ from those of the
 * previous one (renames, deletions), so files of two snapshots are never mixed.
 */
import { isWikiName } from '../../core/wiki-name.ts';
import { unreachable } from '../source-failure.ts';
import { Connection } from './connection.ts';
import type { ConnectionRequest } from './connection.ts';

export interface DumpFile {
  /** `2026-08.enwiki.2026-07.tsv.bz2` */
  readonly name: string;
  /** `YYYY-MM` */
  readonly snapshot: string;
  readonly wiki: string;
  /** `YYYY-MM`, `YYYY` or `all-time`: the UTC time of the edits in it. */
  readonly period: string;
  /** Size, if the listing has it exactly. */
  readonly bytes?: number;
}

/** A listing has at most a line per month, about 30 kB. */
const MAX_LISTING = 8 << 20;
/** Every repetition has a limit: without one, a listing that leaves its lines open takes minutes to search. */
const SNAPSHOT = /href="(?:[^"]{0,500}\/)?(\d{4}-(?:0[1-9]|1[0-2]))\/"/g;

/** The snapshots that a listing links to, oldest first. */
export function snapshotsIn(html: string): string[] {
  const found = Array.from(html.matchAll(SNAPSHOT), match => match[1] ?? '');
  return [...new Set(found)].sort();
}

/** The files of this wiki and snapshot that a listing links to, oldest first. */
export function filesIn(html: string, snapshot: string, wiki: string): DumpFile[] {
  const period = String.raw`\d{4}-(?:0[1-9]|1[0-2])|\d{4}|all-time`;
  const name = String.raw`${snapshot}\.${wiki}\.(${period})\.tsv\.bz2`;
  // After the link: date, time and size, which is in bytes or abbreviated (`515M`).
  const size = String.raw`(?:[^<]{0,500}<\/a>\s{1,200}\S{1,50} \S{1,50}\s{1,200}(\d{1,15})\s)?`;
  const link = new RegExp(String.raw`href="(?:[^"]{0,500}\/)?${name}"(?:>${size})?`, 'g');
  const files = new Map<string, DumpFile>();
  for (const [, period = '', bytes] of `${html}\n`.matchAll(link)) {
    files.set(period, {
      name: `${snapshot}.${wiki}.${period}.tsv.bz2`,
      snapshot,
      wiki,
      period,
      ...(bytes === undefined ? {} : { bytes: Number(bytes) }),
    });
  }
  return [...files.values()].sort((a, b) => (a.period < b.period ? -1 : 1));
}

/** End of what a snapshot covers, epoch ms. It has an incomplete start of the next month too, which is not used. */
export function coversToMs(snapshot: string): number {
  return startOfMonth(snapshot, 1);
}

/**
 * The files of one snapshot that can have edits of [fromMs, toMs), oldest first. Files of a year and of all time
 * include the incomplete month: read them to `coversToMs` at most.
 */
export function filesCovering(
  files: readonly DumpFile[],
  snapshot: string,
  fromMs: number,
  toMs: number,
): DumpFile[] {
  const endMs = Math.min(toMs, coversToMs(snapshot));
  return files.filter(file => {
    if (file.snapshot !== snapshot) return false;
    const { startMs, afterMs } = spanOf(file.period);
    return fromMs < endMs && startMs < endMs && afterMs > fromMs;
  });
}

/**
 * The snapshots that exist, oldest first.
 * @throws PipelineError `source_unreachable` (trying again may help), `source_refused`, `dump_missing`.
 */
export async function listSnapshots(request: ConnectionRequest): Promise<string[]> {
  return snapshotsIn(await readListing({ ...request, url: folder(request.url) }));
}

/**
 * The files of a wiki in a snapshot, oldest first.
 * @param request Its `url` is the folder with the snapshots.
 * @throws PipelineError `dump_missing` when the snapshot or the wiki in it does not exist; as `listSnapshots`.
 */
export async function listFiles(
  request: ConnectionRequest,
  snapshot: string,
  wiki: string,
): Promise<DumpFile[]> {
  // The name becomes part of a URL and of a regular expression.
  if (!isWikiName(wiki)) throw new RangeError(`not the name of a wiki: ${wiki}`);
  const url = `${folder(request.url)}${snapshot}/${wiki}/`;
  return filesIn(await readListing({ ...request, url }), snapshot, wiki);
}

/** URL of a file. @param url the folder with the snapshots */
export function fileUrl(url: string, { snapshot, wiki, name }: DumpFile): string {
  return `${folder(url)}${snapshot}/${wiki}/${name}`;
}

async function readListing(request: ConnectionRequest): Promise<string> {
  const connection = await Connection.open(request);
  const decoder = new TextDecoder();
  let html = '';
  try {
    for (;;) {
      const chunk = await connection.read();
      if (chunk === undefined) return html;
      html += decoder.decode(chunk, { stream: true });
      if (html.length > MAX_LISTING)
        throw unreachable(request.url, `is not a listing: it has more than ${MAX_LISTING >> 20} MiB`);
    }
  } finally {
    connection.close();
  }
}

function folder(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}

/** The time of the edits in a file of this period: [startMs, afterMs), epoch ms. */
export function spanOf(period: string): { startMs: number; afterMs: number } {
  if (period === 'all-time') return { startMs: -Infinity, afterMs: Infinity };
  const [first, months] = period.length === 4 ? [`${period}-01`, 12] : [period, 1];
  return { startMs: startOfMonth(first, 0), afterMs: startOfMonth(first, months) };
}

/** Start of the month that comes `months` after `month` (`YYYY-MM`), epoch ms. */
function startOfMonth(month: string, months: number): number {
  return Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)) - 1 + months, 1);
}
