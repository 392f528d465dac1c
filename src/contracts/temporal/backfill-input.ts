/** The input of `backfill`, checked before any request is sent. */
import { BACKFILL_SOURCES } from '../../core/backfill.ts';
import { FIRST_DAY_MS, MINUTE_MS, isoMs } from '../../core/time.ts';
import { choice, hours, instant, integer, wikis } from '../kinds.ts';
import { DEFAULT_API_REQUESTS } from '../limits.ts';
import type { PlanInput, WantedSource } from './backfill.ts';
import { invalidInput, readInput } from './input.ts';
import { readHourRange } from './range-input.ts';

export interface BackfillInput extends PlanInput {
  /** Wikis that are requested in parallel. */
  readonly concurrency: number;
}

/** An input, as messages and documents show it. */
export const BACKFILL_EXAMPLE = {
  from: '2026-11-20T00:00:00Z',
  to: '2026-11-21T00:00:00Z',
  wikis: ['enwiki'],
  source: 'auto',
};
const EXAMPLE_TEXT = `Example: ${JSON.stringify(BACKFILL_EXAMPLE)} or {"hours":24}`;
/** Edits of the last few minutes may not have reached every replica yet. */
const SETTLED_MS = 5 * MINUTE_MS;
const SOURCES: readonly WantedSource[] = ['auto', ...BACKFILL_SOURCES];
export const BACKFILL_FIELDS = {
  hours,
  from: instant,
  to: instant,
  wikis,
  source: choice(SOURCES),
  concurrency: integer(1, 16),
};

/** @throws ApplicationFailure `InvalidInput` that names the field, what it got and an example */
export function readBackfillInput(raw: unknown): BackfillInput {
  const given = readInput('backfill', raw, BACKFILL_FIELDS, BACKFILL_EXAMPLE);
  const nowMs = Date.now();
  checkInstant('from', given.from, nowMs);
  checkInstant('to', given.to, nowMs);
  const range = readHourRange('backfill', given, EXAMPLE_TEXT);
  const fromMs = Math.max(range.fromMs, FIRST_DAY_MS);
  const settledMs = Math.floor((nowMs - SETTLED_MS) / MINUTE_MS) * MINUTE_MS;
  const toMs = Math.min(range.toMs, settledMs);
  if (fromMs >= toMs)
    throw invalidInput(
      `backfill: the range starts at ${isoMs(fromMs)}, but only edits older than five minutes can be fetched; ` +
        `choose an earlier from, or wait. ${EXAMPLE_TEXT}`,
      'from',
    );
  const some = given.wikis !== undefined && given.wikis.length > 0 ? [...new Set(given.wikis)] : undefined;
  return {
    from: isoMs(fromMs),
    to: isoMs(toMs),
    source: given.source ?? 'auto',
    concurrency: given.concurrency ?? DEFAULT_API_REQUESTS,
    ...(some !== undefined && { wikis: some }),
  };
}

function checkInstant(field: 'from' | 'to', value: string | undefined, nowMs: number): void {
  if (value === undefined) return;
  const problem =
    Date.parse(value) > nowMs
      ? `lies in the future, got ${value}; now is ${isoMs(nowMs)}`
      : Date.parse(value) < FIRST_DAY_MS
        ? `lies before Wikipedia's first day, 2001-01-15, got ${value}`
        : undefined;
  if (problem !== undefined) throw invalidInput(`backfill: ${field} ${problem}. ${EXAMPLE_TEXT}`, field);
}
