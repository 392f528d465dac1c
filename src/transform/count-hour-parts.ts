/** Counts all parts of an hour, each revision once. Reads them one after the other, so that one is in memory at a time. */
import type { HourParts } from '../bronze/hour-parts.ts';
import { openPart } from '../bronze/parts.ts';
import type { CountedPart, HourContent } from '../contracts/storage/hour-evidence.ts';
import type { StreamDefinition } from '../contracts/stream-definition.ts';
import { hasIds, isForeignKey } from '../contracts/storage/object-keys.ts';
import type { RebuildProgress } from '../contracts/temporal/transform.ts';
import { countDistinct } from '../core/minute-counts.ts';
import type { Fold, HourCounts, MinuteRow, PartLines } from '../core/minute-counts.ts';
import type { CountedEvent } from '../core/line-reader.ts';
import { HOUR_MS, hourStartMs } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import type { GoldSource } from '../contracts/storage/gold-source.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { OffsetRanges } from './offset-ranges.ts';
import { digested } from './part-digest.ts';

export interface CountOptions<Row> {
  readonly hour: Hour;
  readonly store: ObjectStore;
  readonly definition: StreamDefinition<Row>;
  /** Events sent after this instant count as late, epoch ms. */
  readonly lateAfterMs: number;
  /** Parts that gold lacks: each is also counted alone. */
  readonly pending?: readonly string[];
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RebuildProgress) => void;
}

export interface CountedHour<Row = MinuteRow> {
  /** Keys of the parts that were counted. */
  readonly keys: readonly string[];
  readonly counts: HourCounts<Row>;
  /** Streams that the parts came from. */
  readonly sources: readonly GoldSource[];
  /** What each of the pending parts adds alone. */
  readonly pending: readonly PendingPart<Row>[];
  /** What was read. */
  readonly content: Omit<HourContent, 'at'>;
}

export interface PendingPart<Row = MinuteRow> {
  readonly key: string;
  readonly rows: readonly Row[];
}

export async function countHourParts<Row>(
  { keys }: Pick<HourParts, 'keys'>,
  options: CountOptions<Row>,
): Promise<CountedHour<Row>> {
  const sources = new Map<string, GoldSource>();
  const { definition } = options;
  const folds = new Map(options.pending?.map(key => [key, definition.newFold()]));
  const parts: CountedPart[] = [];
  const offsets = new OffsetRanges();
  const lines = openInTurn(keys, { sources, folds, parts }, options);
  const select = editsOnlyIn(options.hour, offsets);
  const counts = await countDistinct(lines, definition, options.lateAfterMs, select);
  const pending = [...folds].map(([key, fold]) => ({ key, rows: fold.rows() }));
  const content = { parts, offsets: offsets.all };
  return { keys, counts, sources: [...sources.values()], pending, content };
}

/** An edit of another hour is an event that counts nothing. @param offsets gets where events lie */
function editsOnlyIn(hour: Hour, offsets: OffsetRanges): (event: CountedEvent) => CountedEvent {
  const startMs = hourStartMs(hour) ?? 0;
  const [from, to] = [startMs / 1000, (startMs + HOUR_MS) / 1000];
  return event => {
    offsets.add(event.origin);
    const isOther = event.timestamp < from || event.timestamp >= to;
    return isOther ? { ...event, edit: undefined } : event;
  };
}

interface Found<Row> {
  readonly sources: Map<string, GoldSource>;
  readonly folds: ReadonlyMap<string, Fold<Row>>;
  readonly parts: CountedPart[];
}

async function* openInTurn<Row>(
  keys: readonly string[],
  { sources, folds, parts }: Found<Row>,
  { store, signal, onProgress }: Pick<CountOptions<unknown>, 'store' | 'signal' | 'onProgress'>,
): AsyncGenerator<PartLines<Row>> {
  for (const [at, key] of keys.entries()) {
    onProgress({ read: at, of: keys.length });
    signal.throwIfAborted();
    const { chunks, source } = await openPart(store, key);
    const isForeign = isForeignKey(key);
    // An older project does not say where its lines are from.
    if (!isForeign) sources.set(source.url, source);
    const { url, simulated } = source;
    const read = digested(chunks, digest => parts.push({ key, url, simulated, ...digest }));
    yield { chunks: read, needsId: hasIds(key) && !isForeign, alone: folds.get(key) };
  }
  onProgress({ read: keys.length, of: keys.length });
}
