/**
 * Cross-checks bronze, log and gold over a range of hours. Read-only and safe beside a running pipeline: concurrent
 * commits and counts are not errors, and an hour that looks wrong in gold is checked again before it is reported.
 *
 * This folder contains the checks (`hour`, `records`, `part-content`, `offsets`, …), their findings and the report.
 * The checks write their own versions of the rules of src/bronze and src/transform on purpose: shared code would share
 * its bugs. Shared are only readers of single objects, and the pure core. Nothing in this folder writes to S3 or gold.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamDefinition } from '../contracts/stream-definition.ts';
import type { LogRecord } from '../contracts/storage/log-record.ts';
import { grouped as n } from '../core/grouped.ts';
import { isoSeconds } from '../core/time.ts';
import type { GoldSnapshots } from '../gold/snapshot.ts';
import type { ObjectStore, VersionedStore } from '../store/object-store.ts';
import { Findings } from './findings.ts';
import type { Check } from './findings.ts';
import { checkHour } from './hour.ts';
import type { HourDeps, HourResult } from './hour.ts';
import { LogReader } from './log-reader.ts';
import { layoutFindings } from './layout.ts';
import { StoredOffsets, compareOffsets } from './offsets.ts';
import { compareLetters, comparePart, readLetters, readPartLines } from './part-content.ts';
import type { HourRange } from './range.ts';
import { objectFinding, readObjects } from './read-objects.ts';

export interface VerifyDeps {
  readonly store: ObjectStore & Pick<VersionedStore, 'listObjects'>;
  readonly gold: GoldSnapshots;
  readonly definition: StreamDefinition;
  readonly nowMs: number;
  /** Delay before a suspect hour is checked again, ms. */
  readonly pauseMs: number;
}

/** What was checked and what was found. */
export interface Verification {
  readonly range: { readonly from: string; readonly to: string; readonly hours: number };
  readonly parts: number;
  readonly events: number;
  /** Edits in the rows of gold. */
  readonly edits: number;
  /** Hours that could not be compared because bronze lacks, or cannot read, parts that gold counted. */
  readonly uncompared: number;
  /** What each check covered. */
  readonly summaries: Readonly<Record<Check, string>>;
  readonly findings: Findings;
}

/** A rebuild that is running during a check takes only seconds. */
const RECHECKS = 2;

/** @throws PipelineError when S3 or Postgres does not respond: there is no verdict then. */
export async function verify(range: HourRange, deps: VerifyDeps): Promise<Verification> {
  const findings = new Findings();
  const hours = new Set(range.hours);
  const log = new LogReader(deps.store, deps.definition.logKeys, hours, [range.fromMs, range.toMs], finding =>
    findings.add(finding),
  );
  await log.readAll();
  const { span } = log;
  const stored = new StoredOffsets();
  const hourDeps: HourDeps = { ...deps, log, stored };

  const results = new Map<string, HourResult>();
  for (const hour of range.hours) results.set(hour, await checkHour(hour, hourDeps));
  for (let recheck = 0; recheck < RECHECKS; recheck += 1) {
    const suspects = [...results.values()].filter(isSuspect).map(({ hour }) => hour);
    if (suspects.length === 0) break;
    await sleep(deps.pauseMs);
    await log.readNew();
    for (const hour of suspects) results.set(hour, await checkHour(hour, hourDeps));
  }
  for (const result of results.values()) findings.add(...result.findings);

  const rest = await checkOtherObjects(span.records, hours, hourDeps, findings);
  findings.add(...(await layoutFindings(range.fromMs, range.toMs, deps)));
  const gaps = await deps.gold.missingOffsets(...timeOf(span.records, range));
  const offsets = compareOffsets(span, stored, gaps);
  findings.add(...offsets.findings);

  const sum = (of: (result: HourResult) => number): number =>
    [...results.values()].reduce((total, result) => total + of(result), 0);
  const parts = sum(result => result.parts);
  const events = sum(result => result.events);
  const sealed = sum(result => Number(result.isSealed));
  const { records, epochs } = log.counts;
  const summaries: Record<Check, string> = {
    log:
      records === 0 ? 'empty' : `${n(records)} records (${log.oldest} to ${log.tail}), ${n(epochs)} epochs`,
    bronze: `${n(parts)} parts of ${n(events)} events, ${n(rest.letters)} dead letters in ${n(rest.objects)} objects`,
    offsets:
      offsets.passed === 0
        ? 'no event carries an offset'
        : `${n(offsets.passed)} offsets of ${n(offsets.topics)} topics, ${n(offsets.missing)} not stored, ${n(offsets.explained)} of them explained`,
    gold: `${n(sum(result => result.rows))} rows of ${n(range.hours.length)} hours (${n(sealed)} sealed)`,
    sums: `${n(sum(result => Number(result.hasAudit && result.isCompared)))} audits, ${n(sum(result => Number(result.hasEvidence)))} certificates with digests of ${n(sum(result => result.digests))} parts`,
  };
  return {
    range: {
      from: isoSeconds(range.fromMs / 1000),
      to: isoSeconds(range.toMs / 1000),
      hours: range.hours.length,
    },
    parts,
    events,
    edits: sum(result => result.edits),
    uncompared: sum(result => Number(!result.isCompared)),
    summaries,
    findings,
  };
}

