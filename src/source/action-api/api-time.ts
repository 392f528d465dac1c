/** ① Times as the Action API writes them: `2026-11-20T10:05:00Z`, whole seconds of UTC. */
import { instantOf } from '../../core/time.ts';
import { isoSeconds } from '../../core/time.ts';

/** Epoch seconds of such a time; undefined for anything else. */
export function epochSecondsOf(text: unknown): number | undefined {
  const ms = instantOf(text);
  // Formatting it must give the same text, because the parser also accepts a year alone and the 30th of February.
  return ms !== undefined && isoSeconds(ms / 1000) === text ? ms / 1000 : undefined;
}
