/**
 * Checks one hour: reads each part once, compares it with its record, and recounts what gold must contain. The order of
 * reads keeps concurrent commits and counts from looking like errors: first the parts that gold may be expected to have
 * counted, then gold as one snapshot, then the parts that gold counted in between.
 */
import {
  flushOfKey,
  hasIds,
  hourOfPartKey,
  hourPrefix,
  isForeignKey,
  partRank,
} from '../contracts/storage/object-keys.ts';
import type { StreamDefinition } from '../contracts/stream-definition.ts';
import type { LogKeys } from '../contracts/storage/object-keys.ts';
import { countDistinct, countMinutes } from '../core/minute-counts.ts';
import type { Chunks } from '../core/lines.ts';
import type { HourCounts, MinuteRow, PartLines } from '../core/minute-counts.ts';
import type { Hour } from '../core/time.ts';
import { PipelineError, messageOf } from '../contracts/errors.ts';
import type { GoldSnapshots, HourSnapshot } from '../gold/snapshot.ts';
import { certifiedPartsFindings, certifiedRowsFindings, partDigestFindings } from './certificate.ts';
import { readRecord } from '../bronze/commit-log.ts';
import { listKeys } from '../store/list-keys.ts';
import type { ObjectStore, VersionedStore } from '../store/object-store.ts';
import { errorOf, noteOf } from './findings.ts';
import type { Finding } from './findings.ts';
import {
  expiredFindings,
  hasExpired,
  lostFindings,
  olderFindings,
  olderRowsEnd,
  startOf,
  waitingFindings,
  withUncounted,
} from './hour-ledger.ts';
import type { HourPart } from './hour-ledger.ts';
import { dayFindings } from './hour-in-day.ts';
import { sumsFindings } from './hour-sums.ts';
import { RowSums, auditFindings, compareRows, rebuildAdvice, rowFinding, splitLedger } from './hour-rows.ts';
import type { LedgerSplit } from './hour-rows.ts';
import type { LogReader, NamedPart } from './log-reader.ts';
import { olderPartFindings } from './older-parts.ts';
import type { StoredOffsets } from './offsets.ts';
import { comparePart, lineFindings, readPartLines } from './part-content.ts';
import { KEPT_MS, objectFinding, readObjects } from './read-objects.ts';

export interface HourDeps {
  readonly store: ObjectStore & Pick<VersionedStore, 'listObjects'>;
  readonly gold: GoldSnapshots;
  readonly log: LogReader;
  readonly stored: StoredOffsets;
  readonly definition: StreamDefinition;
  readonly nowMs: number;
}

export interface HourResult {
  readonly hour: Hour;
  readonly findings: readonly Finding[];
  readonly parts: number;
  readonly events: number;
  /** Edits and rows in gold. */
  readonly edits: number;
  readonly rows: number;
  readonly isSealed: boolean;
  readonly hasAudit: boolean;
  /** Whether it is known what the last rebuild counted. */
  readonly hasEvidence: boolean;
  /** Parts whose lines were compared with a digest. */
  readonly digests: number;
  /** False where bronze lacks, or cannot read, what gold counted. */
  readonly isCompared: boolean;
}

