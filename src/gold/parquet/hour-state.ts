/**
 * Everything gold has of one hour, as one value, and the three ways it changes. In S3 an hour is one object, so rows,
 * ledger and audit change together or not at all, as in a transaction of Postgres.
 *
 * Pure: when another writer has replaced the version that a change was based on, the change is computed again.
 */
import type { HourFooter } from '../../contracts/storage/gold-footers.ts';
import { auditCounts } from '../../contracts/storage/hour-audit.ts';
import type { StoredAudit } from '../../contracts/storage/hour-audit.ts';
import { correctionsIn, evidenceIn } from '../../contracts/storage/hour-evidence.ts';
import { hourPrefix } from '../../contracts/storage/object-keys.ts';
import { areTexts, isObject } from '../../core/json.ts';
import { rowIdentity } from '../../core/minute-counts.ts';
import type { MinuteRow } from '../../core/minute-counts.ts';
import type { Hour } from '../../core/time.ts';
import { fillRows, planFill } from '../fill-plan.ts';
import { correctionOf, evidenceOf, fillCorrectionOf, withCorrection } from '../hour-evidence.ts';
import { keptBy, loadedBefore, loadedInto, olderBefore, planRebuild, rebuiltRows } from '../older-rows.ts';
import type { AppliedPart, FilledHour, HourOutcome, RebuiltHour } from '../gold-store.ts';
import { clampToInt32 } from '../int32.ts';
import { pendingRows } from '../pending-parts.ts';

export interface GoldHour extends Pick<
  HourFooter,
  'counted' | 'added' | 'audit' | 'evidence' | 'corrections'
> {
  /** In any order. */
  readonly rows: readonly MinuteRow[];
}

/** An hour without an object. */
export const EMPTY_HOUR: GoldHour = { rows: [], counted: [], added: [] };

/** The outcome of a change: the hour's next state, absent when there is nothing to write, and the caller's answer. */
export interface Decision<T> {
  readonly next?: GoldHour;
  readonly answer: T;
}

