/**
 * All that gold has of one hour as one value, and the three ways in which it changes. In S3 an hour is one object, so
 * that rows, ledger and audit change together or not at all, as they do in a transaction of Postgres. Pure: what is
 * decided on a version that another writer has replaced is decided again.
 */
import { hourPrefix } from '../../contracts/storage/object-keys.ts';
import { isObject } from '../../core/json.ts';
import type { MinuteRow } from '../../core/minute-counts.ts';
import { openMinutes } from '../../core/open-minutes.ts';
import type { Hour } from '../../core/time.ts';
import { withinInt32 } from './row-file.ts';
import type { SnapshotAudit } from '../snapshot.ts';
import type { AppliedPart, FilledHour, HourOutcome, RebuiltHour } from '../gold-store.ts';

/** What the last rebuild of an hour found: the columns of `gold.hours`. */
export interface GoldAudit extends SnapshotAudit {
  readonly late: number;
  readonly changedRows: number;
  readonly gaps: number;
  /** The stretch in which the stream was read, epoch ms; absent where it was not. */
  readonly covered?: readonly [fromMs: number, toMs: number];
}

export interface GoldHour {
  /** In any order. */
  readonly rows: readonly MinuteRow[];
  /** Names of the parts that the last rebuild counted. */
  readonly counted: readonly string[];
  /** Names of those that were added since. */
  readonly added: readonly string[];
  /** Absent while the hour was never rebuilt. */
  readonly audit?: GoldAudit;
}

/** An hour that nobody has written yet. */
export const NO_HOUR: GoldHour = { rows: [], counted: [], added: [] };

/** What a decision makes of an hour: its next state, absent where nothing is to be written, and what the caller gets. */
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

/** Adds a part's rows once; answers whether they were added. */
export function withPart(
  known: GoldHour,
  { key, rows }: Pick<AppliedPart, 'key' | 'rows'>,
): Decision<boolean> {
  const name = partName(key);
  if (known.counted.includes(name) || known.added.includes(name)) return { answer: false };
  const sums = byIdentity(known.rows);
  for (const row of rows) {
    const before = sums.get(identityOf(row));
    sums.set(identityOf(row), before === undefined ? held(row) : sumOf(before, row));
  }
  return { next: { ...known, rows: [...sums.values()], added: [...known.added, name] }, answer: true };
}

/** Puts a rebuilt hour in the place of what is known, unless it lacks a part that is known. */
export function withRebuilt(
  known: GoldHour,
  { hour, keys, counts, isSealed, covered }: RebuiltHour,
  { gaps, nowMs }: { readonly gaps: number; readonly nowMs: number },
): Decision<HourOutcome> {
  const names = keys.map(partName);
  const isGiven = new Set(names);
  const uncounted = [...ledgerOf(known)].filter(name => !isGiven.has(name));
  if (uncounted.length > 0)
    return { answer: { kind: 'stale', uncounted: uncounted.map(name => `${hourPrefix(hour)}${name}`) } };
  const rows = counts.rows.map(held);
  const changedRows = changesBetween(known.rows, rows);
  const { events, edits, distinct, late, unusable } = counts;
  const audit: GoldAudit = {
    isSealed: isSealed || known.audit?.isSealed === true,
    parts: keys.length,
    events,
    edits,
    distinct,
    duplicates: edits - distinct,
    late,
    unusable,
    changedRows,
    gaps,
    ...(covered !== undefined && { covered }),
    rebuiltAtMs: nowMs,
  };
  const answer = { kind: 'replaced', changedRows, gaps } as const;
  const next = { rows, counted: names.sort(), added: [], audit };
  return changedRows === 0 && saysTheSame(known, next) ? { answer } : { next, answer };
}

