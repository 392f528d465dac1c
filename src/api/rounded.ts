/** A number for an answer: digits that say nothing are left out. */
export function rounded(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(scale * value) / scale;
}
