/**
 * ① Everything that reads the mediawiki_history dumps: which files exist, their download, bzip2, rows and events. This
 * file connects the steps: download → bzip2 → rows → events. The reader sets the pace, and only the current chunk is in
 * memory. The same file always gives the same lines in the same order.
 */
import { hourOf } from '../../core/time.ts';
import type { Hour } from '../../core/time.ts';
import { bunzip2 } from './bunzip2.ts';
import { columnsFor } from './columns.ts';
import { download } from './download.ts';
import type { DownloadRequest } from './download.ts';
import { countColumns, rowReader } from './history-row.ts';
import type { HistoryEvent, RowReader, UnusableReason } from './history-row.ts';
import { rowsOf } from './rows.ts';

export interface HistoryRequest extends DownloadRequest {
  /** Edits from here, epoch ms. */
  readonly fromMs: number;
  /** Edits before this, epoch ms. At most `coversToMs(snapshot)`, because later edits are incomplete. */
  readonly toMs: number;
  /** Called for each chunk of the file. */
  readonly onRead?: (counts: Readonly<HistoryCounts>) => void;
}

export interface HistoryLine {
  /** UTC hour of the edit. */
  readonly hour: Hour;
  /** JSON text of a `HistoryEvent`, without a newline. */
  readonly line: Buffer;
  readonly type: HistoryEvent['type'];
}

/** Counts of what has been read so far. */
export interface HistoryCounts {
  /** Rows of all kinds. */
  rows: number;
  /** Edits in the range, each of which became a line. */
  kept: number;
  /** Edits whose row was unusable, by reason. */
  readonly unusable: Partial<Record<UnusableReason, number>>;
  compressedBytes: number;
}

export interface HistoryReading extends AsyncIterable<HistoryLine> {
  readonly counts: Readonly<HistoryCounts>;
}

/**
 * Starts to read when the first line is requested. Can be iterated once.
 * @throws PipelineError `dump_unreadable` (damaged, or an unknown layout), `dump_missing`, `source_refused`,
 *   `source_unreachable` (trying again may help); the signal's reason when it aborts.
 */
export function readHistory(request: HistoryRequest): HistoryReading {
  const counts: HistoryCounts = { rows: 0, kept: 0, unusable: {}, compressedBytes: 0 };
  const lines = readLines(request, counts);
  return { counts, [Symbol.asyncIterator]: () => lines };
}

async function* readLines(request: HistoryRequest, counts: HistoryCounts): AsyncGenerator<HistoryLine> {
  const { url, fromMs, toMs } = request;
  let read: RowReader | undefined;
  for await (const rows of rowsOf(bunzip2(counted(request, counts), url), url)) {
    for (const row of rows) {
      counts.rows += 1;
      read ??= rowReader(columnsFor(countColumns(row), url), fromMs, toMs);
      const reading = read(row);
      if (reading.kind === 'other') continue;
      if (reading.kind === 'unusable') {
        counts.unusable[reading.reason] = (counts.unusable[reading.reason] ?? 0) + 1;
        continue;
      }
      counts.kept += 1;
      const { event } = reading;
      const line = Buffer.from(JSON.stringify(event));
      yield { hour: hourOf(event.timestamp), line, type: event.type };
    }
  }
}

async function* counted(request: HistoryRequest, counts: HistoryCounts): AsyncGenerator<Uint8Array> {
  for await (const chunk of download(request)) {
    counts.compressedBytes += chunk.length;
    request.onRead?.(counts);
    yield chunk;
  }
}
