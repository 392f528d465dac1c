/**
 * Compares stored offsets with the cursors of the log. Pure. Kafka numbers the messages of a topic without holes, so
 * every offset between two cursors must be stored, except those that the record says it skipped. The comparison works
 * on whole records because the offsets of an hour overlap with those of its neighbours.
 */
import type { CommitRecord, LogRecord } from '../contracts/storage/log-record.ts';
import { positionsOf } from '../core/stream-cursor.ts';
import { errorOf, noteOf } from './findings.ts';
import type { Finding } from './findings.ts';
import { OffsetRuns, sizeOf } from './offset-runs.ts';
import type { Run } from './offset-runs.ts';
import type { Position } from './part-content.ts';

/** Offsets found in the objects that one record names. */
interface RecordOffsets {
  /** Lowest offset by topic. */
  readonly lowest: Map<string, number>;
  /** Messages with an unknown offset, by the key of their object. */
  readonly unknown: Map<string, number>;
}

/** All stored offsets, and what is needed to attribute holes to records. */
export class StoredOffsets {
  readonly #topics = new Map<string, OffsetRuns>();
  readonly #records = new Map<number, RecordOffsets>();

  /** Adds an offset. Idempotent: an hour may be read twice. */
  add({ topic, offset }: Position, sequence: number | undefined): void {
    const runs = this.#topics.get(topic) ?? new OffsetRuns();
    runs.add(offset);
    this.#topics.set(topic, runs);
    if (sequence === undefined) return;
    const { lowest } = this.#of(sequence);
    lowest.set(topic, Math.min(lowest.get(topic) ?? offset, offset));
  }

  /** Sets the number of messages with an unknown offset in an object: dead letters without one, or all when it is unreadable. */
  addUnknown(messages: number, key: string, sequence: number): void {
    this.#of(sequence).unknown.set(key, messages);
  }

