/**
 * The certificate of an hour: everything that says what its counts are worth, in a form that one can cite. Pure. The same
 * facts make the same text, so its digest names them.
 */
import { createHash } from 'node:crypto';
import { backfillSourceOf, isForeignKey, isReplayPart } from '../contracts/storage/object-keys.ts';
import type { HourExpectation } from '../contracts/storage/hour-expectation.ts';
import type { Coverage } from '../core/backfill.ts';
import type { ReadRanges } from '../core/coverage/read-ranges.ts';
import { containSpan, joinSpans, spanOf } from '../core/coverage/spans.ts';
import type { Span } from '../core/coverage/spans.ts';
import type { Gap } from '../core/gaps.ts';
import { HOUR_MS, hourStartMs, isoMs, isoSeconds } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import { NO_RECORD } from '../gold/hour-record.ts';
import type { HourReading, HourRecord } from '../gold/hour-record.ts';
import { shownExpectation } from './shown-expectation.ts';
import { shownGap } from './shown-gap.ts';
import type { HourCertificate, PartSource, UnknownField } from './schemas/hour-certificate.ts';

/** What gold knows that may be of the hour. */
export interface HourFacts {
  readonly record: HourReading;
  readonly reads: ReadRanges;
  readonly coverage: readonly Coverage[];
  readonly gaps: readonly Gap[];
  /** Epoch seconds: rows of earlier minutes may have been dropped. */
  readonly keptFrom: number | undefined;
  /** Undefined while the hour has not been compared with what is usual. */
  readonly expectation: HourExpectation | undefined;
}

type Uncited = Omit<HourCertificate, 'digest'>;

/** Undefined for an hour that nobody has read, counted or missed. */
export function certificateOf(hour: Hour, facts: HourFacts): HourCertificate | undefined {
  const startMs = hourStartMs(hour) ?? 0;
  const span = { fromMs: startMs, toMs: startMs + HOUR_MS };
  const { record: reading, reads, coverage, gaps, expectation } = facts;
  const record = reading.kind === 'read' ? reading : NO_RECORD;
  const { audited, evidence, corrections, ledger, sums } = record;
  const read = readIn(span, reads);
  const backfilled = coverage.flatMap(({ from, to, source, wikis }) => {
    const within = clipped(spanOf({ from, to }), span);
    return within === undefined
      ? []
      : [{ ...isoSpan(within), source, ...(wikis !== undefined && { wikis: [...wikis] }) }];
  });
  const lost = gaps.filter(({ from, to }) => Date.parse(from) < span.toMs && Date.parse(to) > span.fromMs);
  const isKnown =
    audited !== undefined || ledger.length > 0 || sums.rows > 0 || reading.kind === 'unreadable';
  if (!isKnown && read.length === 0 && backfilled.length === 0 && lost.length === 0) return undefined;
  const isKept = facts.keptFrom === undefined || startMs / 1000 >= facts.keptFrom;
  const certificate: Uncited = {
    version: 1,
    hour,
    from: isoMs(span.fromMs),
    to: isoMs(span.toMs),
    state: audited === undefined ? 'open' : audited.audit.isSealed ? 'sealed' : 'rebuilt',
    ...countsOf(record),
    ...(evidence?.rows !== undefined && { rows: { ...evidence.rows } }),
    ...(reading.kind === 'read' && isKept && { gold: { ...sums } }),
    read,
    backfilled,
    gaps: lost.map(shownGap),
    offsets: evidence?.offsets.map(range => ({ ...range })) ?? [],
    parts: partsOf(record),
    added: ledger
      .filter(({ isAfter }) => isAfter || audited === undefined)
      .map(({ key }) => ({ key, source: sourceOf(key) })),
    corrections: corrections.map(({ reasons, ...correction }) => ({ ...correction, reasons: [...reasons] })),
    ...(expectation !== undefined && { expectation: shownExpectation(expectation) }),
    unknown: unknownOf(record, {
      isDamaged: reading.kind === 'unreadable',
      isKept,
      isRead: isReadWhole(span, reads),
      isCompared: expectation !== undefined,
    }),
  };
  return { ...certificate, digest: digestOf(certificate) };
}

