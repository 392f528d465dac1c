/**
 * Sums up hours that nobody has: those that an earlier version has counted, and those that a part was added to and that are
 * not rebuilt. Runs beside a worker, a few hours at a time and with pauses, because nothing waits for it. Any number of
 * workers may do it at once, and any may stop at any moment.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { GoldWriter } from './gold-store.ts';

/** Between two batches: a year takes a quarter of an hour. */
const BREATH_MS = 1_000;
/** When there is nothing left, or gold is away. */
const REST_MS = 600_000;

export interface RollingHost {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** It is tried again after a rest. */
  readonly onFailure: (error: unknown) => void;
  readonly breathMs?: number;
  readonly restMs?: number;
}

/** Resolves once the signal has aborted and nothing is under way. */
export async function rollOlderHours(
  gold: Pick<GoldWriter, 'rollUp'>,
  { signal, onFailure, breathMs = BREATH_MS, restMs = REST_MS }: RollingHost,
): Promise<void> {
  while (!signal.aborted) {
    let rolled = 0;
    try {
      rolled = await gold.rollUp(signal);
    } catch (error) {
      onFailure(error);
    }
    await sleep(rolled > 0 ? breathMs : restMs, undefined, { signal }).catch(() => undefined);
  }
}
