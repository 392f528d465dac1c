/**
 * What a run waits for, as operators read it in the answer to `progress` and in the Web UI. Code compares the kinds;
 * the sentences are made here and nowhere else.
 */
const SENTENCES = {
  nothing: 'nothing',
  resume: 'the signal resume',
  flush: 'the next flush',
  requestedFlush: 'the flush that was requested',
  lastFlush: 'the last flush',
  handOver: 'parts to be handed to their hours',
  parts: 'parts to be applied',
  partsOrSeal: 'more parts, or the seal of the hour',
  rebuild: 'the rebuild from bronze',
  plan: 'the plan',
  windows: 'windows to be read',
  rebuilds: 'hours to be rebuilt',
  hours: 'the hours to be read',
} as const;

export type WaitingFor = keyof typeof SENTENCES;

/** Completes "waits for …". */
export function sentenceOf(kind: WaitingFor): string {
  return SENTENCES[kind];
}
