/**
 * One hour: its parts read once each, held against their records, and counted again for what gold must have. What is
 * committed or applied meanwhile is no error: gold is read at one instant, what should have been counted by then is
 * known before that instant, and what gold has counted is looked up after it.
 */
import { flushOfKey, hasIds, hourOfPartKey, hourPrefix, logKey, partRank } from '../contracts/storage/object-keys.ts';
import { countDistinct, countMinutes } from '../core/minute-counts.ts';
import type { Chunks, HourCounts, PartLines } from '../core/minute-counts.ts';
import type { Hour } from '../core/time.ts';
import type { GoldSnapshots } from '../gold/snapshot.ts';
import { readRecord } from '../bronze/commit-log.ts';
import { listKeys } from '../store/list-keys.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { errorOf, noteOf } from './findings.ts';
import type { Finding } from './findings.ts';
import { lostFindings, waitingFindings, withUncounted } from './hour-ledger.ts';
import type { HourPart } from './hour-ledger.ts';
import { RowSums, auditFindings, compareRows, rebuildAdvice, rowFinding, splitLedger } from './hour-rows.ts';
import type { LedgerSplit } from './hour-rows.ts';
import type { LogReader, NamedPart } from './log-reader.ts';
import type { StoredOffsets } from './offsets.ts';
import { comparePart, lineFindings, readPartLines } from './part-content.ts';
import { KEPT_MS, objectFinding, readObjects } from './read-objects.ts';

export interface HourDeps {
  readonly store: ObjectStore;
  readonly gold: GoldSnapshots;
  readonly log: LogReader;
  readonly stored: StoredOffsets;
  readonly editTypes: ReadonlySet<string>;
  readonly nowMs: number;
}

/** What was found of an hour. */
export interface HourView {
  readonly hour: Hour;
  readonly findings: readonly Finding[];
  readonly parts: number;
  readonly events: number;
  /** Edits and rows in gold. */
  readonly edits: number;
  readonly rows: number;
  readonly isSealed: boolean;
  readonly hasAudit: boolean;
  /** False where bronze no longer has what gold has counted. */
  readonly isCompared: boolean;
}

/** Looks at one hour. */
export async function lookAtHour(hour: Hour, deps: HourDeps): Promise<HourView> {
  const { store, gold, log } = deps;
  const listed = await listKeys(store, hourPrefix(hour));
  const known = new Set([...log.partsOf(hour).keys(), ...listed.filter(isBackfill)]);
  const snapshot = await gold.hour(hour);
  const { ledger, audit, rows } = snapshot;
  // Committed, listed or written after what is known, and applied before the snapshot.
  const isNew = ledger.some(({ key }) => !known.has(key));
  if (isNew) await log.readNew();
  const now = isNew ? await listKeys(store, hourPrefix(hour)) : listed;
  const parts = partsOf(hour, now, log);
  const keys = new Set(parts.map(({ key }) => key));

  const findings: Finding[] = [];
  const lost = ledger.filter(({ key }) => !keys.has(key)).map(({ key }) => key);
  findings.push(...lostFindings(hour, lost, new Set(now), { oldest: log.oldest, nowMs: deps.nowMs }));
  findings.push(...(await unnamedFindings(hour, listed, keys, deps)));
  const split = withUncounted(splitLedger(snapshot), parts, known, snapshot);
  findings.push(...waitingFindings(hour, parts, known, snapshot, deps.nowMs));

  const count = await recount(hour, parts, split, deps);
  findings.push(...count.findings);
  const isCompared = lost.length === 0 && count.unread === 0;
  if (isCompared) {
    const expected = new RowSums();
    expected.add(count.rebuilt.rows);
    expected.add(count.added.rows);
    const differences = compareRows(expected, rows);
    // A rebuild from damaged parts would carry the damage into gold.
    const isDamaged = findings.some(({ severity, check }) => severity === 'error' && check === 'bronze');
    const rebuild = rebuildAdvice(hour);
    const advice = isDamaged ? `Mend its parts first (see bronze). Then: ${rebuild}` : rebuild;
    const editTypes = [...deps.editTypes].join(',');
    if (differences.length > 0) findings.push(rowFinding(hour, differences, { editTypes, advice }));
    if (audit !== undefined) {
      const addedEdits = count.added.rows.reduce((sum, row) => sum + row.edits, 0);
      const recounted = { parts: split.rebuilt.size, counts: count.rebuilt, addedEdits, rows };
      findings.push(...auditFindings(hour, audit, recounted, advice));
    }
  } else if (count.unread > 0 && lost.length === 0) {
    const message = `${hour}: rows were not compared, ${count.unread} of its parts cannot be read`;
    findings.push(noteOf(['gold', 'not_compared'], hour, message));
  }
  return {
    hour,
    findings,
    parts: parts.length,
    events: count.events,
    edits: rows.reduce((sum, row) => sum + row.edits, 0),
    rows: rows.length,
    isSealed: audit?.isSealed ?? false,
    hasAudit: audit !== undefined,
    isCompared,
  };
}

/** The part of a backfill or a replay: no record names it, it counts once it is there. */
function isBackfill(key: string): boolean {
  return hourOfPartKey(key) !== undefined && flushOfKey(key) === undefined;
}

