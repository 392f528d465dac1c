/**
 * Kafka numbers the messages of a topic without holes, so what is stored must be all that lies between two positions of
 * the log, but for what the record between them says it skipped. Compared over whole records: an hour has no sharp edge
 * in the offsets. Pure.
 */
import type { CommitRecord, LogRecord } from '../contracts/storage/log-record.ts';
import { errorOf, noteOf } from './findings.ts';
import type { Finding } from './findings.ts';
import { OffsetRuns, sizeOf } from './offset-runs.ts';
import type { Run } from './offset-runs.ts';
import type { Position } from './part-content.ts';

/** What was found in the objects that one record names. */
interface RecordOffsets {
  /** Lowest offset by topic. */
  readonly lowest: Map<string, number>;
  /** Stored messages whose offset is not known, by the key of their object. */
  readonly unknown: Map<string, number>;
}

/** All offsets that are stored, and what is needed to attribute holes to records. */
export class StoredOffsets {
  readonly #topics = new Map<string, OffsetRuns>();
  readonly #records = new Map<number, RecordOffsets>();

  /** Notes an offset; once more changes nothing. */
  add({ topic, offset }: Position, sequence: number | undefined): void {
    const runs = this.#topics.get(topic) ?? new OffsetRuns();
    runs.add(offset);
    this.#topics.set(topic, runs);
    if (sequence === undefined) return;
    const { lowest } = this.#of(sequence);
    lowest.set(topic, Math.min(lowest.get(topic) ?? offset, offset));
  }

  /** Notes messages of an object whose offset is not known: such dead letters, and whatever was in one that is gone. */
  addUnknown(messages: number, key: string, sequence: number): void {
    this.#of(sequence).unknown.set(key, messages);
  }

  /** Messages of a record whose offset is not known. */
  unknownOf(sequence: number): number {
    return [...(this.#records.get(sequence)?.unknown.values() ?? [])].reduce((sum, count) => sum + count, 0);
  }

  /** Lowest offset of a topic that a record stored. */
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
  /** Offsets that the records passed. */
  readonly passed: number;
  /** Offsets that are stored nowhere, and how many of them the records and the known gaps explain. */
  readonly missing: number;
  readonly explained: number;
}

/** Holes of a topic in what one record passed. */
interface TopicHoles {
  readonly topic: string;
  readonly holes: readonly Run[];
}

/**
 * Holds what is stored against whole records. `gaps`: messages that are known to be missing, by topic; '' where it is
 * not known.
 */
export function compareOffsets(
  { before, records }: { readonly before: LogRecord | undefined; readonly records: readonly LogRecord[] },
  stored: StoredOffsets,
  gaps: ReadonlyMap<string, number>,
): OffsetComparison {
  const findings: Finding[] = [];
  const reached = new Map<string, number>(before === undefined ? [] : positionsOf(before));
  const left = new Map(gaps);
  const topics = new Set<string>();
  const sums = { passed: 0, missing: 0, explained: 0, filtered: 0, gaps: 0 };
  let sequence = before?.sequence;
  for (const record of records) {
    // Behind a hole in the log nothing says how far the missing records had come.
    if (sequence !== undefined && record.sequence > sequence + 1) reached.clear();
    sequence = record.sequence;
    const inRecord: TopicHoles[] = [];
    for (const [topic, offset] of positionsOf(record)) {
      const lowest = stored.lowestOf(record.sequence, topic);
      // Where nothing says how far an older record had come, the first that is stored is where it begins.
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
    const skipped = Math.min(missing, mayLack(record, stored));
    const known = takeGaps(left, inRecord, missing - skipped);
    sums.missing += missing;
    sums.explained += skipped + known;
    sums.gaps += known;
    if (skipped + known < missing) findings.push(unexplained(record, inRecord, { missing, skipped, known }));
  }
  if (sums.filtered > 0) {
    const message = `${sums.filtered} events of other wikis were filtered out; a hole in the offsets cannot be told apart from them`;
    findings.push(noteOf(['offsets', 'holes_unclear'], 'FILTER_WIKI', message));
  }
  if (sums.gaps > 0) {
    const message = `${sums.gaps} messages are missing in gaps that are known (gold.gaps)`;
    findings.push(noteOf(['offsets', 'gaps_known'], 'gold.gaps', message));
  }
  const { passed, missing, explained } = sums;
  return { findings, topics: topics.size, passed, missing, explained };
}

/** Messages that a record passed and that need not be stored under an offset of theirs. */
function mayLack({ sequence, skipped }: CommitRecord, stored: StoredOffsets): number {
  return skipped.canaries + skipped.filtered + skipped.duplicates + stored.unknownOf(sequence);
}

/** Takes what is missing out of the known gaps of its topics; answers how much there was. */
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

/** Holes that are named with their offsets. */
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
    `record ${sequence} passed ${missing} offsets that are stored nowhere, of which ${explained} may have been skipped ` +
    `(${canaries} canaries, ${filtered} filtered, ${duplicates} duplicates) and ${known} lie in known gaps: ${places.join('; ')}`;
  const advice =
    'These events are lost to bronze. A backfill of their time can bring the edits among them again.';
  return errorOf(['offsets', 'offsets_missing'], `record ${sequence}`, message, advice);
}

/** How far a record's cursor had come, by topic and partition. */
function positionsOf({ cursor }: LogRecord): [topic: string, offset: number][] {
  return Object.entries(cursor.topics).flatMap(([topic, { partition, offset }]) =>
    offset === undefined ? [] : [[`${topic}/${partition}`, offset] as [string, number]],
  );
}
