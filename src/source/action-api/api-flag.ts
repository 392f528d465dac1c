/** Whether a flag is set: formatversion 2 says `true` or `false`; formatversion 1 says `""`, or leaves it out. */
export function isFlagSet(flag: unknown): boolean {
  return flag === true || flag === '';
}
