/** Heartbeats for work of minutes: a worker that was killed is missed within seconds, not at the time-out. */
import { Context } from '@temporalio/activity';

const EVERY_MS = 2_000;

/** Says how far the work is: shown at the pending activity in the Web UI. */
export type Note = (details: unknown) => void;

/** Does `work`, with a heartbeat every two seconds that carries what was noted last. */
export async function withHeartbeat<T>(work: (note: Note) => Promise<T>): Promise<T> {
  const context = Context.current();
  let noted: unknown;
  const heart = setInterval(() => context.heartbeat(noted), EVERY_MS);
  try {
    return await work(details => (noted = details));
  } finally {
    clearInterval(heart);
  }
}
