/** ⑧ How often counts are asked for while nothing tells what changes. Pure. */

/** Milliseconds. A long range costs more, and an edit changes less of it. */
export function pollIntervalMs(minutes: number): number {
  if (minutes <= 180) return 2_000;
  return minutes <= 1_440 ? 10_000 : 60_000;
}