/** SHA-256 of the certificate without its digest, as JSON without blanks, the fields of each object sorted (RFC 8785). */
function digestOf(certificate: Uncited): string {
  return `sha256:${createHash('sha256').update(canonical(certificate)).digest('hex')}`;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).join(',')}}`;
}

function countsOf({ audited }: HourRecord): Partial<HourCertificate> {
  if (audited === undefined) return {};
  const { parts, events, edits, distinct, duplicates, late, unusable, changedRows, keptBefore } =
    audited.audit;
  return {
    rebuiltAt: audited.rebuiltAt,
    counts: { parts, events, edits, distinctEdits: distinct, duplicates, late, unusable },
    changedRows,
    ...(keptBefore !== undefined && { olderRowsBefore: isoSeconds(keptBefore) }),
  };
}

/** Those that the last rebuild counted. Without evidence the ledger has their names. */
function partsOf({ audited, evidence, ledger }: HourRecord): HourCertificate['parts'] {
  if (audited === undefined) return [];
  if (evidence !== undefined) return evidence.parts.map(part => ({ ...part, source: sourceOf(part.key) }));
  return ledger.filter(({ isAfter }) => !isAfter).map(({ key }) => ({ key, source: sourceOf(key) }));
}

function sourceOf(key: string): PartSource {
  if (isForeignKey(key)) return 'older_project';
  if (isReplayPart(key)) return 'replay';
  const source = backfillSourceOf(key);
  return source === undefined ? 'stream' : `backfill_${source}`;
}

function readIn(hour: Span, { read, pending }: ReadRanges): HourCertificate['read'] {
  const ranges = [
    ...read.map(range => ({ ...range, inGold: true })),
    ...pending.map(range => ({ ...range, inGold: false })),
  ];
  return ranges
    .flatMap(({ wikis, inGold, ...range }) => {
      const within = clipped(range, hour);
      return within === undefined
        ? []
        : [{ ...isoSpan(within), inGold, ...(wikis !== undefined && { wikis: [...wikis] }) }];
    })
    .sort((a, b) => (a.from === b.from ? Number(b.inGold) - Number(a.inGold) : a.from < b.from ? -1 : 1));
}

/** Whether records tell that all of it was read, for every wiki or for those that are kept. */
function isReadWhole(hour: Span, { read, pending }: ReadRanges): boolean {
  return containSpan(joinSpans([...read, ...pending]), hour);
}

function clipped({ fromMs, toMs }: Span, within: Span): Span | undefined {
  const span = { fromMs: Math.max(fromMs, within.fromMs), toMs: Math.min(toMs, within.toMs) };
  return span.fromMs < span.toMs ? span : undefined;
}

function isoSpan({ fromMs, toMs }: Span): { from: string; to: string } {
  return { from: isoMs(fromMs), to: isoMs(toMs) };
}

function unknownOf(
  { audited, evidence, corrections, ledger }: HourRecord,
  {
    isDamaged,
    isKept,
    isRead,
    isCompared,
  }: {
    readonly isDamaged: boolean;
    readonly isKept: boolean;
    readonly isRead: boolean;
    readonly isCompared: boolean;
  },
): UnknownField[] {
  const unknown: UnknownField[] = [];
  const add = (what: UnknownField['what'], detail: string): void => void unknown.push({ what, detail });
  if (isDamaged) add('gold', 'What gold has of the hour cannot be read. npm run verify says why.');
  else if (audited === undefined)
    add('counts', 'The hour has not been rebuilt yet: it is open, or ingest has not passed it.');
  else if (evidence === undefined)
    add(
      'digests',
      'An earlier version has rebuilt the hour, and did not record what it counted. npm run transform counts it again, as long as bronze has its parts.',
    );
  else {
    if (evidence.offsets.length === 0) add('offsets', 'None of its events carries an offset.');
    if (evidence.rows === undefined)
      add('rows', 'Rows of an older project are among them, so that they have no digest.');
    if (evidence.correctionsSince !== undefined)
      add('corrections', `What was corrected before ${evidence.correctionsSince} was not recorded.`);
  }
  const [first] = corrections;
  if (first !== undefined && first.nth > 1)
    add('corrections', `The first ${first.nth - 1} corrections are no longer kept.`);
  if (audited !== undefined && ledger.some(({ isAfter }) => isAfter))
    add('added', 'Parts were added since the last rebuild: they are in the rows, and not in the counts.');
  if (!isRead) add('read', 'No record tells that the stream was read in the whole hour.');
  if (audited?.audit.isSealed === true && !isCompared)
    add(
      'expectation',
      'It has not been compared with what is usual: that happens within minutes of the seal, where the stream was read in the whole hour.',
    );
  if (!isKept) add('gold', 'Rows, gaps and backfills of this age have been dropped from gold.');
  return unknown;
}
