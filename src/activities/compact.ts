/**
 * ⑥ Finished days of gold as one object each, for stores that keep such a dataset. Idempotent: a day that has the present
 * state of its hours is left as it is.
 */
import { PipelineError } from '../contracts/errors.ts';
import type { CompactedDay, GoldDays, GoldStore } from '../gold/gold-store.ts';
import { toFailure } from './failure.ts';

export type { CompactedDay };

interface CompactDeps {
  readonly gold: Pick<GoldStore, 'days'>;
}

/** Finished days whose object is missing, or older than one of their hours. */
export async function listStaleDays({ gold }: CompactDeps): Promise<{ days: string[] }> {
  try {
    return { days: await daysOf(gold).stale(Date.now()) };
  } catch (error) {
    throw toFailure(error);
  }
}

/** Writes one day. */
export async function compactDay(
  { day }: { readonly day: string },
  { gold }: CompactDeps,
): Promise<CompactedDay> {
  try {
    return await daysOf(gold).compact(day);
  } catch (error) {
    throw toFailure(error);
  }
}

function daysOf({ days }: CompactDeps['gold']): GoldDays {
  if (days !== undefined) return days;
  throw new PipelineError('gold is in Postgres, which has no days to compact', {
    code: 'no_days',
    op: 'compact day',
    subject: 'GOLD',
    retryable: false,
    hint: 'Start the worker with GOLD=s3, or postgres,s3, to keep gold as Parquet.',
  });
}