  /** Messages of a record with an unknown offset. */
  unknownOf(sequence: number): number {
    return [...(this.#records.get(sequence)?.unknown.values() ?? [])].reduce((sum, count) => sum + count, 0);
  }

  /** Lowest offset that a record stored of a topic. */
  lowestOf(sequence: number, topic: string): number | undefined {
    return this.#records.get(sequence)?.lowest.get(topic);
  }

  #of(sequence: number): RecordOffsets {
    const known = this.#records.get(sequence) ?? { lowest: new Map(), unknown: new Map() };
    this.#records.set(sequence, known);
    return known;
  }

  holes(topic: string, from: number, to: number): Run[] {
    return this.#topics.get(topic)?.holes(from, to) ?? (from <= to ? [[from, to]] : []);
  }
}

export interface OffsetComparison {
  readonly findings: readonly Finding[];
  readonly topics: number;
  /** Offsets that the cursors moved past. */
  readonly passed: number;
  /** Offsets that are not stored, and how many of them are explained by records and known gaps. */
  readonly missing: number;
  readonly explained: number;
}

/** Missing offsets of a topic that one record passed. */
interface TopicHoles {
  readonly topic: string;
  readonly holes: readonly Run[];
}

/**
 * Compares stored offsets with whole records.
 * @param gaps messages known to be missing, by topic; '' where the topic is unknown
 */
export function compareOffsets(
  { before, records }: { readonly before: LogRecord | undefined; readonly records: readonly LogRecord[] },
  stored: StoredOffsets,
  gaps: ReadonlyMap<string, number>,
): OffsetComparison {
  const findings: Finding[] = [];
  const reached = new Map<string, number>(before === undefined ? [] : offsetsOf(before));
  const left = new Map(gaps);
  const topics = new Set<string>();
  const sums = { passed: 0, missing: 0, explained: 0, filtered: 0, gaps: 0 };
  let sequence = before?.sequence;
  for (const record of records) {
    // After a hole in the log, the positions that the missing records reached are unknown.
    if (sequence !== undefined && record.sequence > sequence + 1) reached.clear();
    sequence = record.sequence;
    const inRecord: TopicHoles[] = [];
    for (const [topic, offset] of offsetsOf(record)) {
      const lowest = stored.lowestOf(record.sequence, topic);
      // Without an older position, start at the first stored offset.
      const from = reached.has(topic) ? (reached.get(topic) ?? 0) + 1 : lowest;
      reached.set(topic, offset);
      if (from === undefined || from > offset) continue;
      topics.add(topic);
      sums.passed += offset - from + 1;
      const holes = stored.holes(topic, from, offset);
      if (holes.length > 0) inRecord.push({ topic, holes });
    }
    if (record.kind === 'fence') continue;
    sums.filtered += record.skipped.filtered;
    const missing = inRecord.reduce((sum, { holes }) => sum + sizeOf(holes), 0);
    const skipped = Math.min(missing, allowedMissing(record, stored));
    const known = takeGaps(left, inRecord, missing - skipped);
    sums.missing += missing;
    sums.explained += skipped + known;
    sums.gaps += known;
    if (skipped + known < missing) findings.push(unexplained(record, inRecord, { missing, skipped, known }));
  }
  if (sums.filtered > 0) {
    const message = `${sums.filtered} events of other wikis were filtered out; missing offsets cannot be distinguished from them`;
    findings.push(noteOf(['offsets', 'holes_unclear'], 'FILTER_WIKI', message));
  }
  if (sums.gaps > 0) {
    const message = `${sums.gaps} missing messages lie in known gaps (gold.gaps)`;
    findings.push(noteOf(['offsets', 'gaps_known'], 'gold.gaps', message));
  }
  const { passed, missing, explained } = sums;
  return { findings, topics: topics.size, passed, missing, explained };
}

/** Messages that a record passed and that may have no stored offset. */
function allowedMissing({ sequence, skipped }: CommitRecord, stored: StoredOffsets): number {
  return skipped.canaries + skipped.filtered + skipped.duplicates + stored.unknownOf(sequence);
}

/** Uses up the known gaps of the topics. @returns how many of the missing messages they explain */
function takeGaps(left: Map<string, number>, inRecord: readonly TopicHoles[], wanted: number): number {
  let taken = 0;
  const names = [...inRecord.map(({ topic }) => topic.slice(0, topic.lastIndexOf('/'))), ''];
  for (const name of names) {
    const some = Math.min(left.get(name) ?? 0, wanted - taken);
    left.set(name, (left.get(name) ?? 0) - some);
    taken += some;
  }
  return taken;
}

/** Holes of a topic that a finding spells out. */
const NAMED_HOLES = 5;

function unexplained(
  { sequence, skipped }: CommitRecord,
  inRecord: readonly TopicHoles[],
  { missing, skipped: explained, known }: { missing: number; skipped: number; known: number },
): Finding {
  const places = inRecord.map(({ topic, holes }) => {
    const first = holes
      .slice(0, NAMED_HOLES)
      .map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`));
    const more = holes.length > NAMED_HOLES ? ` and ${holes.length - NAMED_HOLES} more holes` : '';
    return `${topic}: ${first.join(', ')}${more}`;
  });
  const { canaries, filtered, duplicates } = skipped;
  const message =
    `record ${sequence} passed ${missing} offsets that are not stored; ${explained} may have been skipped ` +
    `(${canaries} canaries, ${filtered} filtered, ${duplicates} duplicates), ${known} lie in known gaps: ${places.join('; ')}`;
  const advice = 'Bronze lost these events. A backfill of that time can recover the edits among them.';
  return errorOf(['offsets', 'offsets_missing'], `record ${sequence}`, message, advice);
}

/** Offsets of a record's cursor, by topic and partition. */
function offsetsOf({ cursor }: LogRecord): [topic: string, offset: number][] {
  return positionsOf(cursor).flatMap(({ topic, partition, offset }) =>
    offset === undefined ? [] : [[`${topic}/${partition}`, offset] as [string, number]],
  );
}
