/**
 * Reads a stored object line by line and compares it with its record. Pure. It splits lines and sums up a part itself
 * instead of using src/bronze on purpose: a bug in the writer must not hide in the check.
 */
import type { PartEntry } from '../contracts/storage/log-record.ts';
import { isObject } from '../core/json.ts';
import type { Json } from '../core/json.ts';
import { holdsMinute } from '../core/minute-ranges.ts';
import type { DeadReason, Judge } from '../core/reading.ts';
import { hourOf, isoSeconds, minuteOf } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import { errorOf, noteOf } from './findings.ts';
import type { Finding } from './findings.ts';
import { rebuildAdvice } from './hour-rows.ts';

/** Kafka position of a line. */
export interface Position {
  /** Topic and partition, `eqiad.mediawiki.recentchange/0`. */
  readonly topic: string;
  readonly offset: number;
}

/** Lines with one kind of problem: how many, and the first. */
interface Lines {
  readonly count: number;
  readonly first: number;
  readonly why: string;
}

/** What was found in a part. */
export interface PartFacts {
  readonly events: number;
  readonly edits: number;
  readonly bytes: number;
  /** Event time, epoch seconds; undefined without usable events. */
  readonly firstAt: number | undefined;
  readonly lastAt: number | undefined;
  readonly unusable: Lines | undefined;
  readonly misplaced: Lines | undefined;
  /** Lines whose `meta.dt` is outside the minutes that the record lists for the part. */
  readonly unsent: Lines | undefined;
}

/** Called for each usable event. */
export type OnEvent = (event: {
  readonly id: string | undefined;
  readonly position: Position | undefined;
}) => void;

interface PartRules {
  readonly hour: Hour;
  readonly judge: Judge;
  /** False for rows of the Action API and the dumps, which have no `meta.id`. */
  readonly needsId: boolean;
  readonly sent?: PartEntry['sent'];
}

/** Reads every line of a part that should contain events of `hour`, sent in the minutes of `sent` if known. */
export function readPartLines(
  bytes: Buffer,
  { hour, judge, needsId, sent }: PartRules,
  onEvent: OnEvent,
): PartFacts {
  const nowMs = Number.POSITIVE_INFINITY;
  const rules = needsId ? { nowMs } : ({ nowMs, needsId: false } as const);
  const unusable = new LineCount();
  const misplaced = new LineCount();
  const unsent = new LineCount();
  let events = 0;
  let edits = 0;
  let firstAt: number | undefined;
  let lastAt: number | undefined;
  for (const [number, line] of linesOf(bytes)) {
    const text = line.toString('utf8');
    const reading = judge(text, rules);
    if (reading.kind !== 'event') {
      unusable.add(number, reading.kind === 'dead' ? reading.reason : 'canary');
      continue;
    }
    const { id, timestamp, sentAtMs, edit } = reading;
    events += 1;
    if (edit !== undefined) edits += 1;
    firstAt = Math.min(firstAt ?? timestamp, timestamp);
    lastAt = Math.max(lastAt ?? timestamp, timestamp);
    if (hourOf(timestamp) !== hour) misplaced.add(number, `timestamp ${isoSeconds(timestamp)}`);
    const minute = minuteOf(sentAtMs / 1000);
    if (sent !== undefined && !holdsMinute(sent, minute)) unsent.add(number, isoSeconds(minute));
    onEvent({ id, position: positionIn(text) });
  }
  return {
    events,
    edits,
    bytes: bytes.length,
    firstAt,
    lastAt,
    unusable: unusable.found,
    misplaced: misplaced.found,
    unsent: unsent.found,
  };
}

function damagedAdvice(hour: Hour): string {
  return `The object was changed or damaged: restore it from an object version or a copy of the bucket. ${rebuildAdvice(hour)}`;
}

