/**
 * Stores one file of a wiki's history dumps in bronze. The file is not sorted, so its hours are collected on disk and
 * written once it has been read. An attempt that fails leaves nothing to resume from; the next one writes the same parts.
 */
import type { StreamDefinition } from '../contracts/stream-definition.ts';
import { backfillPartKey, windowOf } from '../contracts/storage/object-keys.ts';
import type { DumpFileInput, StepResult, WindowReading } from '../contracts/temporal/backfill.ts';
import { isoMs } from '../core/time.ts';
import { readHistory } from '../source/history-dump/read-history.ts';
import { coversToMs, fileUrl, filesCovering, listFiles, spanOf } from '../source/history-dump/snapshots.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { SHOW_AFTER_MS } from '../store/persistently.ts';
import { HourSpill } from './hour-spill.ts';
import { putBackfillPart } from './parts.ts';

export interface DumpFileDeps {
  readonly store: ObjectStore;
  readonly definition: Pick<StreamDefinition, 'countedTypes'>;
  readonly dumps: { readonly url: string; readonly userAgent: string };
}

/** How a file is read: until when, and where its progress is noted. */
export interface DumpFileRun {
  readonly signal: AbortSignal;
  readonly note: (progress: unknown) => void;
}

/**
 * Reads one file and stores its hours.
 * @throws PipelineError as `listFiles`, `readHistory` and the store throw it; the signal's reason when it aborts
 */
export async function storeDumpFile(
  { wiki, snapshot, from, to, position }: DumpFileInput,
  { store, definition, dumps }: DumpFileDeps,
  { signal, note }: DumpFileRun,
): Promise<StepResult> {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const spill = await HourSpill.open();
  try {
    const listed = await listFiles({ ...dumps, signal }, snapshot, wiki);
    const files = filesCovering(listed, snapshot, fromMs, toMs);
    const index = typeof position === 'number' ? position : 0;
    const file = files[index];
    if (file === undefined)
      return { at: to, hours: [], rows: 0, known: 0, unusable: 0, bytes: 0, requests: 1 };

    const next = files[index + 1];
    const end = next === undefined ? to : isoMs(spanOf(next.period).startMs);
    const window: Omit<WindowReading, 'done' | 'total'> = {
      source: 'dump',
      wiki,
      from: isoMs(Math.max(fromMs, spanOf(file.period).startMs)),
      to: end,
    };
    let simulated = false;
    let total = file.bytes;
    const url = fileUrl(dumps.url, file);
    const history = readHistory({
      url,
      userAgent: dumps.userAgent,
      fromMs,
      toMs: Math.min(toMs, coversToMs(snapshot)),
      signal,
      // Not for each line: a file of a year can have none in the range for a long time.
      onRead: counts => {
        const reading = total !== undefined && { window: { ...window, done: counts.compressedBytes, total } };
        note({ file: file.name, ...counts, ...reading });
      },
      onOpen: info => {
        simulated = info.simulated;
        total = info.bytes ?? total;
      },
    });
    for await (const { hour, line, type } of history)
      await spill.add(hour, line, definition.countedTypes.has(type));

    const origin = { url, simulated, source: 'dump' as const };
    const { hours } = spill;
    for (const hour of hours) {
      signal.throwIfAborted();
      const key = backfillPartKey(hour, { source: 'dump', wiki, window: windowOf(hour, fromMs, toMs) });
      await putBackfillPart(store, key, await spill.finish(hour), origin, {
        signal,
        giveUpMs: SHOW_AFTER_MS,
      });
    }

    const { kept, unusable, compressedBytes } = history.counts;
    return {
      at: end,
      ...(next !== undefined && { position: index + 1 }),
      hours,
      rows: kept,
      known: 0,
      unusable: Object.values(unusable).reduce((sum, count) => sum + count, 0),
      bytes: compressedBytes,
      requests: 2,
    };
  } finally {
    await spill.close();
  }
}
