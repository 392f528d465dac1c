/** Text of flags as values that a workflow checks itself. */

/** The items of `enwiki, dewiki`. */
export function splitList(text: string): string[] {
  return text
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '');
}

/** A number; any other text stays as it is, so that the workflow's error can quote it. */
export function numberOrText(text: string | number): string | number {
  return text === '' || Number.isNaN(Number(text)) ? text : Number(text);
}
