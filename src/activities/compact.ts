/**
 * ⑥ Writes finished days of gold as one object each, where the store keeps such a dataset. Idempotent: a day whose
 * object matches its hours is left alone.
 */
import { PipelineError } from '../contracts/errors.ts';
import type { CompactedDay, GoldDays, GoldStore } from '../gold/gold-store.ts';
import { runEngine } from './run-engine.ts';

export type { CompactedDay };

interface CompactDeps {
  readonly gold: Pick<GoldStore, 'days'>;
}

/** Finished days whose object is missing or older than one of their hours. */
export function listStaleDays({ gold }: CompactDeps): Promise<{ days: string[] }> {
  return runEngine(async () => ({ days: await daysOf(gold).stale(Date.now()) }));
}

export function compactDay({ day }: { readonly day: string }, { gold }: CompactDeps): Promise<CompactedDay> {
  return runEngine(() => daysOf(gold).compact(day));
}

function daysOf({ days }: CompactDeps['gold']): GoldDays {
  if (days !== undefined) return days;
  throw new PipelineError('Gold is in Postgres, which has no days to compact', {
    code: 'no_days',
    op: 'compact day',
    subject: 'GOLD',
    retryable: false,
    hint: 'Start the worker with GOLD=s3, or postgres,s3, to keep gold as Parquet.',
  });
}