/** The parts that count, in the order in which a rebuild counts them. */
function partsOf(hour: Hour, listed: readonly string[], log: LogReader): HourPart[] {
  const named = [...log.partsOf(hour)].map(([key, part]): HourPart => ({ key, named: part }));
  const others = listed.filter(isBackfill).map((key): HourPart => ({ key, named: undefined }));
  return [...named, ...others].sort((a, b) => partRank(a.key) - partRank(b.key) || (a.key < b.key ? -1 : 1));
}

/** Objects under the hour's prefix that are no part of it. */
async function unnamedFindings(
  hour: Hour,
  listed: readonly string[],
  keys: ReadonlySet<string>,
  { store, log, nowMs }: HourDeps,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const key of listed) {
    if (keys.has(key)) continue;
    const flush = flushOfKey(key);
    if (flush === undefined) {
      findings.push(noteOf(['bronze', 'foreign_object'], key, `${key} is no part`));
      continue;
    }
    // An event is never stored before its hour, so a record that would have named it is not older than this.
    const isYoung = nowMs - Date.parse(`${hour}:00:00Z`) < KEPT_MS;
    if (isYoung && flush.sequence < log.oldest && (await readRecord(store, flush.sequence)) === undefined) {
      const message = `${key} is there, and ${logKey(flush.sequence)}, which would name it, is not: too young to have expired`;
      const advice =
        'Restore the record from a version or a copy of the bucket, or let a backfill bring the hour.';
      findings.push(errorOf(['log', 'record_lost'], key, message, advice));
      continue;
    }
    const message = `${key} is named by no record: left by a crash, or about to be committed`;
    findings.push(noteOf(['bronze', 'unnamed_object'], key, message));
  }
  return findings;
}

interface Recount {
  /** Of the parts that the last rebuild counted. */
  readonly rebuilt: HourCounts;
  /** Of those that were added since. */
  readonly added: RowSums;
  readonly events: number;
  /** Parts that are gone or damaged. */
  readonly unread: number;
  readonly findings: readonly Finding[];
}

/** Reads every part of the hour once. */
async function recount(
  hour: Hour,
  parts: readonly HourPart[],
  split: LedgerSplit,
  { store, stored, editTypes, nowMs }: HourDeps,
): Promise<Recount> {
  const findings: Finding[] = [];
  const added = new RowSums();
  const firstIn = new Map<string, string>();
  let events = 0;
  let unread = 0;
  async function* rebuiltParts(): AsyncGenerator<PartLines> {
    for await (const [{ key, named }, object] of readObjects(store, parts)) {
      if (object.kind !== 'read') {
        unread += 1;
        findings.push(objectFinding(key, object, named, nowMs));
        if (named !== undefined) stored.addUnknown(named.entry.events, key, named.sequence);
        continue;
      }
      const repeated: string[] = [];
      const rules = {
        hour,
        editTypes,
        needsId: hasIds(key),
        ...(named !== undefined && { sent: named.entry.sent }),
      };
      const facts = readPartLines(object.bytes, rules, ({ id, position }) => {
        if (position !== undefined) stored.add(position, named?.sequence);
        // What a backfill brings may be there already: gold counts each revision once.
        if (named === undefined || id === undefined) return;
        if (firstIn.has(id)) repeated.push(id);
        else firstIn.set(id, key);
      });
      events += facts.events;
      if (named === undefined) findings.push(...lineFindings(key, hour, facts));
      else findings.push(...comparePart(named.entry, facts, { ...named, storedBytes: object.storedBytes }));
      findings.push(...nameFindings(hour, key, named), ...repetitions(key, repeated, firstIn));
      if (split.rebuilt.has(key)) yield { chunks: once(object.bytes), needsId: hasIds(key) };
      else if (split.added.has(key)) added.add((await countMinutes(once(object.bytes), editTypes)).rows);
    }
  }
  const rebuilt = await countDistinct(rebuiltParts(), editTypes, Number.POSITIVE_INFINITY);
  return { rebuilt, added, events, unread, findings };
}

/** A key leads to the record that names it, by hour, sequence and attempt. */
function nameFindings(hour: Hour, key: string, named: NamedPart | undefined): Finding[] {
  if (named === undefined) return [];
  const flush = flushOfKey(key);
  const leadsBack =
    hourOfPartKey(key) === hour && flush?.sequence === named.sequence && flush.attempt === named.attempt;
  if (leadsBack) return [];
  const message = `record ${named.sequence} of attempt ${named.attempt} names ${key} for ${hour}, and the key says otherwise`;
  const advice =
    'Restore the record from a version or a copy of the bucket: rebuilds do not find the part by its key.';
  return [errorOf(['log', 'record_inconsistent'], logKey(named.sequence), message, advice)];
}

function repetitions(key: string, ids: readonly string[], firstIn: ReadonlyMap<string, string>): Finding[] {
  const [first] = ids;
  if (first === undefined) return [];
  const message = `${key} holds ${ids.length} events that are stored already, such as meta.id ${first}, which is in ${firstIn.get(first)}`;
  const advice =
    'Rows count each revision once when the hour is rebuilt. Please report it: ingest must not store an event twice.';
  return [errorOf(['bronze', 'event_twice'], key, message, advice)];
}

async function* once(bytes: Uint8Array): Chunks extends AsyncIterable<infer T> ? AsyncGenerator<T> : never {
  yield bytes;
}
