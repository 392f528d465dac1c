/** Waiting without hoping: asks again until it holds, and fails with the last answer when it never does. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  readonly withinMs?: number;
  readonly everyMs?: number;
}

/** Repeats `look` until it resolves; rejects with its last error after `withinMs` (60 s). */
export async function untilHolds<T>(look: () => Promise<T> | T, patience: Patience = {}): Promise<T> {
  const { withinMs = 60_000, everyMs = 100 } = patience;
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
