/** Counts all parts of an hour, each revision once. Reads them one after the other, so that one is in memory at a time. */
import type { HourParts } from '../bronze/hour-parts.ts';
import { openPart } from '../bronze/parts.ts';
import { hasIds } from '../contracts/storage/object-keys.ts';
import type { RebuildProgress } from '../contracts/temporal/transform.ts';
import { countDistinct } from '../core/minute-counts.ts';
import type { HourCounts, PartLines } from '../core/minute-counts.ts';
import type { GoldSource } from '../contracts/storage/gold-source.ts';
import type { ObjectStore } from '../store/object-store.ts';

export interface CountOptions {
  readonly store: ObjectStore;
  readonly editTypes: ReadonlySet<string>;
  /** Events sent after this instant count as late, epoch ms. */
  readonly lateAfterMs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RebuildProgress) => void;
}

export interface CountedHour {
  /** Keys of the parts that were counted. */
  readonly keys: readonly string[];
  readonly counts: HourCounts;
  /** Streams that the parts came from. */
  readonly sources: readonly GoldSource[];
}

export async function countHourParts(
  { keys }: Pick<HourParts, 'keys'>,
  options: CountOptions,
): Promise<CountedHour> {
  const sources = new Map<string, GoldSource>();
  const lines = openInTurn(keys, sources, options);
  const counts = await countDistinct(lines, options.editTypes, options.lateAfterMs);
  return { keys, counts, sources: [...sources.values()] };
}

async function* openInTurn(
  keys: readonly string[],
  sources: Map<string, GoldSource>,
  { store, signal, onProgress }: CountOptions,
): AsyncGenerator<PartLines> {
  for (const [at, key] of keys.entries()) {
    onProgress({ read: at, of: keys.length });
    signal.throwIfAborted();
    const { chunks, source } = await openPart(store, key);
    sources.set(source.url, source);
    yield { chunks, needsId: hasIds(key) };
  }
}
