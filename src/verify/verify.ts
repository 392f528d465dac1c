/**
 * Holds bronze, log and gold against each other over a range of hours. Reads only, and beside a running pipeline: what
 * is committed or applied meanwhile is no error. What looks wrong in gold is looked at again before it counts.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogRecord } from '../contracts/storage/log-record.ts';
import { isoSeconds } from '../core/time.ts';
import type { GoldSnapshots } from '../gold/snapshot.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { Findings } from './findings.ts';
import type { Check } from './findings.ts';
import { lookAtHour } from './hour.ts';
import type { HourDeps, HourView } from './hour.ts';
import { LogReader } from './log-reader.ts';
import { StoredOffsets, compareOffsets } from './offsets.ts';
import { compareLetters, comparePart, readLetters, readPartLines } from './part-content.ts';
import type { HourRange } from './range.ts';
import { objectFinding, readObjects } from './read-objects.ts';

export interface VerifyDeps {
  readonly store: ObjectStore;
  readonly gold: GoldSnapshots;
  readonly editTypes: ReadonlySet<string>;
  readonly nowMs: number;
  /** Before an hour that looks wrong is looked at again, ms. */
  readonly pauseMs: number;
}

/** What was looked at, and what was found. */
export interface Verification {
  readonly range: { readonly from: string; readonly to: string; readonly hours: number };
  readonly parts: number;
  readonly events: number;
  /** Edits in the rows of gold. */
  readonly edits: number;
  /** Hours of which bronze no longer has, or cannot give, what gold has counted. */
  readonly uncompared: number;
  /** Per check, what it looked at. */
  readonly summaries: Readonly<Record<Check, string>>;
  readonly findings: Findings;
}

/** A rebuild that is under way when an hour is looked at takes seconds. */
const LOOKS_AGAIN = 2;

/** @throws PipelineError when S3 or Postgres does not answer: nothing can be said then. */
export async function verify(range: HourRange, deps: VerifyDeps): Promise<Verification> {
  const findings = new Findings();
  const hours = new Set(range.hours);
  const log = new LogReader(deps.store, hours, [range.fromMs, range.toMs], finding => findings.add(finding));
  await log.readAll();
  const { span } = log;
  const stored = new StoredOffsets();
  const hourDeps: HourDeps = { ...deps, log, stored };

  const views = new Map<string, HourView>();
  for (const hour of range.hours) views.set(hour, await lookAtHour(hour, hourDeps));
  for (let again = 0; again < LOOKS_AGAIN; again += 1) {
    const suspects = [...views.values()].filter(isSuspect).map(({ hour }) => hour);
    if (suspects.length === 0) break;
    await sleep(deps.pauseMs);
    await log.readNew();
    for (const hour of suspects) views.set(hour, await lookAtHour(hour, hourDeps));
  }
  for (const view of views.values()) findings.add(...view.findings);

  const rest = await lookAtRest(span.records, hours, hourDeps, findings);
  const gaps = await deps.gold.missingOffsets(...timeOf(span.records, range));
  const offsets = compareOffsets(span, stored, gaps);
  findings.add(...offsets.findings);

  const sum = (of: (view: HourView) => number): number =>
    [...views.values()].reduce((total, view) => total + of(view), 0);
  const parts = sum(view => view.parts);
  const events = sum(view => view.events);
  const sealed = sum(view => Number(view.isSealed));
  const { records, epochs } = log.counts;
  const summaries: Record<Check, string> = {
    log:
      records === 0 ? 'empty' : `${n(records)} records (${log.oldest} to ${log.tail}), ${n(epochs)} epochs`,
    bronze: `${n(parts)} parts of ${n(events)} events, ${n(rest.letters)} dead letters in ${n(rest.objects)} objects`,
    offsets:
      offsets.passed === 0
        ? 'no event carries an offset'
        : `${n(offsets.passed)} offsets of ${n(offsets.topics)} topics, ${n(offsets.missing)} not stored, ${n(offsets.explained)} of them explained`,
    gold: `${n(sum(view => view.rows))} rows of ${n(range.hours.length)} hours (${n(sealed)} sealed)`,
    sums: `${n(sum(view => Number(view.hasAudit && view.isCompared)))} audits`,
  };
  return {
    range: {
      from: isoSeconds(range.fromMs / 1000),
      to: isoSeconds(range.toMs / 1000),
      hours: range.hours.length,
    },
    parts,
    events,
    edits: sum(view => view.edits),
    uncompared: sum(view => Number(!view.isCompared)),
    summaries,
    findings,
  };
}

/** Bronze and log never change what they have said; gold may be between two steps, such as a part and its rebuild. */
function isSuspect({ findings }: HourView): boolean {
  return findings.some(
    ({ severity, check }) => severity === 'error' && (check === 'gold' || check === 'sums'),
  );
}

/** What the records of the range name beside its parts: dead letters, and parts of hours outside the range. */
async function lookAtRest(
  records: readonly LogRecord[],
  hours: ReadonlySet<string>,
  { store, stored, editTypes, nowMs }: HourDeps,
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
    const facts = readPartLines(object.bytes, { hour, editTypes, needsId: true, sent }, ({ position }) => {
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

/** The stretch of time that the records span, by what they stored and by the range. */
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

function n(count: number): string {
  return count.toLocaleString('en-US');
}
