/** Finds a wiki by what the reader typed: a database name, or part of a title. Pure. */
import { isWikiName } from '../core/wiki-name.ts';
import { wikiTitle } from './wiki-title.ts';

/** `dewiki` and `german` find dewiki. A database name that is not in the list is returned as is; else undefined. */
export function findWiki(text: string, wikis: readonly string[]): string | undefined {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return undefined;
  const titleOf = (wiki: string): string => wikiTitle(wiki)?.toLowerCase() ?? '';
  const rules: readonly ((wiki: string) => boolean)[] = [
    wiki => wiki === wanted,
    wiki => titleOf(wiki) === wanted || titleOf(wiki) === `${wanted} wikipedia`,
    wiki => wiki.startsWith(wanted),
    wiki => titleOf(wiki).startsWith(wanted),
    wiki => wiki.includes(wanted) || titleOf(wiki).includes(wanted),
  ];
  for (const rule of rules) {
    const found = wikis.find(rule);
    if (found !== undefined) return found;
  }
  return isWikiName(wanted) ? wanted : undefined;
}
