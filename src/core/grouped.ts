/** `12,345`: a whole number as it is read, in English. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
