/**
 * Compares the parts of an hour with gold's ledger: counted parts that are gone, and parts that are not counted. Pure.
 * Written separately from src/transform on purpose, so that a bug there cannot hide here.
 */
import { flushOfKey, isForeignKey } from '../contracts/storage/object-keys.ts';
import { HOUR_MS, isoSeconds } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import type { HourSnapshot } from '../gold/snapshot.ts';
import { errorOf, noteOf } from './findings.ts';
import type { Finding } from './findings.ts';
import { rebuildAdvice } from './hour-rows.ts';
import type { LedgerSplit } from './hour-rows.ts';
import type { NamedPart } from './log-reader.ts';
import { KEPT_MS } from './read-objects.ts';

/** A part of the hour. */
export interface HourPart {
  readonly key: string;
  /** Undefined for a part of a backfill or replay: no log record names it. */
  readonly named: NamedPart | undefined;
  /** When its object was written, epoch ms, where that is known. */
  readonly storedMs?: number;
}

/** A part committed to a sealed hour is normally counted within seconds; this allows for a busy worker. */
const HAND_OVER_MS = 600_000;
/**
 * A backfill of many wikis rebuilds an hour once it has read a batch of them, and a part of the stream waits as long as
 * gold or the workers are away. What waits longer has been forgotten.
 */
const OVERDUE_MS = 6 * 3_600_000;

/** Parts that gold counted but the log does not name: expired, or an error. */
export function lostFindings(
  hour: Hour,
  lost: readonly string[],
  listed: ReadonlySet<string>,
  { oldest, nowMs }: { readonly oldest: number; readonly nowMs: number },
): Finding[] {
  const isOld = nowMs - Date.parse(`${hour}:00:00Z`) > KEPT_MS;
  const isForgotten = (key: string): boolean => {
    const sequence = flushOfKey(key)?.sequence;
    return sequence === undefined ? isOld : sequence < oldest;
  };
  // The part may outlive its expired record for a while; a young part without a record is an error.
  const expired = lost.filter(key => isForgotten(key) && (!listed.has(key) || isOld));
  const findings: Finding[] = [];
  if (expired.length > 0) {
    const message =
      listed.size === 0
        ? `${hour}: bronze has expired; not compared`
        : `${hour}: ${expired.length} of its parts, or their records, have expired; not compared`;
    findings.push(noteOf(['gold', 'bronze_expired'], hour, message));
  }
  const advice =
    'Restore the part or its record from an object version or a copy of the bucket. Without one, the rows stay as they are and the hour cannot be rebuilt.';
  for (const key of lost) {
    if (expired.includes(key)) continue;
    const problem = listed.has(key) ? 'no record names it' : 'it is neither in the log nor in the bucket';
    const message = `gold counted ${key}, but ${problem}. Was the part or its record deleted?`;
    findings.push(errorOf(['gold', 'counted_part_missing'], key, message, advice));
  }
  return findings;
}

/** First epoch second of an hour. */
export function startOf(hour: Hour): number {
  return Date.parse(`${hour}:00:00Z`) / 1000;
}

/**
 * Where the rows of an older project end in the hour, epoch seconds: its start when it has none. Without a handover, all
 * rows of an hour with its keys are that project's.
 */
export function olderRowsEnd(hour: Hour, { ledger, audit, handoverEnd }: HourSnapshot): number {
  const start = startOf(hour);
  const end = start + HOUR_MS / 1000;
  const isFound = ledger.some(({ key }) => isForeignKey(key));
  const before = Math.max(handoverEnd ?? (isFound ? end : start), audit?.keptBefore ?? start);
  return Math.min(Math.max(before, start), end);
}

/** Whether rows of the hour may have been dropped because of their age. */
export function hasExpired(hour: Hour, { keptFrom }: HourSnapshot): boolean {
  return keptFrom !== undefined && startOf(hour) < keptFrom;
}

