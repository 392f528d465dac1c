/**
 * What an hour was counted from, and what has corrected it: the parts with a digest of their lines, the offsets of their
 * events, and the rows that came out. Gold keeps it beside the audit, so that a count can be cited, and checked when
 * bronze has expired. Hours that earlier versions counted lack it. Field names are serialised.
 */
import { isObject } from '../../core/json.ts';
import type { Json } from '../../core/json.ts';
import { isInstant } from '../../core/time.ts';
import type { AuditCounts } from './hour-audit.ts';

/** The content of a part. */
export interface PartDigest {
  /** Lines that are not empty. */
  readonly lines: number;
  /** Uncompressed. */
  readonly bytes: number;
  /**
   * SHA-256, in hexadecimal, of the uncompressed bytes: what `gunzip -c part | sha256sum` prints. Compressing the same
   * lines in another way does not change it.
   */
  readonly sha256: string;
}

/** A part that was counted. */
export interface CountedPart extends PartDigest {
  readonly key: string;
  /** The stream, API or dump that its events are from. */
  readonly url: string;
  readonly simulated: boolean;
}

/** Where the events of a partition lie that were counted. Events are sorted by time, offsets only nearly. */
export interface OffsetRange {
  readonly topic: string;
  readonly partition: number;
  /** The lowest offset and the highest. */
  readonly first: number;
  readonly last: number;
  /** Events that carry an offset of this partition. */
  readonly events: number;
}

/** What a count has read. */
export interface HourContent {
  /** When it was counted, ISO 8601. */
  readonly at: string;
  /** In the order in which they were counted: the first one with a revision decides. */
  readonly parts: readonly CountedPart[];
  /** By topic and partition. */
  readonly offsets: readonly OffsetRange[];
}

/** The rows of an hour. */
export interface RowsDigest {
  readonly rows: number;
  readonly edits: number;
  readonly bytesChange: number;
  /** SHA-256, in hexadecimal, of the lines `ts_minute,wiki,is_bot,edits,bytes_change` in the order of the primary key. */
  readonly sha256: string;
}

/** What gold keeps of a rebuild. A rebuild that finds nothing else leaves that of the one before. */
export interface HourEvidence extends HourContent {
  /** Whether no more parts were expected. */
  readonly isSealed: boolean;
  /** Rows that the rebuild corrected. */
  readonly changedRows: number;
  /** Absent where rows of an older project are among those of the hour. */
  readonly rows?: RowsDigest;
  /** ISO 8601: earlier corrections were not recorded. Absent when all of them are. */
  readonly correctionsSince?: string;
}

/**
 * Why rows were corrected. `backfill`, `replay`, `older_project`: parts were counted that gold had not. `repeated_revisions`:
 * a revision came in several events, and had been counted more than once. `rows_differed`: none of these, so the rows
 * were not those of the parts in the ledger.
 */
export const CORRECTION_REASONS = [
  'backfill',
  'replay',
  'older_project',
  'repeated_revisions',
  'rows_differed',
] as const;
export type CorrectionReason = (typeof CORRECTION_REASONS)[number];

/** A rebuild that found other rows in gold than it counted, or a backfill of an hour that cannot be rebuilt. */
export interface Correction {
  /** Counts the corrections of the hour from 1. Only the latest are kept. */
  readonly nth: number;
  /** ISO 8601. */
  readonly at: string;
  /** `filled`: counted parts are no longer in bronze, so only rows of a backfill were written. */
  readonly kind: 'rebuilt' | 'filled';
  readonly changedRows: number;
  /** Parts that were counted for the first time, without those of the stream: they correct nothing. */
  readonly parts: number;
  readonly reasons: readonly CorrectionReason[];
}

/** Evidence as gold has stored it; undefined for anything else. The order of fields is always the same. */
export function evidenceIn(value: unknown): HourEvidence | undefined {
  if (!isObject(value)) return undefined;
  const { at, isSealed, changedRows, parts, offsets, rows, correctionsSince } = value;
  if (typeof at !== 'string' || !isInstant(at) || typeof isSealed !== 'boolean' || !isCount(changedRows))
    return undefined;
  if (!areAll(parts, isPart) || !areAll(offsets, isOffsets)) return undefined;
  if (rows !== undefined && !isRows(rows)) return undefined;
  if (
    correctionsSince !== undefined &&
    (typeof correctionsSince !== 'string' || !isInstant(correctionsSince))
  )
    return undefined;
  return {
    at,
    isSealed,
    changedRows,
    parts: parts.map(({ key, url, simulated, lines, bytes, sha256 }) => ({
      key,
      url,
      simulated,
      lines,
      bytes,
      sha256,
    })),
    offsets: offsets.map(({ topic, partition, first, last, events }) => ({
      topic,
      partition,
      first,
      last,
      events,
    })),
    ...(rows !== undefined && {
      rows: { rows: rows.rows, edits: rows.edits, bytesChange: rows.bytesChange, sha256: rows.sha256 },
    }),
    ...(correctionsSince !== undefined && { correctionsSince }),
  };
}

/** Corrections as gold has stored them, without what is none. */
export function correctionsIn(value: unknown): Correction[] {
  if (!Array.isArray(value)) return [];
  return (value as unknown[]).filter(isCorrection);
}

/**
 * Whether evidence and audit are of the same count. A worker of an earlier version replaces the audit only: its rebuild
 * is not what the evidence tells of, unless it has counted the same.
 */
export function belongsTo(
  { parts }: Pick<HourEvidence, 'parts'>,
  audit: Pick<AuditCounts, 'parts' | 'events' | 'unusable'>,
): boolean {
  const lines = parts.reduce((sum, part) => sum + part.lines, 0);
  return parts.length === audit.parts && lines === audit.events + audit.unusable;
}

const SHA256 = /^[0-9a-f]{64}$/;

function isPart(value: unknown): value is CountedPart {
  if (!isObject(value)) return false;
  const { key, url, simulated, lines, bytes } = value;
  const isNamed = typeof key === 'string' && typeof url === 'string' && typeof simulated === 'boolean';
  return isNamed && isCount(lines) && isCount(bytes) && hasSha256(value);
}

function isOffsets(value: unknown): value is OffsetRange {
  if (!isObject(value) || typeof value['topic'] !== 'string') return false;
  return [value['partition'], value['first'], value['last'], value['events']].every(isCount);
}

function isRows(value: unknown): value is RowsDigest {
  if (!isObject(value)) return false;
  const { rows, edits, bytesChange } = value;
  return isCount(rows) && isCount(edits) && Number.isSafeInteger(bytesChange) && hasSha256(value);
}

function isCorrection(value: unknown): value is Correction {
  if (!isObject(value)) return false;
  const { nth, at, kind, changedRows, parts, reasons } = value;
  const isTimed = typeof at === 'string' && isInstant(at) && (kind === 'rebuilt' || kind === 'filled');
  return isTimed && [nth, changedRows, parts].every(isCount) && areAll(reasons, isReason);
}

function isReason(value: unknown): value is CorrectionReason {
  return CORRECTION_REASONS.some(reason => reason === value);
}

function hasSha256({ sha256 }: Json): boolean {
  return typeof sha256 === 'string' && SHA256.test(sha256);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function areAll<T>(value: unknown, is: (each: unknown) => each is T): value is readonly T[] {
  return Array.isArray(value) && value.every(is);
}
