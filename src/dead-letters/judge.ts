/** ② again, later: reads the bytes of a dead letter with today's rules, exactly as a message of the stream. */
import { oneLine, readMessage } from '../core/message.ts';
import type { IntakeRules } from '../core/intake-rules.ts';
import type { BufferedEvent, DeadLetter } from '../bronze/part-buffer.ts';
import type { DeadReason } from '../core/reading.ts';
import { hourOf } from '../core/time.ts';
import type { Hour } from '../core/time.ts';

/** Why a letter is not replayed: still unusable, a canary, or of a wiki that is not kept. */
export type LeftReason = DeadReason | 'canary' | 'filtered';

export interface UsableLetter {
  readonly kind: 'usable';
  readonly hour: Hour;
  readonly event: BufferedEvent;
}

export type Verdict = UsableLetter | { readonly kind: 'left'; readonly why: LeftReason };

/** Judges a letter by its bytes alone, whatever reason it was stored with. */
export function judge(letter: DeadLetter, { judge: judgeEvent, wikis }: IntakeRules, nowMs: number): Verdict {
  const data = bytesOf(letter);
  const reading = readMessage(data, judgeEvent, { nowMs });
  if (reading.kind === 'canary') return { kind: 'left', why: 'canary' };
  if (reading.kind === 'dead') return { kind: 'left', why: reading.reason };
  const { id, wiki, timestamp, sentAtMs, edit } = reading;
  if (wikis.size > 0 && !wikis.has(wiki)) return { kind: 'left', why: 'filtered' };
  const event = { line: oneLine(data), id, timestamp, sentAtMs, isEdit: edit !== undefined };
  return { kind: 'usable', hour: hourOf(timestamp), event };
}

function bytesOf({ raw, rawBase64 }: DeadLetter): Buffer {
  return rawBase64 === undefined ? Buffer.from(raw, 'utf8') : Buffer.from(rawBase64, 'base64');
}