export function expiredFindings(hour: Hour, snapshot: HourSnapshot): Finding[] {
  if (!hasExpired(hour, snapshot)) return [];
  const message = `${hour}: older than gold keeps rows (see npm run migrate -- --timescale); not compared`;
  return [noteOf(['gold', 'rows_expired'], hour, message)];
}

export function olderFindings(hour: Hour, end: number, ledger: HourSnapshot['ledger']): Finding[] {
  if (end === startOf(hour)) return [];
  const parts = ledger.filter(({ key }) => isForeignKey(key)).length;
  const message = `${hour}: rows before ${isoSeconds(end)} are an older project’s (${parts} of its parts are in the ledger); not compared`;
  return [noteOf(['gold', 'older_rows'], hour, message)];
}

/**
 * Treats parts as rebuilt that the ledger lacks but the audit must have counted: they were committed before the
 * rebuild, and the audit counts that many more parts. Their keys were removed from the ledger by hand; their edits are
 * in the rows.
 */
export function withUncounted(
  split: LedgerSplit,
  parts: readonly HourPart[],
  known: ReadonlySet<string>,
  { audit, ledger }: HourSnapshot,
): LedgerSplit {
  if (audit === undefined) return split;
  const applied = new Set(ledger.map(({ key }) => key));
  const removed = parts.filter(
    ({ key, named }) =>
      !applied.has(key) && known.has(key) && named !== undefined && named.atMs <= audit.rebuiltAtMs,
  );
  if (audit.parts < split.rebuilt.size + removed.length) return split;
  return { ...split, rebuilt: new Set([...split.rebuilt, ...removed.map(({ key }) => key)]) };
}

/** Parts that existed before the snapshot but that gold has not counted. */
export function waitingFindings(
  hour: Hour,
  parts: readonly HourPart[],
  known: ReadonlySet<string>,
  { ledger, audit }: HourSnapshot,
  nowMs: number,
): Finding[] {
  const applied = new Set(ledger.map(({ key }) => key));
  const findings: Finding[] = [];
  for (const { key, named, storedMs = nowMs } of parts) {
    if (applied.has(key) || !known.has(key)) continue;
    if (named === undefined && nowMs - storedMs > OVERDUE_MS) {
      const message = `${key} is in bronze since ${isoSeconds(Math.floor(storedMs / 1000))}, but gold has not counted it. Was its backfill terminated?`;
      findings.push(errorOf(['gold', 'part_not_counted'], key, message, rebuildAdvice(hour)));
      continue;
    }
    const isForgotten = named !== undefined && nowMs - named.atMs > OVERDUE_MS;
    if (isForgotten && audit?.isSealed !== true) {
      const message = `${key}, committed by record ${named.sequence} at ${isoSeconds(Math.floor(named.atMs / 1000))}, is not in gold’s ledger, and ${hour} is not sealed. Is ingest running, or was its hour terminated?`;
      findings.push(errorOf(['gold', 'part_not_counted'], key, message, rebuildAdvice(hour)));
      continue;
    }
    if (audit === undefined || named === undefined) {
      findings.push(noteOf(['gold', 'part_waits'], key, `${key} is waiting to be applied`));
      continue;
    }
    const isBefore = named.atMs <= audit.rebuiltAtMs;
    const isOverdue = audit.isSealed && nowMs - named.atMs > HAND_OVER_MS;
    if (isBefore || isOverdue) {
      const what = audit.isSealed ? 'sealed' : 'rebuilt';
      const message = `${key}, named by record ${named.sequence}, is not in gold’s ledger although ${hour} is ${what}`;
      findings.push(errorOf(['gold', 'part_not_counted'], key, message, rebuildAdvice(hour)));
    } else
      findings.push(noteOf(['gold', 'part_waits'], key, `${key} arrived late and is waiting to be applied`));
  }
  const late = ledger.filter(({ isAfter }) => isAfter).length;
  if (audit?.isSealed === true && late > 0) {
    const message = `${hour}: ${late} parts were added after it was sealed; the next rebuild removes duplicates`;
    findings.push(noteOf(['gold', 'rebuild_waits'], hour, message));
  }
  return findings;
}
