/**
 * Parts of an older project in gold's ledger whose rows are missing: that project marks a part before it has counted it.
 * Each row must have at least the edits, each revision once, that its parts of the hour have. It may have more: from
 * parts that reach into the hour, and from revisions that were counted twice. Either can fill up some rows of a part
 * that was not counted, and the rows that it shares with its neighbours make those look short too: most of a part's
 * rows decide.
 */
import { backfillSourceOf, isForeignKey } from '../contracts/storage/object-keys.ts';
import type { StreamDefinition } from '../contracts/stream-definition.ts';
import { rowIdentity } from '../core/minute-counts.ts';
import { HOUR_MS, isoSeconds, minuteOf } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import type { HourSnapshot } from '../gold/snapshot.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { errorOf } from './findings.ts';
import type { Finding } from './findings.ts';
import { startOf } from './hour-ledger.ts';
import { readObjects } from './read-objects.ts';

export interface OlderPartsDeps {
  readonly store: ObjectStore;
  readonly definition: Pick<StreamDefinition, 'judge'>;
}

/** Edits of one part by row, and its last event time, epoch seconds. */
interface PartRows {
  readonly key: string;
  readonly rows: ReadonlySet<string>;
  readonly lastAt: number;
}

export async function olderPartFindings(
  hour: Hour,
  { ledger, rows }: HourSnapshot,
  listed: ReadonlySet<string>,
  { store, definition }: OlderPartsDeps,
): Promise<Finding[]> {
  // A backfill replaces rows with what its source has, which may be less.
  if (ledger.some(({ key }) => backfillSourceOf(key) !== undefined)) return [];
  const counted = ledger.filter(({ key }) => isForeignKey(key) && listed.has(key));
  const expected = new Map<string, number>();
  const revisions = new Set<string>();
  const parts: PartRows[] = [];
  for await (const [{ key }, object] of readObjects(store, counted)) {
    if (object.kind !== 'read') continue;
    const names = new Set<string>();
    let lastAt = startOf(hour);
    for (const line of object.bytes.toString('utf8').split('\n')) {
      const reading = definition.judge(line, { nowMs: Number.POSITIVE_INFINITY, needsId: false });
      if (reading.kind !== 'event' || reading.edit === undefined) continue;
      const { timestamp, wiki, edit } = reading;
      const start = startOf(hour);
      lastAt = Math.max(lastAt, timestamp);
      if (timestamp < start || timestamp >= start + HOUR_MS / 1000) continue;
      const revision = `${wiki} ${edit.revision}`;
      if (revisions.has(revision)) continue;
      revisions.add(revision);
      const name = rowIdentity({ minute: minuteOf(timestamp), wiki, isBot: edit.isBot });
      names.add(name);
      expected.set(name, (expected.get(name) ?? 0) + 1);
    }
    if (names.size > 0) parts.push({ key, rows: names, lastAt });
  }
  const found = new Map(rows.map(row => [rowIdentity(row), row.edits]));
  const isShort = (name: string): boolean => (found.get(name) ?? 0) < (expected.get(name) ?? 0);
  return parts
    .filter(({ rows: names }) => [...names].filter(isShort).length > names.size / 2)
    .map(({ key, lastAt }) => {
      const message = `gold’s ledger has ${key} of an older project, but not its rows: it was marked as counted before it was`;
      const to = isoSeconds((Math.floor(lastAt / 3_600) + 1) * 3_600).slice(0, 13);
      const advice = `Count its lines: npm run transform -- --from ${hour}:00Z --to ${to}:00Z`;
      return errorOf(['gold', 'older_rows_missing'], key, message, advice);
    });
}
