/**
 * Which dumps there are: a folder per monthly snapshot, in it one per wiki, in it a file per month, per year, or one
 * for all time, as the wiki's size has it. Each snapshot is a full rebuild, and its rows can differ from those of the
 * last one (renames, deletions), so that files of two snapshots are never mixed.
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
  /** Size, when the listing shows it exactly. */
  readonly bytes?: number;
}

/** A listing has a line per month at most: some 30 kB. */
const MAX_LISTING = 8 << 20;
const SNAPSHOT = /href="(?:[^"]*\/)?(\d{4}-(?:0[1-9]|1[0-2]))\/"/g;

/** The snapshots that a listing links to, the oldest first. */
export function snapshotsIn(html: string): string[] {
  const found = Array.from(html.matchAll(SNAPSHOT), match => match[1] ?? '');
  return [...new Set(found)].sort();
}

/** The files of a wiki in a snapshot that a listing links to, in order of time; all others are left out. */
export function filesIn(html: string, snapshot: string, wiki: string): DumpFile[] {
  const period = String.raw`\d{4}-(?:0[1-9]|1[0-2])|\d{4}|all-time`;
  const name = String.raw`${snapshot}\.${wiki}\.(${period})\.tsv\.bz2`;
  // After the link: a date, a time and the size, in bytes or shortened (`515M`).
  const size = String.raw`(?:[^<]*<\/a>\s+\S+ \S+\s+(\d+)\s)?`;
  const link = new RegExp(String.raw`href="(?:[^"]*\/)?${name}"(?:>${size})?`, 'g');
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

/** First instant that a snapshot does not cover, epoch ms: of the month after it, there are only cut-off beginnings. */
export function coversToMs(snapshot: string): number {
  return monthsOn(snapshot, 1);
}

/**
 * The files of one snapshot that can hold edits of [fromMs, toMs), in order of time. Files of a year and of all time
 * hold the cut-off month too: read them to `coversToMs` at most.
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
 * The snapshots there are, the oldest first.
 * @throws PipelineError `source_unreachable` (later may work), `source_refused`, `dump_missing`.
 */
export async function listSnapshots(request: ConnectionRequest): Promise<string[]> {
  return snapshotsIn(await readListing({ ...request, url: folder(request.url) }));
}

/**
 * The files of a wiki in a snapshot, in order of time.
 * @param request Its `url` is that of the folder with the snapshots.
 * @throws PipelineError `dump_missing` when the snapshot or the wiki in it does not exist; as `listSnapshots`.
 */
export async function listFiles(
  request: ConnectionRequest,
  snapshot: string,
  wiki: string,
): Promise<DumpFile[]> {
  // It becomes a part of an address and of a pattern.
  if (!isWikiName(wiki)) throw new RangeError(`${wiki} is no name of a wiki`);
  const url = `${folder(request.url)}${snapshot}/${wiki}/`;
  return filesIn(await readListing({ ...request, url }), snapshot, wiki);
}

/** Address of a file, below that of the folder with the snapshots. */
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
      if (html.length > MAX_LISTING) throw unreachable(request.url, 'is too long for a listing');
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
  return { startMs: monthsOn(first, 0), afterMs: monthsOn(first, months) };
}

/** First instant of the month that comes `months` after a month `YYYY-MM`, epoch ms. */
function monthsOn(month: string, months: number): number {
  return Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)) - 1 + months, 1);
}
