/** Whether a flag is set: formatversion 2 has `true` or `false`; formatversion 1 has `""`, or leaves the flag out. */
export function isFlagSet(flag: unknown): boolean {
  return flag === true || flag === '';
}
