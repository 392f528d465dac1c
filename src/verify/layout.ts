/**
 * Objects that nothing reads, by where they lie, in whole buckets: gold's by the listing, bronze's and dead letters' by
 * their folders, because only the hours of the range are listed. Everything of the range itself has checks of its own.
 */
import { BRONZE, DEAD_LETTERS } from '../contracts/storage/object-keys.ts';
import { DAY_MS, isDay } from '../core/time.ts';
import type { GoldSnapshots } from '../gold/snapshot.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { errorOf, noteOf } from './findings.ts';
import type { Finding } from './findings.ts';

const DAMAGED_ADVICE =
  'Restore an earlier version of it. Without one, move it out of gold/ and keep it; a day is then written again from its hours. ' +
  'What gold knew of gaps and backfills is restored by npm run transform, as far as bronze still has it.';

/** Folders of bronze beside its years. */
const BESIDE_YEARS = new Set(['_log/', '_backfill/', '_foreign/']);
const LEVELS = [/^yyyy=(\d{4})\/$/, /^mm=(\d\d)\/$/, /^dd=(\d\d)\/$/];

interface Deps {
  readonly store: Pick<ObjectStore, 'folders'>;
  readonly gold: Pick<GoldSnapshots, 'odd'>;
  readonly nowMs: number;
}

export async function layoutFindings(
  fromMs: number,
  toMs: number,
  { store, gold, nowMs }: Deps,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const root of [BRONZE, DEAD_LETTERS])
    for await (const [folder, why] of oddFolders(store, root, '', nowMs))
      findings.push(noteOf(['bronze', 'foreign_object'], folder, `${folder} ${why}`));
  for (const { key, kind, problem } of (await gold.odd?.(fromMs, toMs, nowMs)) ?? [])
    findings.push(
      kind === 'damaged'
        ? errorOf(['gold', 'object_unreadable'], key, `${key} cannot be read: ${problem}`, DAMAGED_ADVICE)
        : noteOf(['gold', 'foreign_object'], key, `${key} ${problem}; nothing reads it`),
    );
  return findings;
}

/** Folders that belong to no day, or to one that has not begun. @param day so far, such as `2026-11` */
async function* oddFolders(
  store: Deps['store'],
  prefix: string,
  day: string,
  nowMs: number,
): AsyncGenerator<readonly [folder: string, why: string]> {
  const parts = day === '' ? [] : day.split('-');
  const level = LEVELS[parts.length];
  for (const name of await store.folders(prefix)) {
    const folder = `${prefix}${name}`;
    const [, digits] = level?.exec(name) ?? [];
    if (digits === undefined) {
      if (parts.length > 0 || !BESIDE_YEARS.has(name))
        yield [folder, 'is no folder of ours; nothing reads it'];
      continue;
    }
    const next = [...parts, digits].join('-');
    const first = `${next}-01-01`.slice(0, 10);
    if (!isDay(first)) yield [folder, 'is no day that exists; nothing reads it'];
    else if (Date.parse(first) > nowMs + DAY_MS)
      yield [folder, 'lies in the future; no event can be from then'];
    else if (parts.length < 2) yield* oddFolders(store, folder, next, nowMs);
  }
}
