/**
 * Rules of the commit log: the shape of a record, and how it must follow from earlier ones. Pure. The rules repeat what
 * src/bronze writes on purpose, so that a bug in the writer is found.
 */
import type { LogKeys } from '../contracts/storage/object-keys.ts';
import type { LogRecord } from '../contracts/storage/log-record.ts';
import { areTexts } from '../core/json.ts';
import { partitionName, positionIn, positionsOf } from '../core/stream-cursor.ts';
import { isInstant } from '../core/time.ts';
import { errorOf } from './findings.ts';
import type { ErrorFinding } from './findings.ts';

const RESTORE = 'Restore the object from an object version or a copy of the bucket';

/** Records `first` to `last` are missing although older and newer ones exist. */
export function missingRecords(first: number, last: number, keys: LogKeys): ErrorFinding {
  const subject = keys.keyOf(first);
  const message =
    first === last
      ? `record ${first} is missing: ${subject}`
      : `records ${first} to ${last} are missing: ${subject} to ${keys.keyOf(last)}`;
  const advice = `${RESTORE}: until then, no rebuild can see the parts it names. Without a copy, a backfill can recover their hours.`;
  return errorOf(['log', 'record_missing'], subject, message, advice);
}

export function unreadableRecord(sequence: number, why: string, keys: LogKeys): ErrorFinding {
  const message = `record ${sequence} cannot be used: ${why}`;
  return errorOf(['log', 'record_unreadable'], keys.keyOf(sequence), message, `${RESTORE}.`);
}

/** What is wrong with the shape of a record, or undefined. */
export function shapeProblem(record: LogRecord): string | undefined {
  const { epoch, writer, cursor, storedToMs } = record;
  if (!Number.isSafeInteger(epoch)) return 'epoch is not a number';
  if (typeof writer?.attempt !== 'string') return 'writer.attempt is missing';
  if (typeof cursor?.topics !== 'object' || cursor.topics === null) return 'cursor.topics is missing';
  if (!Number.isFinite(storedToMs)) return 'storedToMs is not a number';
  const { readTo, wikis } = record;
  if (readTo !== undefined && (typeof readTo !== 'string' || !isInstant(readTo)))
    return 'readTo is not a time';
  if (wikis !== undefined && !areTexts(wikis)) return 'wikis is not a list of names';
  if (record.kind === 'fence') {
    return Number.isSafeInteger(record.previousEpoch) ? undefined : 'previousEpoch is not a number';
  }
  const { parts, deadLetters, skipped } = record;
  if (
    !Array.isArray(parts) ||
    !parts.every(part => typeof part?.key === 'string' && Array.isArray(part.sent))
  )
    return 'parts is not a list of parts';
  if (!Array.isArray(deadLetters) || !deadLetters.every(letters => typeof letters?.key === 'string'))
    return 'deadLetters is not a list of objects';
  const counts = [skipped?.canaries, skipped?.duplicates, skipped?.filtered];
  return counts.every(Number.isSafeInteger) ? undefined : 'skipped lacks a count';
}

/** The fence and the records before a record, as far as they still exist. */
export interface LogPlace {
  /** The record with the previous sequence; undefined when it does not exist. */
  readonly before: LogRecord | undefined;
  /** The nearest earlier record that exists. */
  readonly older: LogRecord | undefined;
  /** The nearest earlier fence; undefined when it is unknown. */
  readonly fence: LogRecord | undefined;
}

/** Everything wrong with a record at its place in the log. */
export function examineRecord(
  record: LogRecord,
  { before, older, fence }: LogPlace,
  keys: LogKeys,
): ErrorFinding[] {
  const problems = [...epochProblems(record, before, fence), ...backwardProblems(record, older)];
  const advice =
    'Something other than wikigauge wrote or edited the log. Restore the object, and run only one ingest workflow per bucket.';
  return problems.map(problem =>
    errorOf(
      ['log', 'record_inconsistent'],
      keys.keyOf(record.sequence),
      `record ${record.sequence} (${record.kind}): ${problem}`,
      advice,
    ),
  );
}

function epochProblems(
  record: LogRecord,
  before: LogRecord | undefined,
  fence: LogRecord | undefined,
): string[] {
  const problems: string[] = [];
  if (record.kind === 'fence') {
    if (record.epoch !== record.sequence) problems.push(`epoch is ${record.epoch}, not its own sequence`);
    const previous = record.sequence === 1 ? 0 : before?.epoch;
    if (previous !== undefined && record.previousEpoch !== previous)
      problems.push(
        `previousEpoch is ${record.previousEpoch}, but the record before it has epoch ${previous}`,
      );
    return problems;
  }
  if (record.sequence === 1) problems.push('the log begins with a commit instead of a fence');
  if (record.epoch >= record.sequence)
    problems.push(`epoch ${record.epoch} is not the sequence of an earlier fence`);
  if (before !== undefined && record.epoch !== before.epoch)
    problems.push(`epoch is ${record.epoch}, but the last fence before it is ${before.epoch}`);
  // The writer is known only if no record between the fence and this one is missing.
  if (before !== undefined && fence?.sequence === before.epoch) {
    const { attempt } = fence.writer;
    if (record.writer.attempt !== attempt)
      problems.push(`written by attempt ${record.writer.attempt}, but the fence is from attempt ${attempt}`);
  }
  return problems;
}

/** It never falls. A record may lack it: an earlier version may have written it, or the wikis that are kept have changed. */
function readToProblems({ readTo }: LogRecord, older: LogRecord): string[] {
  if (readTo === undefined || older.readTo === undefined || readTo >= older.readTo) return [];
  return [`readTo goes back from ${older.readTo} to ${readTo}`];
}

function backwardProblems(record: LogRecord, older: LogRecord | undefined): string[] {
  if (older === undefined) return [];
  const problems: string[] = readToProblems(record, older);
  if (record.storedToMs < older.storedToMs)
    problems.push(`storedToMs goes back from ${older.storedToMs} to ${record.storedToMs}`);
  for (const position of positionsOf(older.cursor)) {
    const { timestampMs, offset } = position;
    const topic = partitionName(position);
    const now = positionIn(record.cursor, position.topic, position.partition);
    if (now === undefined) problems.push(`the cursor has lost topic ${topic}`);
    // Not a rule for a cursor that lay in the future: it is set back, offset included.
    else if (timestampMs > Date.parse(record.at)) continue;
    else if (now.timestampMs < timestampMs)
      problems.push(`the cursor of ${topic} goes back from ${timestampMs} to ${now.timestampMs}`);
    else if (offset !== undefined && (now.offset ?? -1) < offset)
      problems.push(`the offset of ${topic} goes back from ${offset} to ${now.offset ?? 'none'}`);
  }
  return problems;
}
