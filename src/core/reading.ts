/**
 * What a judge says of one event of a stream: canary, usable event, or dead letter with its reason.
 *
 * This folder, core, has the pure parts of the pipeline: readings of events, minute counts, cursors, gaps, backfill plans
 * and time. It does no I/O, reads no clock, uses no randomness and imports no library.
 */
import { DAY_MS } from './time.ts';

/** Why an event is unusable; stored with its bytes in the dead letters. */
export const DEAD_REASONS = [
  'invalid_utf8',
  'not_json',
  'not_object',
  'missing_meta_id',
  'bad_wiki',
  'bad_timestamp',
  'bad_revision',
  'bad_length',
] as const;
export type DeadReason = (typeof DEAD_REASONS)[number];

/** `Id` is `string`, except where `BackfillRules` accept events without a `meta.id`. */
export interface UsableEvent<Id extends string | undefined = string> {
  readonly kind: 'event';
  /** `meta.id`: unique in the stream, the key for removing duplicates. */
  readonly id: Id;
  readonly wiki: string;
  /** Event time in epoch seconds. */
  readonly timestamp: number;
  /** When Wikimedia's intake received it (`meta.dt`), epoch ms; the event time when `meta.dt` is missing or absurd. */
  readonly sentAtMs: number;
  readonly origin: Origin | undefined;
  /** Present when the type is one of the counted types. */
  readonly edit: Edit | undefined;
}

export interface Edit {
  /** Revision id, unique within its wiki. */
  readonly revision: number;
  readonly isBot: boolean;
  /** `length.new - length.old` in bytes; a missing side counts as 0. */
  readonly bytesChange: number;
}

/** The position of an event in Kafka; `offset` exceeds 32 bits. */
export interface Origin {
  readonly topic: string;
  /** Absent for partition 0. */
  readonly partition?: number;
  readonly offset: number | undefined;
}

export interface Canary {
  readonly kind: 'canary';
  /** `meta.dt`, epoch ms. */
  readonly sentAtMs?: number;
  readonly origin: Origin | undefined;
}

export interface DeadEvent {
  readonly kind: 'dead';
  readonly reason: DeadReason;
  /** `meta.id`, when it is valid. */
  readonly id: string | undefined;
  /** `meta.dt` as given, epoch ms. */
  readonly sentAtMs: number | undefined;
  readonly origin: Origin | undefined;
  /** `wiki`, when it is a valid name: FILTER_WIKI applies to dead letters too. */
  readonly wiki: string | undefined;
}

export type Reading<Id extends string | undefined = string> = UsableEvent<Id> | Canary | DeadEvent;

/** What a judge may assume of an event. */
export interface JudgeRules {
  /** The current time, epoch ms; `Infinity` accepts any future timestamp. */
  readonly nowMs: number;
  /** An event without `meta.id` is a dead letter; the default. */
  readonly needsId?: true;
}

/** For events from the Action API and the dumps, which have no `meta.id`. If there is one, it must be valid. */
export interface BackfillRules extends Omit<JudgeRules, 'needsId'> {
  readonly needsId: false;
}

/**
 * Judges one event by the text of its `data:` field or of its line in bronze. Never throws. The answer depends on the
 * text alone, except that `nowMs` bounds timestamps in the future, so every delivery of an event gets the same one.
 */
export interface Judge {
  (text: string, rules: JudgeRules): Reading;
  (text: string, rules: JudgeRules | BackfillRules): Reading<string | undefined>;
}

/** Intake takes seconds, or hours after an outage. A `meta.dt` further from the event time than this is wrong. */
const MAX_DELAY_MS = 30 * DAY_MS;

/**
 * When an event was sent, epoch ms: its own `meta.dt`, or `referenceMs` when that is missing or far off. One wrong
 * clock must not move the watermark by years. The answer depends on the event alone, so every delivery gets the same.
 */
export function sentNear(referenceMs: number, sentAtMs: number | undefined): number {
  if (sentAtMs === undefined || Math.abs(sentAtMs - referenceMs) > MAX_DELAY_MS) return referenceMs;
  return sentAtMs;
}

/** What a judge found out about an event before it proved unusable. */
export interface Known {
  id?: string;
  sentAtMs?: number;
  origin?: Origin | undefined;
  wiki?: string;
}

/** A dead letter with what is known of its event. */
export function dead(reason: DeadReason, known: Known): DeadEvent {
  const { id, sentAtMs, origin, wiki } = known;
  return { kind: 'dead', reason, id, sentAtMs, origin, wiki };
}
