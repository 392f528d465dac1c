/**
 * Gold may be down or frozen while ingest goes on, because the log says where to resume: an answer that does not come
 * soon is not waited for.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** Less than the time-out of a connection: no answer is no failure yet. */
const ANSWER_MS = 4_000;

/** Undefined when there is no answer in time. @throws what the answer throws */
export async function soon<T>(answer: Promise<T>): Promise<T | undefined> {
  const stopWaiting = new AbortController();
  try {
    return await Promise.race([answer, sleep(ANSWER_MS, undefined, { signal: stopWaiting.signal })]);
  } finally {
    stopWaiting.abort();
  }
}
