/** The input of `backfill`, checked before anything is asked for. */
import { BACKFILL_SOURCES } from '../../core/backfill.ts';
import { isoMs } from '../../core/time.ts';
import type { PlanInput, WantedSource } from './backfill.ts';
import { choice, hours, instant, integer, invalidInput, readInput, wikis } from './input.ts';
import { readHourRange } from './range-input.ts';

export interface BackfillInput extends PlanInput {
  /** Wikis that are asked for at once. */
  readonly concurrency: number;
}

const EXAMPLE = {
  from: '2026-11-20T00:00:00Z',
  to: '2026-11-21T00:00:00Z',
  wikis: ['enwiki'],
  source: 'auto',
};
/** HOURS of the contract; what starts this workflow from the shell says its own. */
const USUAL_HOURS = 1_440;
/** What the API allows at once. */
const USUAL_CONCURRENCY = 3;
/** Wikipedia's first day. */
const FIRST_DAY_MS = Date.UTC(2001, 0, 15);
/** Edits of the last minutes may not have arrived everywhere. */
const SETTLED_MS = 5 * 60_000;
const MINUTE_MS = 60_000;
const SOURCES: readonly WantedSource[] = ['auto', ...BACKFILL_SOURCES];

/** @throws ApplicationFailure `InvalidInput` naming the field, what it got and an example */
export function readBackfillInput(raw: unknown): BackfillInput {
  const such = `Example: ${JSON.stringify(EXAMPLE)} or {"hours":24}`;
  const fields = {
    hours,
    from: instant,
    to: instant,
    wikis,
    source: choice(SOURCES),
    concurrency: integer(1, 16),
  };
  const given = readInput('backfill', raw, fields, EXAMPLE);
  const nowMs = Date.now();
  for (const [field, value] of [
    ['from', given.from],
    ['to', given.to],
  ] as const) {
    if (value === undefined) continue;
    if (Date.parse(value) > nowMs)
      throw invalidInput(
        `backfill: ${field} lies in the future, got ${value}; now is ${isoMs(nowMs)}. ${such}`,
        field,
      );
    if (Date.parse(value) < FIRST_DAY_MS)
      throw invalidInput(
        `backfill: ${field} lies before Wikipedia's first day, 2001-01-15, got ${value}. ${such}`,
        field,
      );
  }
  const range = readHourRange('backfill', given, USUAL_HOURS, such);
  const fromMs = Math.max(range.fromMs, FIRST_DAY_MS);
  const settledMs = Math.floor((nowMs - SETTLED_MS) / MINUTE_MS) * MINUTE_MS;
  const toMs = Math.min(range.toMs, settledMs);
  if (fromMs >= toMs)
    throw invalidInput(
      `backfill: the range begins at ${isoMs(fromMs)}, and only what is older than five minutes is filled; ` +
        `take an earlier from, or wait. ${such}`,
      'from',
    );
  const some = given.wikis !== undefined && given.wikis.length > 0 ? [...new Set(given.wikis)] : undefined;
  return {
    from: isoMs(fromMs),
    to: isoMs(toMs),
    source: given.source ?? 'auto',
    concurrency: given.concurrency ?? USUAL_CONCURRENCY,
    ...(some !== undefined && { wikis: some }),
  };
}
