/**
 * Parts of an older project, which are named after their first event and can reach into later hours. An index in the
 * bucket says where each of them ends: one small object a part, whose name is all that a reader needs. It is built on
 * demand, and each part is read for it once.
 */
import { PipelineError } from '../contracts/errors.ts';
import { hourOfPartKey, hourPrefix, isForeignKey } from '../contracts/storage/object-keys.ts';
import { countMinutes } from '../core/minute-counts.ts';
import type { CountedEvent } from '../core/line-reader.ts';
import { mapBounded } from '../core/map-bounded.ts';
import type { Judge } from '../core/reading.ts';
import { DAY_MS, HOUR_MS, hourOf, hourStartMs, isoSeconds } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import { openPart } from './parts.ts';
import type { ObjectStore } from '../store/object-store.ts';

const INDEX = 'bronze/_foreign/';
const PARTS = 'bronze/yyyy=';
const INDEX_NAME = /^bronze\/_foreign\/(.+)\/(\d+)-(\d+)\.json$/;
const PARALLEL_READS = 4;
/** No stream keeps events for longer, so no part reaches further. */
const MAX_REACH_MS = 31 * DAY_MS;

/** First and last event time of a part, epoch seconds. */
export interface ForeignSpan {
  readonly key: string;
  readonly firstAt: number;
  readonly lastAt: number;
}

export interface IndexDeps {
  readonly store: ObjectStore;
  readonly judge: Judge;
  readonly signal: AbortSignal;
  /** Leaves out parts that cannot be read, instead of failing. */
  readonly areDamagedSkipped?: boolean;
}

/** Foreign parts by the hours in their keys, from [fromMs, toMs); ascending. */
export async function foreignKeys(store: ObjectStore, fromMs: number, toMs: number): Promise<string[]> {
  const after = hourPrefix(hourOf(Math.max(fromMs, 0) / 1000));
  const keys: string[] = [];
  for await (const page of store.list(PARTS, after)) {
    for (const key of page) {
      const hour = hourOfPartKey(key);
      const startMs = hour === undefined ? undefined : hourStartMs(hour);
      if (startMs === undefined || startMs < fromMs || !isForeignKey(key)) continue;
      if (startMs >= toMs) return keys;
      keys.push(key);
    }
    const last = hourOfPartKey(page.at(-1) ?? '');
    if (last !== undefined && (hourStartMs(last) ?? 0) >= toMs) return keys;
  }
  return keys;
}

/** Foreign parts whose events can lie in [fromMs, toMs). */
export async function foreignKeysReaching(
  store: ObjectStore,
  fromMs: number,
  toMs: number,
): Promise<string[]> {
  return foreignKeys(store, fromMs - MAX_REACH_MS, toMs);
}

/**
 * Adds parts to the index that it lacks.
 * @throws PipelineError `object_unreadable` for a damaged part
 */
export async function indexForeign(
  keys: readonly string[],
  { store, judge, signal, areDamagedSkipped = false }: IndexDeps,
): Promise<ForeignSpan[]> {
  if (keys.length === 0) return [];
  const known = new Map((await indexed(store)).map(span => [span.key, span]));
  const spans = await mapBounded(keys, PARALLEL_READS, async key => {
    const span = known.get(key);
    if (span !== undefined) return span;
    signal.throwIfAborted();
    try {
      return await addToIndex(key, store, judge);
    } catch (error) {
      const code = error instanceof PipelineError ? error.code : undefined;
      if (code === 'object_missing' || (areDamagedSkipped && code === 'object_unreadable')) return undefined;
      throw error;
    }
  });
  return spans.filter(span => span !== undefined);
}

/** The whole index. */
export async function indexed(store: ObjectStore): Promise<ForeignSpan[]> {
  const spans: ForeignSpan[] = [];
  for await (const page of store.list(INDEX)) {
    for (const key of page) {
      const [, part = '', first, last] = INDEX_NAME.exec(key) ?? [];
      if (part === '') continue;
      spans.push({ key: `bronze/${part}`, firstAt: Number(first), lastAt: Number(last) });
    }
  }
  return spans;
}

/** Whether a part has events of an hour. */
export function reaches({ firstAt, lastAt }: ForeignSpan, hour: Hour): boolean {
  const start = (hourStartMs(hour) ?? 0) / 1000;
  return firstAt < start + HOUR_MS / 1000 && lastAt >= start;
}

/** The span of a part without usable events is the start of its hour. */
async function addToIndex(key: string, store: ObjectStore, judge: Judge): Promise<ForeignSpan> {
  // Ingest does not accept later events either.
  const latest = (Date.now() + DAY_MS) / 1000;
  let firstAt = Infinity;
  let lastAt = -Infinity;
  const add = ({ timestamp }: CountedEvent): void => {
    if (timestamp > latest) return;
    firstAt = Math.min(firstAt, timestamp);
    lastAt = Math.max(lastAt, timestamp);
  };
  const { chunks } = await openPart(store, key);
  const { events, edits } = await countMinutes(chunks, {
    judge: withoutId(judge),
    newFold: () => ({ add, rows: () => [] }),
  });
  const start = (hourStartMs(hourOfPartKey(key) ?? '') ?? 0) / 1000;
  const span = firstAt > lastAt ? { key, firstAt: start, lastAt: start } : { key, firstAt, lastAt };
  const name = `${INDEX}${key.slice('bronze/'.length)}/${span.firstAt}-${span.lastAt}.json`;
  const note = { key, first: isoSeconds(span.firstAt), last: isoSeconds(span.lastAt), events, edits };
  const body = Buffer.from(`${JSON.stringify(note)}\n`);
  await store.putIfAbsent(name, body, { contentType: 'application/json' });
  return span;
}

/** That project kept lines that we would not have stored. */
function withoutId(judge: Judge): Judge {
  return ((text: string, rules: { readonly nowMs: number }) =>
    judge(text, { nowMs: rules.nowMs, needsId: false })) as Judge;
}