export async function checkHour(hour: Hour, deps: HourDeps): Promise<HourResult> {
  const { store, gold, log } = deps;
  const times = await writeTimes(store, hour);
  const listed = [...times.keys()];
  const known = new Set([...log.partsOf(hour).keys(), ...listed.filter(isBackfill)]);
  const read = await readGold(gold, hour);
  const gathered = read.kind === 'read' ? read.snapshot : NOTHING;
  const snapshot = { ...gathered, ledger: gathered.ledger.filter(({ key }) => !isForeignKey(key)) };
  const { ledger, audit, rows } = snapshot;
  // Parts that gold lists but we do not were committed and applied between the two reads.
  const isNew = ledger.some(({ key }) => !known.has(key));
  if (isNew) await log.readNew();
  const now = isNew ? await listKeys(store, hourPrefix(hour)) : listed;
  const parts = partsOf(hour, now, log, times);
  const keys = new Set(parts.map(({ key }) => key));

  const findings: Finding[] = [];
  const lost = ledger.filter(({ key }) => !keys.has(key)).map(({ key }) => key);
  const comparedFrom = olderRowsEnd(hour, gathered);
  findings.push(...olderFindings(hour, comparedFrom, gathered.ledger));
  const isExpired = hasExpired(hour, gathered);
  findings.push(...expiredFindings(hour, gathered));
  if (!isExpired) findings.push(...(await olderPartFindings(hour, gathered, new Set(listed), deps)));
  findings.push(...lostFindings(hour, lost, new Set(now), { oldest: log.oldest, nowMs: deps.nowMs }));
  const applied = new Set(gathered.ledger.map(({ key }) => key));
  findings.push(...(await unnamedFindings(hour, listed, { keys, applied }, deps)));
  const split = withUncounted(splitLedger(snapshot), parts, known, snapshot);
  if (read.kind === 'read') findings.push(...waitingFindings(hour, parts, known, snapshot, deps.nowMs));
  else findings.push(errorOf(['gold', 'object_unreadable'], hour, `${hour}: ${read.why}`, read.advice));

  findings.push(...certifiedPartsFindings(hour, snapshot, new Set([...known, ...keys])));

  const count = await recount(hour, parts, { split, evidence: snapshot.evidence }, deps);
  findings.push(...count.findings);
  const isRead = read.kind === 'read' && !isExpired;
  const isCompared = isRead && lost.length === 0 && count.unread === 0;
  let bronze: Parameters<typeof certifiedRowsFindings>[2] = 'not_compared';
  if (isCompared) {
    const expected = new RowSums();
    const isOurs = ({ minute }: MinuteRow): boolean => minute >= comparedFrom;
    expected.add(count.rebuilt.rows.filter(isOurs));
    expected.add(count.added.rows.filter(isOurs));
    const differences = compareRows(expected, rows.filter(isOurs));
    // A rebuild from damaged parts would copy the damage into gold.
    const isDamaged = findings.some(({ severity, check }) => severity === 'error' && check === 'bronze');
    const rebuild = rebuildAdvice(hour);
    const advice = isDamaged ? `Fix its parts first (see bronze). Then: ${rebuild}` : rebuild;
    const editTypes = [...deps.definition.countedTypes].join(',');
    bronze = differences.length > 0 ? 'differ' : 'same';
    if (differences.length > 0) findings.push(rowFinding(hour, differences, { editTypes, advice }));
    if (audit !== undefined && comparedFrom === startOf(hour)) {
      const addedEdits = count.added.rows.reduce((sum, row) => sum + row.edits, 0);
      const recounted = { parts: split.rebuilt.size, counts: count.rebuilt, addedEdits, rows };
      findings.push(...auditFindings(hour, audit, recounted, advice));
    }
  } else if (read.kind === 'read' && count.unread > 0 && lost.length === 0) {
    const message = `${hour}: rows were not compared, ${count.unread} of its parts cannot be read`;
    findings.push(noteOf(['gold', 'not_compared'], hour, message));
  }
  if (isRead) findings.push(...certifiedRowsFindings(hour, snapshot, bronze));
  // What mends the rows mends the sums too.
  if (isRead && !findings.some(({ kind }) => kind === 'rows_differ'))
    findings.push(...sumsFindings(hour, snapshot), ...dayFindings(hour, snapshot));
  return {
    hour,
    findings,
    parts: parts.length,
    events: count.events,
    edits: rows.reduce((sum, row) => sum + row.edits, 0),
    rows: rows.length,
    isSealed: audit?.isSealed ?? false,
    hasAudit: audit !== undefined,
    hasEvidence: snapshot.evidence !== undefined,
    digests: count.digests,
    isCompared,
  };
}

const NOTHING: HourSnapshot = { rows: [], ledger: [], audit: undefined };

type GoldHour =
  | { readonly kind: 'read'; readonly snapshot: HourSnapshot }
  | { readonly kind: 'damaged'; readonly why: string; readonly advice: string };

/** What gold has of the hour: a damaged object is a finding, and everything else is still checked. */
async function readGold(gold: GoldSnapshots, hour: Hour): Promise<GoldHour> {
  try {
    return { kind: 'read', snapshot: await gold.hour(hour) };
  } catch (error) {
    if (!(error instanceof PipelineError) || error.code !== 'object_unreadable') throw error;
    return { kind: 'damaged', why: messageOf(error), advice: error.hint };
  }
}

/** When each object of an hour was written, by key in ascending order; epoch ms. */
async function writeTimes(store: HourDeps['store'], hour: Hour): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number>();
  for await (const page of store.listObjects(hourPrefix(hour)))
    for (const { key, modifiedMs } of page) times.set(key, modifiedMs);
  return times;
}

/** Whether a key belongs to a part of a backfill or replay: no record names it, so it counts as soon as it exists. */
function isBackfill(key: string): boolean {
  return hourOfPartKey(key) !== undefined && flushOfKey(key) === undefined && !isForeignKey(key);
}

/** The parts of the hour in the order in which a rebuild counts them: the first one with a revision counts. */
function partsOf(
  hour: Hour,
  listed: readonly string[],
  log: LogReader,
  times: ReadonlyMap<string, number>,
): HourPart[] {
  const named = [...log.partsOf(hour)].map(([key, part]): HourPart => ({ key, named: part }));
  const others = listed.filter(isBackfill).map((key): HourPart => {
    const storedMs = times.get(key);
    return { key, named: undefined, ...(storedMs !== undefined && { storedMs }) };
  });
  return [...named, ...others].sort((a, b) => partRank(a.key) - partRank(b.key) || (a.key < b.key ? -1 : 1));
}

