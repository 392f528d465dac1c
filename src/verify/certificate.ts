/**
 * Compares the evidence of an hour, which its certificate shows, with bronze, with the ledger and with the rows. Pure. The
 * digests are computed here once more, on purpose: a bug in src/transform or src/gold must not hide in the check.
 */
import { createHash } from 'node:crypto';
import type { Correction, HourEvidence, RowsDigest } from '../contracts/storage/hour-evidence.ts';
import { hourOfPartKey, isForeignKey } from '../contracts/storage/object-keys.ts';
import type { MinuteRow } from '../core/minute-counts.ts';
import { HOUR_MS, isoSeconds } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import type { HourSnapshot } from '../gold/snapshot.ts';
import { errorOf } from './findings.ts';
import type { Finding } from './findings.ts';
import { rebuildAdvice } from './hour-rows.ts';

/** Compares the lines of a part with the digest of those that were counted; no finding where there is none. */
export function partDigestFindings(
  key: string,
  bytes: Uint8Array,
  lines: number,
  { evidence }: Pick<HourSnapshot, 'evidence'>,
): Finding[] {
  const certified = evidence?.parts.find(part => part.key === key);
  if (certified === undefined) return [];
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 === certified.sha256 && lines === certified.lines) return [];
  const message = `${key} is no longer what was counted at ${evidence?.at}: ${lines} lines with SHA-256 ${short(sha256)}, not ${certified.lines} with ${short(certified.sha256)}`;
  const advice =
    'Its lines were changed after they were counted. Restore the object from an object version or a copy of the bucket; until then a rebuild would count other lines.';
  return [errorOf(['bronze', 'digest_differs'], key, message, advice)];
}

/**
 * Compares the parts that were counted with the ledger.
 * @param known parts that bronze has: where the ledger lacks one of these, that is another finding
 */
export function certifiedPartsFindings(
  hour: Hour,
  { evidence, ledger }: Pick<HourSnapshot, 'evidence' | 'ledger'>,
  known: ReadonlySet<string>,
): Finding[] {
  if (evidence === undefined) return [];
  const certified = new Set(evidence.parts.map(({ key }) => key));
  const entered = new Set(ledger.map(({ key }) => key));
  const findings: Finding[] = [];
  for (const { key, isAfter } of ledger) {
    if (isAfter || isForeignKey(key) || certified.has(key)) continue;
    const message = `${key} is in gold’s ledger, but the rebuild of ${hour} at ${evidence.at} has not counted it`;
    findings.push(errorOf(['gold', 'part_not_counted'], key, message, rebuildAdvice(hour)));
  }
  const gone = [...certified].filter(
    key => hourOfPartKey(key) === hour && !isForeignKey(key) && !entered.has(key) && !known.has(key),
  );
  if (gone.length > 0) {
    const message = `the ledger of ${hour} lacks ${gone.length} parts that were counted at ${evidence.at} (first: ${gone[0]})`;
    const advice =
      'Keys were removed from the ledger by hand. Restore them: without them and their parts, a rebuild would count less.';
    findings.push(errorOf(['sums', 'certificate_differs'], hour, message, advice));
  }
  return findings;
}

/**
 * Compares the rows with the digest of those that the last rebuild left. Only while nothing has been added since: what a
 * part adds is compared with bronze.
 * @param bronze whether the rows were compared with bronze too, and were those of its parts
 */
export function certifiedRowsFindings(
  hour: Hour,
  { evidence, corrections = [], ledger, rows }: HourSnapshot,
  bronze: 'same' | 'differ' | 'not_compared',
): Finding[] {
  const certified = evidence?.rows;
  if (evidence === undefined || certified === undefined || bronze === 'differ') return [];
  if (ledger.some(({ isAfter }) => isAfter) || isFilledSince(corrections, evidence)) return [];
  const found = sumsOf(rows);
  if (found.sha256 === certified.sha256) return [];
  const what = `${hour}: its rows (${described(found)}) are not those that were counted at ${evidence.at} (${described(certified)})`;
  if (bronze === 'same') {
    const message = `${what}, although they are those of its parts`;
    return [errorOf(['sums', 'certificate_differs'], hour, message, rebuildAdvice(hour))];
  }
  const end = new Date(Date.parse(`${hour}:00:00Z`) + HOUR_MS).toISOString().slice(0, 13);
  const advice = `They were changed after they were counted, and bronze no longer has all of the hour. Restore them from a copy of gold, or fetch the hour again: npm run backfill -- --from ${hour}:00Z --to ${end}:00Z`;
  return [errorOf(['gold', 'rows_differ'], hour, what, advice)];
}

/** A backfill has written rows into an hour that could not be rebuilt. */
function isFilledSince(corrections: readonly Correction[], { at }: HourEvidence): boolean {
  return corrections.some(correction => correction.kind === 'filled' && correction.at >= at);
}

function described({ rows, edits, sha256 }: RowsDigest): string {
  return `${rows} with ${edits} edits, SHA-256 ${short(sha256)}`;
}

/** Enough to tell digests apart; the certificate has the whole. */
function short(sha256: string): string {
  return `${sha256.slice(0, 12)}…`;
}

/** @param rows in the order of gold's primary key */
function sumsOf(rows: readonly MinuteRow[]): RowsDigest {
  const lines = rows.map(
    ({ minute, wiki, isBot, edits, bytesChange }) =>
      `${[isoSeconds(minute), wiki, isBot, edits, bytesChange].join(',')}\n`,
  );
  return {
    rows: rows.length,
    edits: rows.reduce((sum, { edits }) => sum + edits, 0),
    bytesChange: rows.reduce((sum, { bytesChange }) => sum + bytesChange, 0),
    sha256: createHash('sha256').update(lines.join('')).digest('hex'),
  };
}