/** Puts what a backfill brought where the stream was not read; answers how many rows that changed. */
export function withFilled(
  known: GoldHour,
  { hour, keys, rows, wikis, areRowsExact }: FilledHour,
  gaps: readonly number[],
): Decision<number> {
  const { audit } = known;
  const [from, to] = audit?.covered ?? [];
  const readFrom = from === undefined ? undefined : new Date(from);
  const readTo = to === undefined ? undefined : new Date(to);
  const isOpen = new Set(openMinutes(hour, { isAudited: audit !== undefined, readFrom, readTo, gaps }));
  const isBrought = new Set(wikis);
  const brought = rows.filter(row => isBrought.has(row.wiki)).map(held);
  const kept = known.rows.filter(row => !(isOpen.has(row.minute) && isBrought.has(row.wiki)));
  const isKnown = new Set(kept.map(({ minute, wiki }) => `${minute} ${wiki}`));
  const filling = brought.filter(
    ({ minute, wiki }) => isOpen.has(minute) || (areRowsExact && !isKnown.has(`${minute} ${wiki}`)),
  );
  const next = [...kept, ...filling];
  const changed = changesBetween(known.rows, next);
  const ledger = ledgerOf(known);
  const added = keys.map(partName).filter(name => !ledger.has(name));
  if (changed === 0 && added.length === 0) return { answer: 0 };
  return { next: { ...known, rows: next, added: [...known.added, ...added] }, answer: changed };
}

/** Rows that one has and the other has otherwise or not at all. */
function changesBetween(before: readonly MinuteRow[], after: readonly MinuteRow[]): number {
  const old = byIdentity(before);
  const put = after.filter(row => {
    const known = old.get(identityOf(row));
    return known === undefined || known.edits !== row.edits || known.bytesChange !== row.bytesChange;
  });
  const present = new Set(after.map(identityOf));
  return put.length + before.filter(row => !present.has(identityOf(row))).length;
}

/** Whether all but the instant of the rebuild, and what it had to change, is known already. */
function saysTheSame(known: GoldHour, next: GoldHour): boolean {
  const timeless = ({ counted, added, audit }: GoldHour): string =>
    JSON.stringify([counted, added, audit && { ...audit, changedRows: 0, rebuiltAtMs: 0 }]);
  return known.audit !== undefined && timeless(known) === timeless(next);
}

function byIdentity(rows: readonly MinuteRow[]): Map<string, MinuteRow> {
  return new Map(rows.map(row => [identityOf(row), row]));
}

function identityOf({ minute, wiki, isBot }: MinuteRow): string {
  return `${minute} ${wiki} ${isBot ? 1 : 0}`;
}

function sumOf(a: MinuteRow, b: MinuteRow): MinuteRow {
  return held({ ...a, edits: a.edits + b.edits, bytesChange: a.bytesChange + b.bytesChange });
}

/** With its sum of bytes held within 32 bits, as Postgres and the file have it. */
function held(row: MinuteRow): MinuteRow {
  const bytesChange = withinInt32(row.bytesChange);
  return bytesChange === row.bytesChange ? row : { ...row, bytesChange };
}

/** The hour's end of the file's facts. */
interface HourFacts {
  readonly version: 1;
  readonly hour: Hour;
  readonly counted: readonly string[];
  readonly added: readonly string[];
  readonly audit?: GoldAudit;
}

/** What the file of an hour says beside its rows. */
export function factsOf(hour: Hour, { counted, added, audit }: GoldHour): HourFacts {
  return { version: 1, hour, counted, added, ...(audit !== undefined && { audit }) };
}

/** An hour as its file has it. A file without our facts has rows that no part accounts for: a rebuild replaces them. */
export function hourWith(facts: unknown, rows: readonly MinuteRow[]): GoldHour {
  if (!isObject(facts) || !('version' in facts)) return { ...NO_HOUR, rows };
  // Written by `factsOf`.
  const { counted, added, audit } = facts as unknown as HourFacts;
  return { rows, counted, added, ...(audit !== undefined && { audit }) };
}
