/**
 * The ticker of a run: what it has to report every second, of which its host sends the latest every few seconds, and a
 * warning when the system clock jumps.
 */
import { ClockWatch } from '../core/clock-watch.ts';

const HEARTBEAT_MS = 1_000;

export interface Heartbeat {
  /** Sends one now, between two ticks. */
  beat(): void;
  /** Sends a last one. */
  stop(): void;
}

export function startHeartbeat(beat: () => void, log: { warn(message: string): void }): Heartbeat {
  const clock = new ClockWatch();
  const ticker = setInterval(() => {
    const jumpedMs = clock.look(Date.now(), performance.now());
    if (jumpedMs !== undefined) log.warn(`system clock jumped by ${jumpedMs / 1000} s`);
    beat();
  }, HEARTBEAT_MS);
  return {
    beat,
    stop: () => {
      clearInterval(ticker);
      beat();
    },
  };
}
