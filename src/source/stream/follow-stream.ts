/**
 * ① The stream over all its connections. Every connection ends (the edge cuts after 15 minutes); the next one asks
 * from the cursor of what was taken in so far. One connection at a time. What is delivered twice is for the reader
 * to recognise.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../../core/backoff.ts';
import { PipelineError } from '../../contracts/errors.ts';
import { readEventStream } from './event-stream.ts';
import type { StreamRequest } from './event-stream.ts';
import type { StreamMessage } from './message-queue.ts';
import { RetryLater, unreachable } from '../source-failure.ts';

export interface FollowOptions extends Omit<StreamRequest, 'resume'> {
  /** Asked at each connection: where to begin. */
  readonly resume: () => StreamRequest['resume'];
  /** Told why a connection failed and how long the pause is. */
  readonly onTrouble: (error: PipelineError, pauseMs: number) => void;
  /** Trouble for this long ends the reading, so that it shows as a failure. */
  readonly giveUpMs: number;
}

const BACKOFF = { baseMs: 500, maxMs: 60_000 };
/** A connection shorter than this is trouble even when it ends cleanly: reconnecting at once would be a storm. */
const SHORT_MS = 1_000;

/**
 * Yields messages until the signal aborts.
 * @throws PipelineError `source_refused` at once, `source_unreachable` after `giveUpMs` of trouble.
 */
export async function* followStream(options: FollowOptions): AsyncGenerator<StreamMessage> {
  const { signal, url, giveUpMs } = options;
  let troubles = 0;
  let troubledSinceMs = 0;
  while (!signal.aborted) {
    const openedAtMs = performance.now();
    let trouble: PipelineError | undefined;
    try {
      for await (const message of readEventStream({ ...options, resume: options.resume() })) {
        yield message;
        troubles = 0;
      }
      if (performance.now() - openedAtMs < SHORT_MS) trouble = unreachable(url, 'ended as soon as it began');
    } catch (error) {
      if (!(error instanceof PipelineError && error.retryable)) throw error;
      trouble = error;
    }
    if (trouble === undefined || signal.aborted) continue;
    if (troubles === 0) troubledSinceMs = performance.now();
    if (performance.now() - troubledSinceMs > giveUpMs) throw trouble;
    troubles += 1;
    const askedMs = trouble instanceof RetryLater ? trouble.afterMs : 0;
    const pauseMs = Math.max(askedMs, backoffMs(BACKOFF, troubles, Math.random()));
    options.onTrouble(trouble, pauseMs);
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}
