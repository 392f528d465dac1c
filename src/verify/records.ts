/** The commit log as it must be: what one record says of itself, and how it follows from the one before. Pure. */
import { logKey } from '../contracts/storage/object-keys.ts';
import type { LogRecord } from '../contracts/storage/log-record.ts';
import { errorOf } from './findings.ts';
import type { ErrorFinding } from './findings.ts';

const RESTORE = 'Restore the object from a version or a copy of the bucket';

/** Records `first` to `last` that are not there although older and newer ones are. */
export function missingRecords(first: number, last: number): ErrorFinding {
  const subject = logKey(first);
  const message =
    first === last
      ? `record ${first} is missing: ${subject}`
      : `records ${first} to ${last} are missing: ${subject} to ${logKey(last)}`;
  const advice = `${RESTORE}: the parts that it names are invisible to every rebuild until then. Without a copy, a backfill can bring their hours again.`;
  return errorOf(['log', 'record_missing'], subject, message, advice);
}

/** A record that cannot be used at all. */
export function unreadableRecord(sequence: number, why: string): ErrorFinding {
  const message = `record ${sequence} cannot be used: ${why}`;
  return errorOf(['log', 'record_unreadable'], logKey(sequence), message, `${RESTORE}.`);
}

/** What a record lacks of its shape, or undefined when it is whole. */
export function shapeProblem(record: LogRecord): string | undefined {
  const { epoch, writer, cursor, storedToMs } = record;
  if (!Number.isSafeInteger(epoch)) return 'epoch is no number';
  if (typeof writer?.attempt !== 'string') return 'writer.attempt is missing';
  if (typeof cursor?.topics !== 'object' || cursor.topics === null) return 'cursor.topics is missing';
  if (!Number.isFinite(storedToMs)) return 'storedToMs is no number';
  if (record.kind === 'fence') {
    return Number.isSafeInteger(record.previousEpoch) ? undefined : 'previousEpoch is no number';
  }
  const { parts, deadLetters, skipped } = record;
  if (
    !Array.isArray(parts) ||
    !parts.every(part => typeof part?.key === 'string' && Array.isArray(part.sent))
  )
    return 'parts is no list of parts';
  if (!Array.isArray(deadLetters) || !deadLetters.every(letters => typeof letters?.key === 'string'))
    return 'deadLetters is no list of objects';
  const counts = [skipped?.canaries, skipped?.duplicates, skipped?.filtered];
  return counts.every(Number.isSafeInteger) ? undefined : 'skipped lacks a count';
}

/** Newest fence and record before a record, as far as they are kept. */
export interface LogPlace {
  /** The record of the sequence before; undefined when it is not there. */
  readonly before: LogRecord | undefined;
  /** The nearest record before that is there. */
  readonly older: LogRecord | undefined;
  /** The fence that is nearest before; undefined when it is not kept. */
  readonly fence: LogRecord | undefined;
}

/** Whatever is wrong with a record at its place in the log. */
export function examineRecord(record: LogRecord, { before, older, fence }: LogPlace): ErrorFinding[] {
  const problems = [...epochProblems(record, before, fence), ...backwardProblems(record, older)];
  const advice =
    'The log was written by something else than wikigauge, or edited: restore the object, and keep one ingest workflow per bucket.';
  return problems.map(problem =>
    errorOf(
      ['log', 'record_inconsistent'],
      logKey(record.sequence),
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
        `previousEpoch is ${record.previousEpoch}, and the record before is of epoch ${previous}`,
      );
    return problems;
  }
  if (record.sequence === 1) problems.push('the log begins with a commit, not with a fence');
  if (record.epoch >= record.sequence) problems.push(`epoch ${record.epoch} is no fence before it`);
  if (before !== undefined && record.epoch !== before.epoch)
    problems.push(`epoch is ${record.epoch}, and the last fence before it is ${before.epoch}`);
  // The writer is known only where nothing between the fence and the record is missing.
  if (before !== undefined && fence?.sequence === before.epoch) {
    const { attempt } = fence.writer;
    if (record.writer.attempt !== attempt)
      problems.push(`written by attempt ${record.writer.attempt}, and the fence is that of ${attempt}`);
  }
  return problems;
}

function backwardProblems(record: LogRecord, older: LogRecord | undefined): string[] {
  if (older === undefined) return [];
  const problems: string[] = [];
  if (record.storedToMs < older.storedToMs)
    problems.push(`storedToMs goes back from ${older.storedToMs} to ${record.storedToMs}`);
  for (const [topic, { timestampMs, offset }] of Object.entries(older.cursor.topics)) {
    const now = record.cursor.topics[topic];
    if (now === undefined) problems.push(`the cursor has lost topic ${topic}`);
    else if (now.timestampMs < timestampMs)
      problems.push(`the cursor of ${topic} goes back from ${timestampMs} to ${now.timestampMs}`);
    else if (offset !== undefined && (now.offset ?? -1) < offset)
      problems.push(`the offset of ${topic} goes back from ${offset} to ${now.offset ?? 'none'}`);
  }
  return problems;
}
