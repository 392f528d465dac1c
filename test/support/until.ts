/** Waits for a condition with a deadline, by polling instead of a fixed sleep. Works with fake timers. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  readonly withinMs?: number;
  readonly everyMs?: number;
}

/** Repeats `look` until it resolves; rejects with its last error after `withinMs` (default: 2 minutes). */
export async function untilHolds<T>(look: () => Promise<T> | T, patience: Patience = {}): Promise<T> {
  const { withinMs = 120_000, everyMs = 100 } = patience;
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(everyMs);
    }
  }
}

/** Resolves with the first value that is neither undefined nor false. @throws if there is none within the deadline */
export async function untilTrue<T>(
  what: () => T | undefined | false | Promise<T | undefined | false>,
  deadlineMs = 10_000,
): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const value = await what();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > end) throw new Error(`still not so after ${deadlineMs} ms: ${what.toString()}`);
    await sleep(5);
  }
}
