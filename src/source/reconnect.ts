/**
 * ① The reconnect loop of all sources: yields what connections deliver, one connection at a time. After a failure it
 * waits and connects again; failures that last too long end it, so that they show.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { PipelineError } from '../contracts/errors.ts';
import { RetryPauses } from './retry-pauses.ts';
import type { GiveUp } from './retry-pauses.ts';
import { unreachable } from './source-failure.ts';

export interface ReconnectPolicy {
  /** What is read, for failures. */
  readonly url: string;
  readonly signal: AbortSignal;
  /** What it means when a connection ends without failure: all was delivered, or there is more on the next one. */
  readonly cleanEnd: 'finish' | 'reconnect';
  readonly giveUp: GiveUp;
  /** The shortest pause between two connections that the source has asked for, ms. */
  readonly leastPauseMs?: () => number;
  /** Retryable failures that another connection cannot fix. */
  readonly isFinal?: (failure: PipelineError) => boolean;
  /** Called before each pause with its cause. */
  readonly onTrouble?: ((failure: PipelineError, pauseMs: number) => void) | undefined;
  /** Called with the first item of a connection: only what is delivered proves that the source works. */
  readonly onDelivery?: (() => void) | undefined;
}

/** A connection shorter than this is a failure even if it ends cleanly: to reconnect at once would flood the server. */
const SHORT_MS = 1_000;

/**
 * Opens connections until one finishes or the signal aborts; an abort ends it without an error.
 * @throws what is not retryable, or final, at once; other failures once the policy gives up.
 */
export async function* reconnecting<T>(
  open: () => AsyncIterable<T>,
  { url, signal, cleanEnd, giveUp, leastPauseMs = () => 0, isFinal, onTrouble, onDelivery }: ReconnectPolicy,
): AsyncGenerator<T> {
  const pauses = new RetryPauses(giveUp);
  while (!signal.aborted) {
    const openedAtMs = performance.now();
    let failure: PipelineError | undefined;
    let isFirst = true;
    try {
      for await (const item of open()) {
        pauses.reset();
        if (isFirst) onDelivery?.();
        isFirst = false;
        yield item;
      }
      if (cleanEnd === 'finish') return;
      if (performance.now() - openedAtMs < SHORT_MS) failure = unreachable(url, 'ended as soon as it began');
    } catch (error) {
      if (!(error instanceof PipelineError && error.retryable) || isFinal?.(error) === true) throw error;
      failure = error;
    }
    if (signal.aborted) continue;
    let pauseMs = leastPauseMs();
    if (failure !== undefined) {
      const next = pauses.next(failure, performance.now(), Math.random());
      if (next.kind === 'give_up') throw failure;
      pauseMs = Math.max(pauseMs, next.pauseMs);
      onTrouble?.(failure, pauseMs);
    }
    if (pauseMs > 0) await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}