/** Compares a part with its record. */
export function comparePart(
  { key, hour, ...recorded }: PartEntry,
  facts: PartFacts,
  {
    storedBytes,
    sequence,
    hasDigest = false,
  }: {
    readonly storedBytes: number;
    readonly sequence: number;
    /** Whether its lines are those that a digest names. */
    readonly hasDigest?: boolean;
  },
): Finding[] {
  const { unsent } = facts;
  const findings = lineFindings(key, hour, facts);
  if (hasDigest && storedBytes !== recorded.storedBytes) {
    const message = `${key} was compressed again: ${storedBytes} bytes instead of ${recorded.storedBytes}. Its lines are those that were counted`;
    findings.push(noteOf(['bronze', 'compressed_again'], key, message));
  }
  const differences = [
    difference('events', recorded.events, facts.events + (facts.unusable?.count ?? 0)),
    difference('bytes', recorded.bytes, facts.bytes),
    hasDigest ? undefined : difference('storedBytes', recorded.storedBytes, storedBytes),
    difference('firstAt', recorded.firstAt, facts.firstAt),
    difference('lastAt', recorded.lastAt, facts.lastAt),
    unsent && `${unsent.count} lines were sent outside the minutes of "sent" (first: ${unsent.why})`,
  ].filter(text => text !== undefined);
  if (differences.length > 0) {
    const message = `${key} differs from record ${sequence}: ${differences.join('; ')}`;
    findings.push(errorOf(['bronze', 'object_differs'], key, message, damagedAdvice(hour)));
  } else if (facts.edits !== recorded.edits) {
    const message = `record ${sequence} counted ${recorded.edits} edits in ${key}; with the current EDIT_TYPES there are ${facts.edits}`;
    findings.push(noteOf(['bronze', 'edits_differ'], key, message));
  }
  return findings;
}

/** Problems with the lines of a part, with or without a record. */
export function lineFindings(key: string, hour: Hour, { unusable, misplaced }: PartFacts): Finding[] {
  const findings: Finding[] = [];
  if (unusable !== undefined) {
    const message = `${key}: ${unusable.count} lines are not usable events; line ${unusable.first}: ${unusable.why}`;
    findings.push(errorOf(['bronze', 'line_unusable'], key, message, damagedAdvice(hour)));
  }
  if (misplaced !== undefined) {
    const message = `${key}: ${misplaced.count} lines are outside hour ${hour}; line ${misplaced.first}: ${misplaced.why}`;
    findings.push(errorOf(['bronze', 'line_misplaced'], key, message, damagedAdvice(hour)));
  }
  return findings;
}

/** What was found in a dead-letter object. */
export interface LetterFacts {
  readonly letters: number;
  readonly damaged: Lines | undefined;
  /** Letters whose raw bytes have no Kafka position. */
  readonly withoutPosition: number;
}

/** Reads every line of a dead-letter object. */
export function readLetters(bytes: Buffer, onPosition: (position: Position) => void): LetterFacts {
  const damaged = new LineCount();
  let letters = 0;
  let withoutPosition = 0;
  for (const [number, line] of linesOf(bytes)) {
    letters += 1;
    const { reason, raw } = objectIn(line.toString('utf8')) as { reason?: DeadReason; raw?: unknown };
    if (typeof reason !== 'string' || typeof raw !== 'string') {
      damaged.add(number, 'reason or raw is missing');
      continue;
    }
    const position = positionIn(raw);
    if (position === undefined) withoutPosition += 1;
    else onPosition(position);
  }
  return { letters, damaged: damaged.found, withoutPosition };
}

/** Compares a dead-letter object with its record. */
export function compareLetters(
  { key, events }: { readonly key: string; readonly events: number },
  { letters, damaged }: LetterFacts,
  sequence: number,
): Finding[] {
  const differences = [
    difference('events', events, letters),
    damaged && `${damaged.count} lines are not dead letters; line ${damaged.first}: ${damaged.why}`,
  ].filter(text => text !== undefined);
  if (differences.length === 0) return [];
  const message = `${key} differs from record ${sequence}: ${differences.join('; ')}`;
  const advice =
    'The object was changed or damaged. Restore it from an object version or a copy of the bucket.';
  return [errorOf(['bronze', 'object_differs'], key, message, advice)];
}

function difference(name: string, recorded: number, found: number | undefined): string | undefined {
  return recorded === found ? undefined : `${name} should be ${recorded} but is ${found ?? 'unknown'}`;
}

/** Counts lines and keeps the first. */
class LineCount {
  #found: Lines | undefined;

  add(line: number, why: string): void {
    const { count = 0, first = line, why: firstWhy = why } = this.#found ?? {};
    this.#found = { count: count + 1, first, why: firstWhy };
  }

  get found(): Lines | undefined {
    return this.#found;
  }
}

function* linesOf(bytes: Buffer): Generator<[number: number, line: Buffer]> {
  let number = 0;
  for (let start = 0; start < bytes.length;) {
    const at = bytes.indexOf(10, start);
    const end = at < 0 ? bytes.length : at;
    number += 1;
    if (end > start) yield [number, bytes.subarray(start, end)];
    start = end + 1;
  }
}

function positionIn(text: string): Position | undefined {
  const { meta } = objectIn(text);
  if (!isObject(meta)) return undefined;
  const { topic, partition, offset } = meta;
  if (typeof topic !== 'string' || !Number.isSafeInteger(offset)) return undefined;
  return { topic: `${topic}/${typeof partition === 'number' ? partition : 0}`, offset: Number(offset) };
}

function objectIn(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
