/**
 * What gold keeps of a rebuild beside its audit: what was counted, and what that has corrected. Pure; both stores of gold
 * use it, so that they say the same of an hour.
 */
import { createHash } from 'node:crypto';
import type {
  Correction,
  CorrectionReason,
  HourEvidence,
  RowsDigest,
} from '../contracts/storage/hour-evidence.ts';
import { backfillSourceOf, isForeignKey, isReplayPart } from '../contracts/storage/object-keys.ts';
import { byKey } from '../core/minute-counts.ts';
import type { StoredAudit } from '../contracts/storage/hour-audit.ts';
import type { MinuteRow } from '../core/minute-counts.ts';
import { isoMs, isoSeconds } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import type { AuditedHour, FilledHour, RebuiltHour } from './gold-store.ts';
import { clampToInt32 } from './int32.ts';

/** Corrections of an hour that gold keeps. */
export const KEPT_CORRECTIONS = 100;

/** What gold has of an hour before it is rebuilt. */
export interface EvidenceBefore {
  /** Undefined for an hour that was never rebuilt. */
  readonly audit: { readonly isSealed: boolean; readonly duplicates: number } | undefined;
  /** Undefined too when a version counted it that left none. */
  readonly evidence: HourEvidence | undefined;
}

/**
 * The evidence of a rebuild: that of the one before, when nothing has changed since, so that a citation of it stays true.
 * Undefined when it is not known what was counted.
 * @param rows of the whole hour; undefined when rows of an older project are among them
 */
export function evidenceOf(
  { content, isSealed }: Pick<RebuiltHour, 'content' | 'isSealed'>,
  rows: readonly MinuteRow[] | undefined,
  changedRows: number,
  { audit, evidence: before }: EvidenceBefore,
): HourEvidence | undefined {
  if (content === undefined) return undefined;
  const isWholeHistory = audit === undefined || before !== undefined;
  const since = isWholeHistory ? before?.correctionsSince : content.at;
  const evidence: HourEvidence = {
    at: content.at,
    isSealed: isSealed || audit?.isSealed === true,
    changedRows,
    parts: content.parts,
    offsets: content.offsets,
    ...(rows !== undefined && { rows: rowsDigest(rows) }),
    ...(since !== undefined && { correctionsSince: since }),
  };
  return before !== undefined && changedRows === 0 && isSame(before, evidence) ? before : evidence;
}

function isSame(a: HourEvidence, b: HourEvidence): boolean {
  const timeless = ({ isSealed, parts, offsets, rows }: HourEvidence): string =>
    JSON.stringify([
      isSealed,
      parts.map(({ key, url, lines, sha256 }) => [key, url, lines, sha256]),
      offsets.map(({ topic, partition, first, last, events }) => [topic, partition, first, last, events]),
      rows?.sha256,
    ]);
  return timeless(a) === timeless(b);
}

/** Digests rows as gold stores them: sums of bytes are clamped. */
export function rowsDigest(rows: readonly MinuteRow[]): RowsDigest {
  const hash = createHash('sha256');
  let edits = 0;
  let bytesChange = 0;
  for (const row of [...rows].sort(byKey)) {
    const bytes = clampToInt32(row.bytesChange);
    edits += row.edits;
    bytesChange += bytes;
    hash.update(`${isoSeconds(row.minute)},${row.wiki},${row.isBot},${row.edits},${bytes}\n`);
  }
  return { rows: rows.length, edits, bytesChange, sha256: hash.digest('hex') };
}

/** What gold says of a rebuilt hour. */
export function auditedHour(hour: Hour, audit: StoredAudit, evidence: HourEvidence | undefined): AuditedHour {
  return {
    hour,
    audit: { ...audit, changedRows: evidence?.changedRows ?? audit.changedRows },
    rebuiltAt: evidence?.at ?? isoMs(audit.rebuiltAtMs),
    hasDigests: evidence !== undefined,
  };
}

type NewCorrection = Omit<Correction, 'nth'>;

/**
 * The correction that a rebuild has made; undefined when it has changed nothing.
 * @param isNew whether the ledger lacked a key before
 */
export function correctionOf(
  { keys, counts, content, recountedTo }: Pick<RebuiltHour, 'keys' | 'counts' | 'content' | 'recountedTo'>,
  isNew: (key: string) => boolean,
  changedRows: number,
  { audit }: EvidenceBefore,
  nowMs: number,
): NewCorrection | undefined {
  if (changedRows === 0) return undefined;
  const merged = mergedOf(keys, isNew);
  const isRepeated = counts.edits - counts.distinct > (audit?.duplicates ?? 0);
  const isRecounted = recountedTo !== undefined;
  const reasons = reasonsOf(merged, isRepeated, isRecounted ? ['older_project'] : []);
  return { at: content?.at ?? isoMs(nowMs), kind: 'rebuilt', changedRows, parts: merged.length, reasons };
}

/** The correction that a backfill of an hour has made that cannot be rebuilt; undefined when it has changed nothing. */
export function fillCorrectionOf(
  { keys, at }: FilledHour,
  isNew: (key: string) => boolean,
  changedRows: number,
  nowMs: number,
): NewCorrection | undefined {
  if (changedRows === 0) return undefined;
  const merged = mergedOf(keys, isNew);
  const reasons = reasonsOf(merged, false);
  return { at: at ?? isoMs(nowMs), kind: 'filled', changedRows, parts: merged.length, reasons };
}

/** New parts whose rows nobody had added: those of the stream are pending, and correct nothing. */
function mergedOf(keys: readonly string[], isNew: (key: string) => boolean): string[] {
  return keys.filter(key => isNew(key) && reasonOf(key) !== undefined);
}

/** With new parts their repetitions are counted too, so these say nothing more. */
function reasonsOf(
  merged: readonly string[],
  isRepeated: boolean,
  known: readonly CorrectionReason[] = [],
): CorrectionReason[] {
  const reasons = new Set([...known, ...merged.flatMap(key => reasonOf(key) ?? [])]);
  if (reasons.size === 0) reasons.add(isRepeated ? 'repeated_revisions' : 'rows_differed');
  return [...reasons].sort();
}

function reasonOf(key: string): CorrectionReason | undefined {
  if (isForeignKey(key)) return 'older_project';
  if (isReplayPart(key)) return 'replay';
  return backfillSourceOf(key) === undefined ? undefined : 'backfill';
}

/** The corrections with one more, of which the latest are kept. */
export function withCorrection(
  corrections: readonly Correction[],
  correction: NewCorrection | undefined,
): readonly Correction[] {
  if (correction === undefined) return corrections;
  const nth = (corrections.at(-1)?.nth ?? 0) + 1;
  return [...corrections, { nth, ...correction }].slice(-KEPT_CORRECTIONS);
}
