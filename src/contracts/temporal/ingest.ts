/** Input, result and heartbeat of the activity `streamParts`, which reads the stream into bronze. */
import type { Trouble } from './trouble.ts';

export interface StreamPartsInput {
  /** ISO 8601; where to start a stream that was never read. Once the log has a record, the log decides. */
  readonly since?: string;
  /** Wikis to keep; absent: those the worker is configured for. */
  readonly wikis?: readonly string[];
  /** Highest sequence whose parts the workflow knows; 0 when it knows none. */
  readonly acknowledged: number;
}

export interface StreamPartsResult {
  readonly acknowledged: number;
  readonly events: number;
  readonly parts: number;
}

/**
 * Details of a heartbeat, about 1 kB at most; the Web UI shows them at the pending activity. A retry reads only
 * `acknowledged` and `troubles`, and only as a hint.
 */
export interface StreamHeartbeat {
  readonly acknowledged: number;
  readonly events: number;
  readonly parts: number;
  readonly deadLetters: number;
  readonly duplicates: number;
  /** Events waiting for a flush. */
  readonly buffered: number;
  readonly connections: number;
  /** When the newest committed event was sent, ISO 8601. */
  readonly newest?: string;
  /** Address of its live feed; absent where it has none. */
  readonly live?: string;
  /** Why it does not work at the moment, in a sentence: the oldest of `troubles`. */
  readonly trouble?: string;
  /** Everything that does not work at the moment, oldest first. */
  readonly troubles?: readonly Trouble[];
}