/** Name of a part in the ledger of its hour. */
export function partName(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

/** Names of all parts that are in the hour's rows. */
export function ledgerOf({ counted, added }: GoldHour): Set<string> {
  return new Set([...counted, ...added]);
}

/**
 * Adds a part's rows once. The answer is true if they were added.
 * @param before rows of minutes before this epoch second are an older project's, and are left out
 */
export function withPart(
  current: GoldHour,
  { key, rows }: Pick<AppliedPart, 'key' | 'rows'>,
  before = Number.NEGATIVE_INFINITY,
): Decision<boolean> {
  const name = partName(key);
  if (current.counted.includes(name) || current.added.includes(name)) return { answer: false };
  const ours = rows.filter(row => row.minute >= before);
  const next = { ...current, rows: sumsOf([...current.rows, ...ours]), added: [...current.added, name] };
  return { next, answer: true };
}

/** Replaces the hour by its rebuild, unless the rebuild has not counted a part of the ledger. */
export function withRebuilt(
  current: GoldHour,
  rebuilt: RebuiltHour,
  {
    gaps,
    nowMs,
    handoverEnd,
  }: { readonly gaps: number; readonly nowMs: number; readonly handoverEnd?: number | undefined },
): Decision<HourOutcome> {
  const { hour, keys, counts, isSealed, covered, uncountedForeign = [], recountedTo } = rebuilt;
  const ledger = ledgerOf(current);
  const keptNames = uncountedForeign.map(partName).filter(name => ledger.has(name));
  const names = [...keys.map(partName), ...keptNames];
  const isCounted = new Set(names);
  const uncounted = [...ledger].filter(name => !isCounted.has(name));
  if (uncounted.length > 0)
    return { answer: { kind: 'stale', uncounted: uncounted.map(name => `${hourPrefix(hour)}${name}`) } };
  const wanted = { keys, rows: counts.rows.map(clamped) };
  const olderEnd = laterOf(handoverEnd, current);
  const plan = planRebuild(hour, wanted, olderBefore(olderEnd, rebuilt));
  const kept = keptBy(plan, hour);
  const rows = rebuiltRows(current.rows, plan);
  const isNew = (key: string): boolean => !ledger.has(partName(key));
  const pending = pendingRows(rebuilt, isNew, plan.from, olderEnd);
  const changedRows = changesBetween(sumsOf([...current.rows, ...pending.rows]), rows);
  const audit: StoredAudit = {
    isSealed: isSealed || current.audit?.isSealed === true,
    ...auditCounts(keys, counts),
    changedRows,
    gaps,
    ...(covered !== undefined && { covered }),
    rebuiltAtMs: nowMs,
    ...kept,
    ...(recountedTo !== undefined && { keptBefore: recountedTo }),
  };
  const answer = { kind: 'replaced', changedRows, ...pending.outcome, gaps, ...kept } as const;
  const before = { audit: current.audit, evidence: current.evidence };
  const isWhole = kept.keptBefore === undefined;
  const evidence = evidenceOf(rebuilt, isWhole ? rows : undefined, changedRows, before);
  const correction = correctionOf(rebuilt, isNew, changedRows, before, nowMs);
  const next: GoldHour = {
    rows,
    counted: names.sort(),
    added: [],
    audit,
    ...(evidence !== undefined && { evidence }),
    ...correctionsOf(current, correction),
  };
  // With a part that was pending the ledger is another one.
  return changedRows === 0 && hasSameFooter(current, next) ? { answer } : { next, answer };
}

/**
 * Fills the hour from a backfill. The answer is the number of changed rows.
 * @param gaps begin and end of each gap in turn, epoch seconds
 * @param where `handoverEnd`: rows of minutes before this epoch second are an older project's
 */
export function withFilled(
  current: GoldHour,
  filled: FilledHour,
  gaps: readonly number[],
  { handoverEnd, nowMs }: { readonly handoverEnd?: number | undefined; readonly nowMs: number },
): Decision<number> {
  const { audit } = current;
  const [readFrom, readTo] = audit?.covered?.map(ms => new Date(ms)) ?? [];
  const given = filled.rows.map(clamped);
  const before = laterOf(handoverEnd, current);
  const plan = planFill(
    { ...filled, rows: given },
    { isAudited: audit !== undefined, readFrom, readTo, gaps },
    before,
  );
  const loaded = before === undefined ? [] : loadedBefore(before, filled.hour, filled.keys, given);
  const rows = loadedInto(fillRows(current.rows, plan), loaded);
  const changedRows = changesBetween(current.rows, rows);
  const ledger = ledgerOf(current);
  const isNew = (key: string): boolean => !ledger.has(partName(key));
  const added = filled.keys.filter(isNew).map(partName);
  if (changedRows === 0 && added.length === 0) return { answer: 0 };
  const correction = fillCorrectionOf(filled, isNew, changedRows, nowMs);
  const next = {
    ...current,
    rows,
    added: [...current.added, ...added],
    ...correctionsOf(current, correction),
  };
  return { next, answer: changedRows };
}

/** Absent when there were none. */
function correctionsOf(
  { corrections = [] }: GoldHour,
  correction: Parameters<typeof withCorrection>[1],
): Pick<GoldHour, 'corrections'> {
  const all = withCorrection(corrections, correction);
  return all.length === 0 ? {} : { corrections: all };
}

/** The end of the handover, or of what the last rebuild kept or recounted, whichever is later. */
function laterOf(handoverEnd: number | undefined, { audit }: GoldHour): number | undefined {
  return audit?.keptBefore === undefined ? handoverEnd : Math.max(handoverEnd ?? -Infinity, audit.keptBefore);
}

/** Number of rows added, changed or removed. */
function changesBetween(before: readonly MinuteRow[], after: readonly MinuteRow[]): number {
  const old = byIdentity(before);
  const written = after.filter(row => {
    const known = old.get(rowIdentity(row));
    return known === undefined || known.edits !== row.edits || known.bytesChange !== row.bytesChange;
  });
  const present = new Set(after.map(rowIdentity));
  return written.length + before.filter(row => !present.has(rowIdentity(row))).length;
}

/** Whether both have the same ledger and audit, but for the time of the rebuild and what it changed. */
function hasSameFooter(current: GoldHour, next: GoldHour): boolean {
  const timeless = ({ counted, added, audit, evidence }: GoldHour): string =>
    JSON.stringify([counted, added, audit && { ...audit, changedRows: 0, rebuiltAtMs: 0 }, evidence]);
  return current.audit !== undefined && timeless(current) === timeless(next);
}

function byIdentity(rows: readonly MinuteRow[]): Map<string, MinuteRow> {
  return new Map(rows.map(row => [rowIdentity(row), row]));
}

/** One row for each identity. */
function sumsOf(rows: readonly MinuteRow[]): MinuteRow[] {
  const sums = new Map<string, MinuteRow>();
  for (const row of rows) {
    const known = sums.get(rowIdentity(row));
    sums.set(rowIdentity(row), known === undefined ? clamped(row) : sumOf(known, row));
  }
  return [...sums.values()];
}

function sumOf(a: MinuteRow, b: MinuteRow): MinuteRow {
  return clamped({ ...a, edits: a.edits + b.edits, bytesChange: a.bytesChange + b.bytesChange });
}

/** Clamps the sum of bytes now, so that rows in memory equal the rows in the file. */
function clamped(row: MinuteRow): MinuteRow {
  const bytesChange = clampToInt32(row.bytesChange);
  return bytesChange === row.bytesChange ? row : { ...row, bytesChange };
}

export function footerOf(hour: Hour, { counted, added, audit, evidence, corrections }: GoldHour): HourFooter {
  return {
    version: 1,
    hour,
    counted,
    added,
    ...(audit !== undefined && { audit }),
    ...(evidence !== undefined && { evidence }),
    ...(corrections !== undefined && { corrections }),
  };
}

/**
 * The content of a file. Rows of a file without our footer belong to no part of the ledger, so the next rebuild replaces
 * them.
 * @throws Error when the footer is damaged, or of another hour: its ledger would hide parts that nobody has counted
 */
export function hourOfFile(footer: unknown, rows: readonly MinuteRow[], hour: Hour): GoldHour {
  if (!isObject(footer) || !('version' in footer)) return { ...EMPTY_HOUR, rows };
  const { counted, added, audit } = footer;
  const evidence = evidenceIn(footer['evidence']);
  const corrections = correctionsIn(footer['corrections']);
  if (!areTexts(counted) || !areTexts(added)) throw new Error('its footer has no ledger');
  if (footer['hour'] !== hour) throw new Error(`it is of another hour, ${String(footer['hour'])}`);
  // Written by `footerOf`.
  return {
    rows,
    counted,
    added,
    ...(isObject(audit) && { audit: audit as unknown as StoredAudit }),
    ...(evidence !== undefined && { evidence }),
    ...(corrections.length > 0 && { corrections }),
  };
}
