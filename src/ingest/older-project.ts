/**
 * Taking over from an older project (docs/migrating.md). It must be quiet, or both would count the same edits. Our rows
 * begin with the minute after the last one that it reached; where within that minute it stopped is unknown.
 */
import { foreignKeys, indexForeign } from '../bronze/foreign-parts.ts';
import type { IndexDeps } from '../bronze/foreign-parts.ts';
import { PipelineError } from '../contracts/errors.ts';
import { hourOfPartKey } from '../contracts/storage/object-keys.ts';
import { DAY_MS, hourStartMs, minuteOf } from '../core/time.ts';
import type { GoldWriter, OlderProject } from '../gold/gold-store.ts';
import { soon } from './gold-answer.ts';

/** It counts a part every five minutes, or at the end of each busy one. */
const QUIET_MS = 15 * 60_000;

type Gold = Pick<GoldWriter, 'olderProject'>;

/** @throws PipelineError `older_project_running`, which passes by itself once it is quiet */
export function assertQuiet(older: OlderProject | undefined): void {
  const quietMs = older?.quietMs;
  if (quietMs === undefined || quietMs >= QUIET_MS) return;
  const minutes = Math.max(0, Math.floor(quietMs / 60_000));
  throw new PipelineError(
    `An older project counted a part in this database ${minutes} minutes ago: reading the stream beside it would count every edit twice`,
    {
      code: 'older_project_running',
      op: 'start ingest',
      subject: 'gold.processed_keys',
      retryable: true,
      hint: 'Stop its ingest and its transform. Reading starts by itself once it has been quiet for 15 minutes.',
    },
  );
}

/** The same, asked of gold. While gold is away, the older project cannot count either. */
export async function assertOlderProjectQuiet(gold: Gold): Promise<void> {
  assertQuiet(await soon(gold.olderProject(Date.now()).catch(() => undefined)));
}

/**
 * The first epoch ms of the last minute of which the parts of an older project have events; undefined without parts.
 * Only the newest parts are read: one that began a day earlier would have had to wait that long for its last event.
 */
export async function lastForeignMinute(deps: IndexDeps, nowMs: number): Promise<number | undefined> {
  const keys = await foreignKeys(deps.store, 0, nowMs + DAY_MS);
  const startOf = (key: string): number => hourStartMs(hourOfPartKey(key) ?? '') ?? 0;
  const newestMs = startOf(keys.at(-1) ?? '');
  const newest = keys.filter(key => startOf(key) > newestMs - DAY_MS);
  let lastAt: number | undefined;
  for (const span of await indexForeign(newest, { ...deps, areDamagedSkipped: true }))
    lastAt = Math.max(lastAt ?? 0, span.lastAt);
  return lastAt === undefined ? undefined : minuteOf(Math.min(lastAt, nowMs / 1000)) * 1000;
}
