/** `edits` and `bytes_change` are 32 bit integers in Postgres and in Parquet. Sums beyond that are clamped. */
export const INT32_MIN = -2_147_483_648;
export const INT32_MAX = 2_147_483_647;

export function clampToInt32(sum: number): number {
  return Math.max(INT32_MIN, Math.min(INT32_MAX, sum));
}
