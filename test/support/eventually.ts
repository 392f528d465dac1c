/** Waiting for what will become so: polled with a deadline, never slept for. Works beside fake timers. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves with the first answer that is neither undefined nor false. @throws when there is none within the deadline. */
export async function eventually<T>(
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
