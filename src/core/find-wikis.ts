/** Finds wikis by a part of any of their names, whatever the case and the accents. */
import type { WikiInfo } from './wiki-names.ts';

const ACCENTS = /\p{Mn}/gu;

/** Names as they are compared: making them for all wikis takes some 40 ms. */
const known = new WeakMap<WikiInfo, string>();

/** Those that contain every word of the text in one of their names or in their domain. */
export function findWikis(wikis: readonly WikiInfo[], text: string): WikiInfo[] {
  const words = plain(text)
    .split(/\s+/u)
    .filter(word => word !== '');
  return wikis.filter(wiki => {
    const names = namesOf(wiki);
    return words.every(word => names.includes(word));
  });
}

function namesOf(wiki: WikiInfo): string {
  const names = known.get(wiki) ?? plain(allNames(wiki).join('\n'));
  known.set(wiki, names);
  return names;
}

function allNames({ wiki, english, own, language, domain = '' }: WikiInfo): string[] {
  const { code = '', tag = '', english: inEnglish = '', own: inOwn = '' } = language ?? {};
  return [wiki, english, own, code, tag, inEnglish, inOwn, domain];
}

function plain(text: string): string {
  return text.normalize('NFKD').replaceAll(ACCENTS, '').toLowerCase();
}
