/**
 * Reads the dead letters of a range of time. Only objects named by a record of the commit log count; any other was left
 * by a crash, and its events are stored elsewhere.
 */
import { DEAD_LETTERS, deadLetterPrefix, flushOfKey } from '../contracts/storage/object-keys.ts';
import type { FlushOfKey, LogKeys } from '../contracts/storage/object-keys.ts';
import { mapBounded } from '../core/map-bounded.ts';
import type { DeadLetter } from './part-buffer.ts';
import { PipelineError, messageOf } from '../contracts/errors.ts';
import { linesIn } from './parts.ts';
import { readRecord } from './commit-log.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { bronzeProblems } from './known-problems.ts';

/** Which letters to read. */
export interface LetterSelection {
  /** Received in [fromMs, toMs), epoch ms. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Empty: every reason. */
  readonly reasons: ReadonlySet<string>;
}

/** An object of dead letters that a record names. */
export interface LetterObject {
  readonly key: string;
  readonly flush: FlushOfKey;
  /** Parts of the same flush: they came from the same stream. */
  readonly partKeys: readonly string[];
}

export interface SelectedLetters extends LetterObject {
  /** Never empty. */
  readonly letters: readonly DeadLetter[];
}

const READ_AHEAD = 8;

/** The selected letters, object by object in the order in which they were stored. */
export async function* selectLetters(
  store: ObjectStore,
  logKeys: LogKeys,
  selection: LetterSelection,
): AsyncGenerator<SelectedLetters> {
  // An object is stored under the day of its flush. That is not before its letters were received, but any time after
  // if the store was down, so every object from the first day on has to be read.
  const before = deadLetterPrefix(new Date(selection.fromMs).toISOString());
  for await (const page of store.list(DEAD_LETTERS, before)) {
    for (let at = 0; at < page.length; at += READ_AHEAD) {
      const keys = page.slice(at, at + READ_AHEAD);
      const found = await mapBounded(keys, READ_AHEAD, async key => {
        const object = await namedObject(store, logKeys, key);
        return object && { ...object, letters: await readLetters(store, key, selection) };
      });
      for (const object of found) if (object !== undefined && object.letters.length > 0) yield object;
    }
  }
}

/** The selected letters of one object, in the order in which they were received. */
export async function readLetters(
  store: ObjectStore,
  key: string,
  { fromMs, toMs, reasons }: LetterSelection,
): Promise<DeadLetter[]> {
  const lines = await linesIn(store, key);
  return lines
    .map(line => readLetter(line, key))
    .filter(({ reason, receivedAt }) => {
      const receivedMs = Date.parse(receivedAt);
      return receivedMs >= fromMs && receivedMs < toMs && (reasons.size === 0 || reasons.has(reason));
    });
}

/** The object according to the log; undefined when no record names it. */
async function namedObject(
  store: ObjectStore,
  logKeys: LogKeys,
  key: string,
): Promise<LetterObject | undefined> {
  const flush = flushOfKey(key);
  if (flush === undefined) return undefined;
  const record = await readRecord(store, logKeys, flush.sequence);
  if (record?.kind !== 'commit' || !record.deadLetters.some(stored => stored.key === key)) return undefined;
  return { key, flush, partKeys: record.parts.map(part => part.key) };
}

function readLetter(line: string, key: string): DeadLetter {
  try {
    const letter = JSON.parse(line) as DeadLetter;
    const { reason, raw, receivedAt } = letter;
    if (typeof raw === 'string' && typeof reason === 'string' && Number.isFinite(Date.parse(receivedAt)))
      return letter;
  } catch (error) {
    throw damaged(key, messageOf(error), error);
  }
  throw damaged(key, `a line lacks reason, raw or receivedAt: ${line.slice(0, 80)}`);
}

function damaged(key: string, what: string, cause?: unknown): PipelineError {
  return new PipelineError(bronzeProblems.damagedLetters.shows({ key, what }), {
    code: 'object_unreadable',
    op: 'read dead letters',
    subject: key,
    retryable: false,
    hint: bronzeProblems.damagedLetters.remedy,
    cause,
  });
}
