/**
 * Explains what a wiki had in a range: reads the parts of the hours that the range touches once more, folds what the
 * explanation needs, and names the most likely cause. It knows nothing of the format of events: the caller passes
 * a reader for them. Memory and time are bounded by the bytes that are read.
 */
import { partsOfHour } from '../../bronze/hour-parts.ts';
import { openPart } from '../../bronze/parts.ts';
import type { ReadDetails } from '../../contracts/event-details.ts';
import type { Cause, ExplainedRange, Explanation } from '../../contracts/explanation.ts';
import { PipelineError } from '../../contracts/errors.ts';
import { hasIds } from '../../contracts/storage/object-keys.ts';
import type { StreamDefinition } from '../../contracts/stream-definition.ts';
import { linesOf } from '../../core/lines.ts';
import { HOUR_MS, floorHourMs, hoursBetween } from '../../core/time.ts';
import type { ObjectStore } from '../../store/object-store.ts';
import { causeOf } from './cause.ts';
import { RangeFold } from './range-fold.ts';

/** Uncompressed, of all parts together: twice what an hour of all wikis has. */
const MAX_BYTES = 512 << 20;
/** Of one object, compressed. */
const MAX_PART_BYTES = 128 << 20;

export interface ExplainDeps {
  readonly store: ObjectStore;
  readonly definition: Pick<StreamDefinition, 'judge' | 'logKeys'>;
  readonly readDetails: ReadDetails;
  /** Tests use smaller ones. */
  readonly maxBytes?: number;
}

/** @throws the signal's reason; PipelineError when the store is unavailable */
export async function explainRange(
  range: ExplainedRange,
  deps: ExplainDeps,
  stopSignal: AbortSignal,
): Promise<Explanation> {
  const hours = hoursBetween(floorHourMs(range.from * 1000), range.to * 1000);
  const fold = new RangeFold(range, deps.readDetails);
  const budget = { bytes: deps.maxBytes ?? MAX_BYTES };
  let isSimulated = false;
  let parts = 0;
  let unreadParts = 0;
  for (const hour of hours) {
    stopSignal.throwIfAborted();
    const { keys } = await partsOfHour(deps.store, deps.definition.logKeys, hour);
    for (const key of keys) {
      stopSignal.throwIfAborted();
      parts += 1;
      const read = await readPart(key, { fold, budget, stopSignal }, deps);
      if (!read.isWhole) unreadParts += 1;
      isSimulated ||= read.isSimulated;
    }
  }
  const facts = fold.facts(hours.length * (HOUR_MS / 1000) - (range.to - range.from));
  const cause: Cause = unreadParts === parts ? { kind: 'no_parts' } : causeOf(facts, range.usual);
  return { facts, cause, parts, unreadParts, isSimulated };
}

interface Reading {
  readonly fold: RangeFold;
  /** What may still be read. */
  readonly budget: { bytes: number };
  readonly stopSignal: AbortSignal;
}

interface PartRead {
  readonly isWhole: boolean;
  readonly isSimulated: boolean;
}

/** A part that is gone or damaged, or that is too large, is left out: the others explain most. */
async function readPart(
  key: string,
  { fold, budget, stopSignal }: Reading,
  { store, definition }: Pick<ExplainDeps, 'store' | 'definition'>,
): Promise<PartRead> {
  let isSimulated = false;
  if (budget.bytes <= 0) return { isWhole: false, isSimulated };
  const rules = {
    nowMs: Number.POSITIVE_INFINITY,
    ...(!hasIds(key) && { needsId: false as const }),
  };
  try {
    const { chunks, source } = await openPart(store, key, MAX_PART_BYTES);
    isSimulated = source.simulated;
    for await (const text of linesOf(bounded(chunks, budget, stopSignal))) {
      const event = definition.judge(text, rules);
      if (event.kind === 'event') fold.add(event, text);
    }
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return { isWhole: false, isSimulated };
  }
  return { isWhole: budget.bytes > 0, isSimulated };
}

/** Chunks, until there are more than may be read. What is left of a line is no event. */
async function* bounded(
  chunks: AsyncIterable<Uint8Array>,
  budget: { bytes: number },
  stopSignal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    stopSignal.throwIfAborted();
    budget.bytes -= chunk.length;
    if (budget.bytes <= 0) return;
    yield chunk;
  }
}

function isUnreadable(error: unknown): boolean {
  return error instanceof PipelineError && ['object_unreadable', 'object_missing'].includes(error.code);
}
