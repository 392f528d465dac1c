/** ① Times as the Action API writes them: `2026-11-20T10:05:00Z`, whole seconds of UTC. */
import { instantOf } from '../../core/time.ts';
import { isoSeconds } from '../../core/time.ts';

/** Epoch seconds of such a time, also when it has a fraction of a second; undefined for anything else. */
export function epochSecondsOf(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  const whole = text.replace(/\.\d+Z$/, 'Z');
  const ms = instantOf(whole);
  // Formatting it must give the same text, because the parser also accepts a year alone and the 30th of February.
  return ms !== undefined && isoSeconds(ms / 1000) === whole ? ms / 1000 : undefined;
}
