/** The flags that select dead letters: a range of time, and reasons. */
import { DEAD_REASONS } from '../core/reading.ts';
import { isoMs } from '../core/time.ts';
import { choice, list } from '../contracts/kinds.ts';
import type { LetterSelection } from '../bronze/dead-letters.ts';
import { readFlag } from './bad-flag.ts';
import { readRangeFlags } from './range-flags.ts';
import type { RangeFlags } from './range-flags.ts';

export interface LetterFlags extends RangeFlags {
  readonly reason?: string;
}

const DEFAULT_HOURS = 24;
const reasonList = list(
  choice(DEAD_REASONS),
  `one or several of ${DEAD_REASONS.join(', ')}, separated by commas`,
  { atLeastOne: true },
);

/** @throws PipelineError `bad_configuration` that names the flag */
export function readLetterFlags(flags: LetterFlags, nowMs: number): LetterSelection {
  const range = readRangeFlags(flags, DEFAULT_HOURS, nowMs);
  if (flags.reason === undefined) return { ...range, reasons: new Set() };
  const reasons = readFlag(reasonList, '--reason', flags.reason, '--reason bad_wiki,not_json');
  return { ...range, reasons: new Set(reasons) };
}

/** ` of reason bad_wiki received from … to …`. */
export function described({ fromMs, toMs, reasons }: LetterSelection): string {
  const which = reasons.size === 0 ? '' : ` of reason ${[...reasons].join(' or ')}`;
  return `${which} received from ${isoMs(fromMs)} to ${isoMs(toMs)}`;
}
