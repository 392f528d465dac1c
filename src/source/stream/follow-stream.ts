/**
 * ① The stream over all its connections. Every connection ends (the edge cuts it after 15 minutes); the next one
 * starts from the cursor of what the reader has taken in. One connection at a time. Messages can come twice: the reader
 * recognises them.
 */
import type { PipelineError } from '../../contracts/errors.ts';
import { reconnecting } from '../reconnect.ts';
import { readEventStream } from './event-stream.ts';
import type { StreamRequest } from './event-stream.ts';
import type { StreamMessage } from './message-queue.ts';

/** A server that asks for a longer pause gets this one. */
const MAX_ASKED_MS = 60_000;

export interface FollowOptions extends Omit<StreamRequest, 'resume' | 'onRetry'> {
  /** Called for each connection: where to start. */
  readonly resume: () => StreamRequest['resume'];
  /** Called before each pause with its cause. */
  readonly onTrouble: (error: PipelineError, pauseMs: number) => void;
  /** Called with the first message of each connection. */
  readonly onDelivery?: () => void;
  /** Failures in a row for this long end the reading. */
  readonly giveUpMs: number;
}

/**
 * Yields messages until the signal aborts.
 * @throws PipelineError at once when the address can never work; the last failure after failing for `giveUpMs`.
 */
export function followStream(options: FollowOptions): AsyncGenerator<StreamMessage> {
  const { url, signal, giveUpMs, onTrouble, onDelivery } = options;
  let askedMs = 0;
  const onRetry = (pauseMs: number): void => void (askedMs = Math.min(pauseMs, MAX_ASKED_MS));
  return reconnecting(() => readEventStream({ ...options, resume: options.resume(), onRetry }), {
    url,
    leastPauseMs: () => askedMs,
    signal,
    cleanEnd: 'reconnect',
    giveUp: { afterMs: giveUpMs, countsPause: false },
    onTrouble,
    onDelivery,
  });
}
