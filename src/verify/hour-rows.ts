/**
 * Compares the rows and the audit of an hour with what they must be. Pure. A rebuild counts each revision once. A part
 * applied later adds its sums on top, even for revisions it repeats, until the next rebuild. So the expected rows are
 * those of the rebuilt parts, each revision once, plus the sums of the parts applied since. Without a rebuild, they are
 * the sums of all parts. These rules repeat those of src/transform and src/gold on purpose: the check is independent.
 */
import { rowIdentity } from '../core/minute-counts.ts';
import type { HourCounts, MinuteRow } from '../core/minute-counts.ts';
import { HOUR_MS, isoSeconds } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import type { HourSnapshot, SnapshotAudit } from '../gold/snapshot.ts';
import { errorOf } from './findings.ts';
import type { Finding } from './findings.ts';

/** How each part of an hour got into its rows. */
export interface LedgerSplit {
  /** Counted by the last rebuild, each revision once. */
  readonly rebuilt: ReadonlySet<string>;
  /** Added since that rebuild. */
  readonly added: ReadonlySet<string>;
}

/** Without a rebuild, every part counts as added. */
export function splitLedger({ ledger, audit }: Pick<HourSnapshot, 'ledger' | 'audit'>): LedgerSplit {
  const isAdded = ({ isAfter }: { isAfter: boolean }): boolean => audit === undefined || isAfter;
  return {
    rebuilt: new Set(ledger.filter(entry => !isAdded(entry)).map(({ key }) => key)),
    added: new Set(ledger.filter(isAdded).map(({ key }) => key)),
  };
}

/** Sums of edits and bytes. Byte sums are clamped like the 32-bit columns of gold; repeated here on purpose. */
export class RowSums {
  readonly #rows = new Map<string, MinuteRow>();

  add(rows: readonly MinuteRow[]): void {
    for (const row of rows) {
      const name = rowIdentity(row);
      const { edits = 0, bytesChange = 0 } = this.#rows.get(name) ?? {};
      this.#rows.set(name, {
        ...row,
        edits: edits + row.edits,
        bytesChange: Math.min(Math.max(bytesChange + row.bytesChange, -(2 ** 31)), 2 ** 31 - 1),
      });
    }
  }

  get(row: MinuteRow): MinuteRow | undefined {
    return this.#rows.get(rowIdentity(row));
  }

  get rows(): MinuteRow[] {
    return [...this.#rows.values()];
  }
}

/** A row that differs; a side without a row is undefined. */
export interface RowDifference {
  /** ISO 8601. */
  readonly tsMinute: string;
  readonly wiki: string;
  readonly isBot: boolean;
  readonly expected: { readonly edits: number; readonly bytesChange: number } | undefined;
  readonly found: { readonly edits: number; readonly bytesChange: number } | undefined;
}

/** Rows that differ, ordered by minute, wiki and bot flag. */
export function compareRows(expected: RowSums, found: readonly MinuteRow[]): RowDifference[] {
  const seen = new Set<string>();
  const differences: RowDifference[] = [];
  for (const row of found) {
    seen.add(rowIdentity(row));
    const counted = expected.get(row);
    if (counted?.edits !== row.edits || counted.bytesChange !== row.bytesChange)
      differences.push(differenceOf(row, counted, row));
  }
  for (const row of expected.rows)
    if (!seen.has(rowIdentity(row))) differences.push(differenceOf(row, row, undefined));
  return differences.sort((a, b) => (sortName(a) < sortName(b) ? -1 : 1));
}

/** Differing rows that a finding spells out. */
const NAMED_ROWS = 5;

/** One finding for all differing rows of an hour. */
export function rowFinding(
  hour: Hour,
  differences: readonly RowDifference[],
  { editTypes, advice }: { readonly editTypes: string; readonly advice: string },
): Finding {
  const named = differences.slice(0, NAMED_ROWS).map(describeRow);
  const more = differences.length > NAMED_ROWS ? `; and ${differences.length - NAMED_ROWS} more` : '';
  const message = `${hour}: ${differences.length} rows differ from bronze: ${named.join('; ')}${more}`;
  const counted = `(Counted with EDIT_TYPES=${editTypes}; the workers must use the same value.)`;
  return errorOf(['gold', 'rows_differ'], hour, message, `${advice} ${counted}`);
}

/** How to rebuild an hour from bronze. */
export function rebuildAdvice(hour: Hour): string {
  const next = new Date(Date.parse(`${hour}:00:00Z`) + HOUR_MS).toISOString().slice(0, 13);
  return `Rebuild the hour: npm run transform -- --from ${hour}:00Z --to ${next}:00Z`;
}

/** Compares the audit of an hour with a recount of its parts and with the rows. */
export function auditFindings(
  hour: Hour,
  audit: SnapshotAudit,
  {
    parts,
    counts,
    addedEdits,
    rows,
  }: {
    /** Parts that the rebuild counted. */
    readonly parts: number;
    readonly counts: Pick<HourCounts, 'events' | 'edits' | 'distinct' | 'unusable'>;
    /** Edits added since the rebuild. */
    readonly addedEdits: number;
    readonly rows: readonly MinuteRow[];
  },
  advice: string,
): Finding[] {
  const expected = { ...counts, parts, duplicates: counts.edits - counts.distinct };
  const names = ['parts', 'events', 'edits', 'distinct', 'duplicates', 'unusable'] as const;
  const differences = names
    .filter(name => audit[name] !== expected[name])
    .map(name => `${name} should be ${expected[name]} but is ${audit[name]}`);
  const sum = rows.reduce((total, row) => total + row.edits, 0);
  if (sum !== audit.distinct + addedEdits) {
    const since = addedEdits > 0 ? `, with ${addedEdits} added since` : '';
    differences.push(`its rows add up to ${sum} edits, but the audit has ${audit.distinct}${since}`);
  }
  if (differences.length === 0) return [];
  const message = `gold.hours of ${hour} disagrees with bronze and the rows: ${differences.join('; ')}`;
  return [errorOf(['sums', 'audit_differs'], `gold.hours ${hour}`, message, advice)];
}

function describeRow({ tsMinute, wiki, isBot, expected, found }: RowDifference): string {
  const side = (row: RowDifference['found']): string =>
    row === undefined ? 'no row' : `${row.edits} edits, ${row.bytesChange} bytes`;
  return `ts_minute ${tsMinute}, wiki ${wiki}, is_bot ${isBot}: expected ${side(expected)}, found ${side(found)}`;
}

function differenceOf(
  { minute, wiki, isBot }: MinuteRow,
  expected: MinuteRow | undefined,
  found: MinuteRow | undefined,
): RowDifference {
  const side = (row: MinuteRow | undefined) => row && { edits: row.edits, bytesChange: row.bytesChange };
  return { tsMinute: isoSeconds(minute), wiki, isBot, expected: side(expected), found: side(found) };
}

function sortName({ tsMinute, wiki, isBot }: RowDifference): string {
  return `${tsMinute} ${wiki} ${isBot}`;
}