/** Objects under the hour's prefix that are not among its parts. */
async function unnamedFindings(
  hour: Hour,
  listed: readonly string[],
  { keys, applied }: { readonly keys: ReadonlySet<string>; readonly applied: ReadonlySet<string> },
  { store, log, definition: { logKeys }, nowMs }: HourDeps,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const key of listed) {
    if (keys.has(key)) continue;
    const flush = flushOfKey(key);
    if (flush === undefined) {
      const isPart = hourOfPartKey(key) !== undefined && isForeignKey(key);
      const what = isPart ? foreignText(applied.has(key)) : 'is not a part';
      findings.push(noteOf(['bronze', 'foreign_object'], key, `${key} ${what}`));
      continue;
    }
    // Events are stored after their hour begins, so a record of a young hour cannot have expired.
    const isYoung = nowMs - Date.parse(`${hour}:00:00Z`) < KEPT_MS;
    if (
      isYoung &&
      flush.sequence < log.oldest &&
      (await readRecord(store, logKeys, flush.sequence)) === undefined
    ) {
      const message = `${key} exists, but ${logKeys.keyOf(flush.sequence)}, which would name it, does not; it is too young to have expired`;
      const advice =
        'Restore the record from an object version or a copy of the bucket, or backfill the hour.';
      findings.push(errorOf(['log', 'record_lost'], key, message, advice));
      continue;
    }
    const message = `no record names ${key}: it was left by a crash or is about to be committed`;
    findings.push(noteOf(['bronze', 'unnamed_object'], key, message));
  }
  return findings;
}

function foreignText(isCounted: boolean): string {
  return isCounted
    ? 'was written and counted by an older project'
    : 'was written by another program and is not counted; npm run transform counts its lines';
}

interface Recount {
  /** Counts of the parts in the last rebuild. */
  readonly rebuilt: HourCounts;
  /** Sums of the parts added since. */
  readonly added: RowSums;
  readonly events: number;
  /** Parts whose lines were compared with a digest. */
  readonly digests: number;
  /** Parts that are missing or damaged. */
  readonly unread: number;
  readonly findings: readonly Finding[];
}

/** Reads every part of the hour once. */
async function recount(
  hour: Hour,
  parts: readonly HourPart[],
  { split, evidence }: { readonly split: LedgerSplit } & Pick<HourSnapshot, 'evidence'>,
  { store, stored, definition, nowMs }: HourDeps,
): Promise<Recount> {
  const findings: Finding[] = [];
  const added = new RowSums();
  const firstIn = new Map<string, string>();
  let events = 0;
  let unread = 0;
  let digests = 0;
  const certified = new Set(evidence?.parts.map(({ key }) => key));
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
        judge: definition.judge,
        needsId: hasIds(key),
        ...(named !== undefined && { sent: named.entry.sent }),
      };
      const facts = readPartLines(object.bytes, rules, ({ id, position }) => {
        if (position !== undefined) stored.add(position, named?.sequence);
        // A backfill may repeat stored events: gold counts each revision once.
        if (named === undefined || id === undefined) return;
        if (firstIn.has(id)) repeated.push(id);
        else firstIn.set(id, key);
      });
      events += facts.events;
      const lines = facts.events + (facts.unusable?.count ?? 0);
      const ofDigest = partDigestFindings(key, object.bytes, lines, { evidence });
      findings.push(...ofDigest);
      digests += Number(certified.has(key));
      const hasDigest = certified.has(key) && ofDigest.length === 0;
      if (named === undefined) findings.push(...lineFindings(key, hour, facts));
      else {
        const found = { ...named, storedBytes: object.storedBytes, hasDigest };
        findings.push(...comparePart(named.entry, facts, found));
      }
      findings.push(
        ...nameFindings(hour, key, named, definition.logKeys),
        ...repetitions(key, repeated, firstIn),
      );
      if (split.rebuilt.has(key)) yield { chunks: once(object.bytes), needsId: hasIds(key) };
      else if (split.added.has(key)) added.add((await countMinutes(once(object.bytes), definition)).rows);
    }
  }
  const rebuilt = await countDistinct(rebuiltParts(), definition, Number.POSITIVE_INFINITY);
  return { rebuilt, added, events, digests, unread, findings };
}

/** A key must carry the hour, sequence and attempt of the record that names it. */
function nameFindings(hour: Hour, key: string, named: NamedPart | undefined, logKeys: LogKeys): Finding[] {
  if (named === undefined) return [];
  const flush = flushOfKey(key);
  const matches =
    hourOfPartKey(key) === hour && flush?.sequence === named.sequence && flush.attempt === named.attempt;
  if (matches) return [];
  const message = `record ${named.sequence} of attempt ${named.attempt} names ${key} for ${hour}, but the key does not match`;
  const advice =
    'Restore the record from an object version or a copy of the bucket: rebuilds cannot find the part by its key.';
  return [errorOf(['log', 'record_inconsistent'], logKeys.keyOf(named.sequence), message, advice)];
}

function repetitions(key: string, ids: readonly string[], firstIn: ReadonlyMap<string, string>): Finding[] {
  const [first] = ids;
  if (first === undefined) return [];
  const message = `${key} repeats ${ids.length} events that are already stored (first: meta.id ${first}, also in ${firstIn.get(first)})`;
  const advice =
    'A rebuild of the hour counts each revision once. Please report this bug: ingest must not store an event twice.';
  return [errorOf(['bronze', 'event_twice'], key, message, advice)];
}

async function* once(bytes: Uint8Array): Chunks extends AsyncIterable<infer T> ? AsyncGenerator<T> : never {
  yield bytes;
}