/** Bronze and the log are immutable, so only gold can look different later, e.g. after a running rebuild. */
function isSuspect({ findings }: HourResult): boolean {
  return findings.some(
    ({ severity, check }) => severity === 'error' && (check === 'gold' || check === 'sums'),
  );
}

/** Checks the other objects that the records of the range name: dead letters, and parts of hours outside the range. */
async function checkOtherObjects(
  records: readonly LogRecord[],
  hours: ReadonlySet<string>,
  { store, stored, definition: { judge }, nowMs }: HourDeps,
  findings: Findings,
): Promise<{ letters: number; objects: number }> {
  const commits = records.filter(record => record.kind === 'commit');
  const namedBy = (record: LogRecord) => ({ sequence: record.sequence, atMs: Date.parse(record.at) });
  const parts = commits.flatMap(record =>
    record.parts
      .filter(({ hour }) => !hours.has(hour))
      .map(entry => ({ key: entry.key, entry, named: namedBy(record) })),
  );
  for await (const [{ key, entry, named }, object] of readObjects(store, parts)) {
    const { sequence } = named;
    if (object.kind !== 'read') {
      findings.add(objectFinding(key, object, named, nowMs));
      stored.addUnknown(entry.events, key, sequence);
      continue;
    }
    const { hour, sent } = entry;
    const facts = readPartLines(object.bytes, { hour, judge, needsId: true, sent }, ({ position }) => {
      if (position !== undefined) stored.add(position, sequence);
    });
    findings.add(...comparePart(entry, facts, { sequence, storedBytes: object.storedBytes }));
  }

  const objects = commits.flatMap(record =>
    record.deadLetters.map(entry => ({ key: entry.key, entry, named: namedBy(record) })),
  );
  let letters = 0;
  for await (const [{ key, entry, named }, object] of readObjects(store, objects)) {
    const { sequence } = named;
    if (object.kind !== 'read') {
      findings.add(objectFinding(key, object, named, nowMs));
      stored.addUnknown(entry.events, key, sequence);
      continue;
    }
    const facts = readLetters(object.bytes, position => stored.add(position, sequence));
    letters += facts.letters;
    stored.addUnknown(facts.withoutPosition, key, sequence);
    findings.add(...compareLetters(entry, facts, sequence));
  }
  return { letters, objects: objects.length };
}

/** The time range that covers both the hours and the events of the records. */
function timeOf(records: readonly LogRecord[], { fromMs, toMs }: HourRange): readonly [number, number] {
  const times = records.flatMap(record =>
    record.kind === 'commit'
      ? record.parts.flatMap(({ firstAt, lastAt }) => [firstAt * 1000, lastAt * 1000])
      : [],
  );
  return [
    times.reduce((least, ms) => Math.min(least, ms), fromMs),
    times.reduce((most, ms) => Math.max(most, ms), toMs),
  ];
}
