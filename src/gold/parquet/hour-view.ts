/** An hour's object, as its readers want it. Pure. */
import { isStoredAudit } from '../../contracts/storage/hour-audit.ts';
import { hourPrefix } from '../../contracts/storage/object-keys.ts';
import type { Hour } from '../../core/time.ts';
import { auditedHour } from '../hour-evidence.ts';
import type { HourRecord } from '../hour-record.ts';
import type { LedgerEntry } from '../snapshot.ts';
import type { GoldHour } from './hour-state.ts';
import { rowsWithin } from './minutes.ts';

/** The ledger, by key. */
export function ledgerEntries(hour: Hour, { counted, added, audit }: GoldHour): LedgerEntry[] {
  const entry = (name: string, isAfter: boolean): LedgerEntry => ({
    key: `${hourPrefix(hour)}${name}`,
    isAfter,
  });
  const ledger = [
    ...counted.map(name => entry(name, false)),
    ...added.map(name => entry(name, audit !== undefined)),
  ];
  return ledger.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Everything but the rows. */
export function recordOf(hour: Hour, read: GoldHour): HourRecord {
  const { audit, evidence, corrections = [] } = read;
  const rows = rowsWithin(hour, read.rows);
  return {
    kind: 'read',
    audited: isStoredAudit(audit) ? auditedHour(hour, audit, evidence) : undefined,
    evidence,
    corrections,
    ledger: ledgerEntries(hour, read),
    sums: {
      rows: rows.length,
      edits: rows.reduce((sum, row) => sum + row.edits, 0),
      bytesChange: rows.reduce((sum, row) => sum + row.bytesChange, 0),
    },
  };
}
