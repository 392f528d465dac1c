/** The parts of an hour against gold's ledger: what gold has counted that is gone, and what it has not counted. Pure. */
import { flushOfKey } from '../contracts/storage/object-keys.ts';
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
  /** Undefined for the part of a backfill. */
  readonly named: NamedPart | undefined;
}

/** A part that was committed for an hour that is sealed is counted within seconds; a busy worker takes longer. */
const HAND_OVER_MS = 600_000;

/** Parts that gold has counted and that bronze does not have, or has no longer. */
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
  // The record is gone from the front of the log, and the part with it; or the part lies there still, and is old.
  const expired = lost.filter(key => isForgotten(key) && (!listed.has(key) || isOld));
  const findings: Finding[] = [];
  if (expired.length > 0) {
    const message =
      listed.size === 0
        ? `${hour}: bronze has expired, not compared`
        : `${hour}: ${expired.length} of its parts have expired from bronze or their records from the log, not compared`;
    findings.push(noteOf(['gold', 'bronze_expired'], hour, message));
  }
  const advice =
    'Restore the part or its record from a version or a copy of the bucket. Without one the rows stay as they are, and the hour cannot be rebuilt.';
  for (const key of lost) {
    if (expired.includes(key)) continue;
    const there = listed.has(key) ? 'no record names it' : 'it is in no record and not in the bucket';
    const message = `gold has counted ${key}, and ${there}: was it deleted, or its record?`;
    findings.push(errorOf(['gold', 'counted_part_missing'], key, message, advice));
  }
  return findings;
}

/**
 * Parts that the audit must have counted although the ledger lacks them: they were committed before the rebuild, and
 * the audit has as many more. Somebody removed their keys; their edits are in the rows.
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

/** Parts that were there before the snapshot and that gold has not counted. */
export function waitingFindings(
  hour: Hour,
  parts: readonly HourPart[],
  known: ReadonlySet<string>,
  { ledger, audit }: HourSnapshot,
  nowMs: number,
): Finding[] {
  const applied = new Set(ledger.map(({ key }) => key));
  const findings: Finding[] = [];
  for (const { key, named } of parts) {
    if (applied.has(key) || !known.has(key)) continue;
    if (audit === undefined || named === undefined) {
      findings.push(noteOf(['gold', 'part_waits'], key, `${key} waits to be applied`));
      continue;
    }
    const isBefore = named.atMs <= audit.rebuiltAtMs;
    const isOverdue = audit.isSealed && nowMs - named.atMs > HAND_OVER_MS;
    if (isBefore || isOverdue) {
      const what = audit.isSealed ? 'sealed' : 'rebuilt';
      const message = `${key}, named by record ${named.sequence}, is not in gold’s ledger although ${hour} is ${what}`;
      findings.push(errorOf(['gold', 'part_not_counted'], key, message, rebuildAdvice(hour)));
    } else findings.push(noteOf(['gold', 'part_waits'], key, `${key} came late and waits to be applied`));
  }
  const late = ledger.filter(({ isAfter }) => isAfter).length;
  if (audit?.isSealed === true && late > 0) {
    const message = `${hour}: ${late} parts were added after it was sealed; the next rebuild takes repetitions out`;
    findings.push(noteOf(['gold', 'rebuild_waits'], hour, message));
  }
  return findings;
}
