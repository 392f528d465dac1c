/** The wikis that a question names. */
import { ALL_WIKIS } from '../core/wiki-name.ts';
import { wrongParameter } from './plugins/parameters.ts';

/** @throws WrongParameters when `all` is one of several */
export function wikisAsked(text: string): string[] {
  const wikis = [...new Set(text.split(','))];
  if (wikis.length === 1 || !wikis.includes(ALL_WIKIS)) return wikis;
  const expected = `database names of wikis, or ${ALL_WIKIS} alone`;
  throw wrongParameter('wiki', text, expected, `wiki=${ALL_WIKIS}`);
}
