/** Which dead letters a command is asked for: a range of time, and reasons. */
import type { DeadReason } from '../core/recent-change.ts';
import { isoMs } from '../core/time.ts';
import type { LetterSelection } from '../bronze/dead-letters.ts';
import { badFlag } from './bad-flag.ts';
import { readRangeFlags } from './range-flags.ts';
import type { RangeFlags } from './range-flags.ts';

export interface LetterFlags extends RangeFlags {
  readonly reason?: string;
}

const USUAL_HOURS = 24;
/** Every reason, so that a flag can be checked; a new one does not compile until it is here. */
const REASONS: Readonly<Record<DeadReason, true>> = {
  invalid_utf8: true,
  not_json: true,
  not_object: true,
  missing_meta_id: true,
  bad_wiki: true,
  bad_timestamp: true,
  bad_revision: true,
  bad_length: true,
};

/** @throws PipelineError `bad_configuration` that names the flag */
export function readLetterFlags(flags: LetterFlags, nowMs: number): LetterSelection {
  const range = readRangeFlags(flags, USUAL_HOURS, nowMs);
  if (flags.reason === undefined) return { ...range, reasons: new Set() };
  const reasons = flags.reason.split(',').map(reason => reason.trim());
  if (reasons.every(reason => Object.hasOwn(REASONS, reason))) return { ...range, reasons: new Set(reasons) };
  const expected = `one or several of ${Object.keys(REASONS).join(', ')}, separated by commas`;
  throw badFlag('--reason', expected, JSON.stringify(flags.reason), '--reason bad_wiki,not_json');
}

/** ` of reason bad_wiki received from … to …`. */
export function described({ fromMs, toMs, reasons }: LetterSelection): string {
  const which = reasons.size === 0 ? '' : ` of reason ${[...reasons].join(' or ')}`;
  return `${which} received from ${isoMs(fromMs)} to ${isoMs(toMs)}`;
}
