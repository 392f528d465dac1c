/** A range filled by a backfill, as bronze stores it: one JSON object, named by an id that follows from its content. */
import { createHash } from 'node:crypto';
import { BACKFILL_SOURCES, joinCoverage } from '../core/backfill.ts';
import type { Coverage } from '../core/backfill.ts';

/** Adds the id: the same for the same range, source and wikis. */
export function withCoverageId(covered: Omit<Coverage, 'id'>): Coverage {
  const { source, from, to, wikis } = covered;
  return { id: `${source}-${from}-${to}-${digestOf(wikis)}`, ...covered };
}

/** Adjoining ranges as one: a backfill records hours as they are done, and the whole range at its end. */
export function joinedCoverage(records: readonly Coverage[]): Coverage[] {
  return joinCoverage(records).map(range => {
    if (records.includes(range)) return range;
    const { id: _, ...covered } = range;
    return withCoverageId(covered);
  });
}

function digestOf(wikis: Coverage['wikis']): string {
  if (wikis === undefined) return 'all';
  const names = [...wikis].sort().join();
  return createHash('sha256').update(names).digest('hex').slice(0, 8);
}

export function encodeCoverage(coverage: Coverage): Uint8Array {
  return Buffer.from(`${JSON.stringify(coverage)}\n`);
}

/** Undefined for anything but a coverage record. */
export function decodeCoverage(body: Uint8Array): Coverage | undefined {
  try {
    const record = JSON.parse(Buffer.from(body).toString('utf8')) as Partial<Coverage>;
    const { id, from, to, wikis } = record;
    const source = BACKFILL_SOURCES.find(known => known === record.source);
    if (source === undefined || id === undefined || from === undefined || to === undefined) return undefined;
    return { id, source, from, to, ...(wikis !== undefined && { wikis }) };
  } catch {
    return undefined;
  }
}
