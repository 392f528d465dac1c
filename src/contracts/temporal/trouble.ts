/**
 * What keeps ingest from working at the moment: in the heartbeats of `streamParts`, in the signal `troubled`, and in the
 * answer to `progress`. It is retried until it is over, so nothing has failed yet.
 */
import { isInstant } from '../../core/time.ts';
import { isObject } from '../../core/json.ts';

/** What does not answer as it should. */
export type TroubleKind = 'stream' | 'storage' | 'temporal' | 'gold';
const KINDS: readonly TroubleKind[] = ['stream', 'storage', 'temporal', 'gold'];

export interface Trouble {
  readonly kind: TroubleKind;
  /** The latest failure, as a sentence. */
  readonly what: string;
  /** When the first try that failed began, ISO 8601. */
  readonly since: string;
  /** Failures since then. */
  readonly tries: number;
  /** When it is tried again, ISO 8601; in the past while that try waits for its answer. */
  readonly nextTry: string;
}

/** The troubles in a payload, which is unchecked JSON: whatever is not one is left out. */
export function readTroubles(payload: unknown): Trouble[] {
  return Array.isArray(payload) ? payload.filter(isTrouble) : [];
}

function isTrouble(value: unknown): value is Trouble {
  if (!isObject(value)) return false;
  const { kind, what, since, tries, nextTry } = value;
  const areTimes = [since, nextTry].every(time => typeof time === 'string' && isInstant(time));
  return (
    KINDS.some(known => known === kind) && typeof what === 'string' && Number.isInteger(tries) && areTimes
  );
}
