/** Heartbeats for work that takes minutes: a killed worker is noticed within seconds, not at the time-out. */
import { Context } from '@temporalio/activity';

const EVERY_MS = 2_000;

/** Reports progress; the Web UI shows the latest at the pending activity. */
export type Note = (details: unknown) => void;

/** Runs `work`, sending a heartbeat with the latest progress every two seconds. */
export async function withHeartbeat<T>(work: (note: Note) => Promise<T>): Promise<T> {
  const context = Context.current();
  let latest: unknown;
  const ticker = setInterval(() => context.heartbeat(latest), EVERY_MS);
  try {
    return await work(details => (latest = details));
  } finally {
    clearInterval(ticker);
  }
}
