/**
 * One file of a wiki's history dumps into bronze. The file is not sorted, so that its hours are collected on disk and
 * written at its end; an attempt that dies begins the file anew and writes the same parts.
 */
import { Context } from '@temporalio/activity';
import { backfillPartKey, windowOf } from '../contracts/storage/object-keys.ts';
import { isoMs } from '../core/time.ts';
import { readHistory } from '../source/history-dump/read-history.ts';
import { coversToMs, fileUrl, filesCovering, listFiles, spanOf } from '../source/history-dump/snapshots.ts';
import { putBackfillPart } from './parts.ts';
import { HourSpill } from './hour-spill.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { StepResult } from '../contracts/temporal/backfill-steps.ts';
import { toFailure } from '../activities/failure.ts';
import type { Note } from '../activities/heartbeat.ts';

export interface DumpFileInput {
  readonly wiki: string;
  /** Month of the dumps, `2026-10`. */
  readonly snapshot: string;
  /** ISO 8601, [from, to) of all files together. */
  readonly from: string;
  readonly to: string;
  /** Number of the file among those that cover the range; absent: the first. */
  readonly position?: unknown;
}

export interface DumpFileDeps {
  readonly store: ObjectStore;
  readonly editTypes: ReadonlySet<string>;
  readonly dumps: { readonly url: string; readonly userAgent: string };
}

/** Rows between two heartbeats' worth of news. */
const NEWS_ROWS = 50_000;

/** Reads one file into bronze. @throws ApplicationFailure as `toFailure` makes it */
export async function fetchDumpFile(
  { wiki, snapshot, from, to, position }: DumpFileInput,
  { store, editTypes, dumps }: DumpFileDeps,
  note: Note,
): Promise<StepResult> {
  const { cancellationSignal: signal } = Context.current();
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const spill = await HourSpill.open();
  try {
    const listed = await listFiles({ ...dumps, signal }, snapshot, wiki);
    const files = filesCovering(listed, snapshot, fromMs, toMs);
    const at = typeof position === 'number' ? position : 0;
    const file = files[at];
    const nothing = { hours: [], rows: 0, known: 0, unusable: 0, bytes: 0, requests: 1 };
    if (file === undefined) return { ...nothing, at: to };
    let simulated = false;
    const url = fileUrl(dumps.url, file);
    const history = readHistory({
      url,
      userAgent: dumps.userAgent,
      fromMs,
      toMs: Math.min(toMs, coversToMs(snapshot)),
      signal,
      onOpen: info => void (simulated = info.simulated),
    });
    for await (const { hour, line, type } of history) {
      await spill.add(hour, line, editTypes.has(type));
      if (history.counts.kept % NEWS_ROWS === 0) note({ file: file.name, ...history.counts });
    }
    const origin = { url, simulated, source: 'dump' as const };
    const { hours } = spill;
    for (const hour of hours) {
      signal.throwIfAborted();
      const key = backfillPartKey(hour, { source: 'dump', wiki, window: windowOf(hour, fromMs, toMs) });
      await putBackfillPart(store, key, await spill.finish(hour), origin, { signal });
    }
    const { kept, unusable, compressedBytes } = history.counts;
    const next = files[at + 1];
    return {
      at: next === undefined ? to : isoMs(spanOf(next.period).startMs),
      ...(next !== undefined && { position: at + 1 }),
      hours,
      rows: kept,
      known: 0,
      unusable: Object.values(unusable).reduce((sum, count) => sum + count, 0),
      bytes: compressedBytes,
      requests: 2,
    };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw toFailure(error);
  } finally {
    await spill.close();
  }
}
