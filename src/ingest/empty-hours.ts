/**
 * Hours that the watermark passes although no part came for them. They are sealed too: otherwise an hour without edits
 * could not be told from an hour that nobody has looked at. Hours with parts are sealed by the workflow, which knows them.
 */
import { HOUR_MS, floorHourMs, hourOf } from '../core/time.ts';
import type { Hour } from '../core/time.ts';

/** More than a week was never read, because the source keeps no more. */
const MOST_HOURS = 7 * 24;

export class EmptyHours {
  readonly #withParts = new Set<Hour>();
  /** Hours that end at or before are done. Undefined while nothing is known to be read. */
  #doneMs: number | undefined;

  /** An earlier attempt has come to this watermark, epoch ms. */
  startAt(watermarkMs: number): void {
    this.#doneMs = floorHourMs(watermarkMs);
  }

  /** A part of the hour was committed. */
  hasPart(hour: Hour): void {
    this.#withParts.add(hour);
  }

  /** Those that a watermark passes, oldest first. */
  passedBy(watermarkMs: number): Hour[] {
    const endMs = floorHourMs(watermarkMs);
    const fromMs = Math.max(this.#doneMs ?? endMs, endMs - MOST_HOURS * HOUR_MS);
    this.#doneMs = Math.max(this.#doneMs ?? endMs, endMs);
    const empty: Hour[] = [];
    for (let ms = fromMs; ms < endMs; ms += HOUR_MS) {
      const hour = hourOf(ms / 1000);
      if (!this.#withParts.has(hour)) empty.push(hour);
    }
    const open = hourOf(endMs / 1000);
    for (const hour of this.#withParts) if (hour < open) this.#withParts.delete(hour);
    return empty;
  }
}
