/** Puts measured text into a page, between two comments. */

const BEGIN = '<!-- measured: npm run insight -- --write -->';
const END = '<!-- /measured -->';

/** The page with the text in place of what stood there. @throws Error when the page lacks the comments */
export function withMeasured(page: string, text: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin)
    throw new Error(`The page has no place for measured text: expected “${BEGIN}”, and below it “${END}”.`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${text.trim()}\n\n${page.slice(end)}`;
}
