/** Whether gold answers, for probes. Failures are reported by code, never by the driver's message. */
import type { GoldReader } from '../gold/gold-store.ts';
import { within } from './within.ts';

/** Shorter than common probe timeouts, so that the probe gets a response instead of timing out. */
const PING_LIMIT_MS = 2_000;

export type GoldProblem = { readonly error: string; readonly cause?: unknown };

/** Why gold does not answer, or undefined. */
export async function goldProblem(gold: Pick<GoldReader, 'ping'>): Promise<GoldProblem | undefined> {
  try {
    const answered = gold.ping().then(() => true);
    if ((await within(answered, PING_LIMIT_MS)) === true) return undefined;
    return { error: `gold did not respond within ${PING_LIMIT_MS / 1000} s` };
  } catch (error) {
    return { error: `gold is unavailable${codeOf(error)}`, cause: error };
  }
}

/** ` (ECONNREFUSED)`: safe to send, because system codes, SQLSTATEs and our own codes name no host or user. */
function codeOf(error: unknown): string {
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown };
  if (typeof code === 'string' && /^[A-Z0-9_]{3,40}$/.test(code)) return ` (${code})`;
  return cause === undefined || cause === null ? '' : codeOf(cause);
}
