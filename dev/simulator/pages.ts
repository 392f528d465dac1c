/**
 * Words, page titles and their URLs. Guarantee: a page number of a wiki always has the same title and namespace, so
 * that the stream, the Action API and the dumps agree about a page.
 */

import { hash, keyOf, Random } from './random.ts';
import type { Script, Wiki } from './wikis.ts';

const ALPHABETS: Readonly<Record<Script, string>> = {
  latin:
    'ba ri ton mer ley an do ka si pen gra vel us er ham mont sta ver in chi lo mar el que sco wen é dal ñe thu ß ø',
  cyrillic: 'на ко ре ти ва ло мо ста ри де но во ска ле ров пе тер бе ьев ий',
  han: '中 国 人 大 学 日 本 東 京 山 川 田 市 年 月 史 会 社 新 高 平 和 水 金 木 常 泰 长 江 桥',
  kana: 'ア イ ス ト ラ ン ド の 日 本 駅 ー マ リ 県 町 線 さ く ら 東',
  arabic: 'ال با مح مد عب دل ري سو تا كا نه ول ين',
  hebrew: 'ש ל ום בר יש רא ת מי ה נו',
  greek: 'Φρ ού ρι ο α θη να κο σμ ος της',
  hangul: '한 국 대 학 교 서 울 김 이 박 시 역',
  thai: 'ประ เทศ ไทย กรุง เมือง นคร วัด',
  nagari: 'का रा नी मा ता ली सि वा हि ने त्र',
};

const SYLLABLES = new Map(Object.entries(ALPHABETS).map(([script, text]) => [script, text.split(' ')]));

const UNSPACED = new Set<Script>(['han', 'kana', 'thai']);

/** Words of a script, with its own separators. @param count >= 0 */
export function words(random: Random, script: Script, count: number): string {
  const syllables = SYLLABLES.get(script) ?? [];
  const longest = script === 'latin' ? 4 : 3;
  let text = '';
  for (let i = 0; i < count; i++) {
    if (i > 0 && !UNSPACED.has(script)) text += ' ';
    for (let n = 1 + random.below(longest); n > 0; n--) text += random.pick(syllables);
  }
  return text;
}

/** Capitalizes the first letter, in scripts that have capitals. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A page of a wiki. */
export interface Page {
  /** rc_namespace */
  readonly namespace: number;
  /** full title with its namespace prefix, with spaces */
  readonly title: string;
}

const PREFIXES: readonly (readonly [number, string])[] = [
  [1, 'Talk:'],
  [2, 'User:'],
  [3, 'User talk:'],
  [4, 'Wikipedia:'],
  [10, 'Template:'],
  [100, 'Portal:'],
  [118, 'Draft:'],
];

const CATEGORY: Readonly<Record<string, string>> = {
  de: 'Kategorie',
  fr: 'Catégorie',
  es: 'Categoría',
  ru: 'Категория',
  uk: 'Категорія',
  it: 'Categoria',
  pl: 'Kategoria',
  pt: 'Categoria',
  vi: 'Thể loại',
  ar: 'تصنيف',
  he: 'קטגוריה',
  el: 'Κατηγορία',
  ko: '분류',
  sr: 'Категорија',
  tr: 'Kategori',
};

const FILE_ENDINGS = ['.jpg', '.JPG', '.png', '.svg', '.pdf', '.tif', '.webm', '.jpeg'];

const PAGE_KEY = keyOf(0, 'page');

/** The page with the given number. @param page integer, 0 .. 2^32 - 1 */
export function pageOf(wiki: Wiki, page: number): Page {
  const random = new Random(hash(PAGE_KEY ^ wiki.firstRevision, page));
  if (wiki.kind === 'wikidata') {
    if (random.chance(0.03)) return { namespace: 120, title: `Property:P${1 + random.below(13_000)}` };
    // Within the range of real item numbers; several pages may share an item.
    return { namespace: 0, title: `Q${1000 + (page % 136_000_000)}` };
  }
  if (wiki.kind === 'commons') {
    const script = random.chance(0.92) ? 'latin' : random.pick(['cyrillic', 'kana', 'arabic'] as const);
    const name = capitalised(words(random, script, 2 + random.below(5)));
    const year = random.chance(0.5) ? ` (${1850 + random.below(177)})` : '';
    return { namespace: 6, title: `File:${name}${year} ${page % 100_000}${random.pick(FILE_ENDINGS)}` };
  }
  const name = capitalised(words(random, random.chance(0.9) ? wiki.script : 'latin', 1 + random.below(4)));
  const full = random.chance(0.08) ? `${name} ("${words(random, 'latin', 1)}")` : name;
  if (random.chance(0.72)) return { namespace: 0, title: full };
  const [namespace, prefix] = random.pick(PREFIXES);
  return { namespace, title: prefix + full };
}

/** Title of a category, with the prefix in the wiki's language. */
export function categoryTitle(wiki: Wiki, random: Random): string {
  const name = capitalised(
    words(random, wiki.kind === 'commons' ? 'latin' : wiki.script, 2 + random.below(4)),
  );
  const year = random.chance(0.2) ? ` ${1850 + random.below(177)}` : '';
  return `${CATEGORY[wiki.lang] ?? 'Category'}:${name}${year}`;
}

/** A title in a URL path. PHP's wfUrlencode escapes fewer characters than encodeURIComponent. */
export function urlTitle(title: string): string {
  return encodeURIComponent(title.replaceAll(' ', '_'))
    .replaceAll('%3A', ':')
    .replaceAll('%2F', '/')
    .replaceAll('%2C', ',')
    .replaceAll("'", '%27');
}

/** Escapes text for HTML. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#039;');
}
