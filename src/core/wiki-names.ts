/** What is known of a wiki besides its counts, by its database name. Pure: the list is part of the program, with its date. */
import { languageTag } from './language-tag.ts';
import { LANGUAGE_LINES, SITE_LINES } from './site-matrix.ts';
import { SPECIAL_NAMES } from './special-names.ts';

export interface WikiLanguage {
  /** As in the domain of most wikis: `de`, `be-tarask`, `simple`. */
  readonly code: string;
  /** For `lang` attributes. */
  readonly tag: string;
  readonly english: string;
  readonly own: string;
  readonly direction: 'ltr' | 'rtl';
}

export interface WikiInfo {
  readonly wiki: string;
  /** `German Wikipedia`; the database name if nothing better is known. */
  readonly english: string;
  /** What the wiki calls itself. */
  readonly own: string;
  /** Undefined for wikis in no language in particular. */
  readonly language: WikiLanguage | undefined;
  /** `wikipedia`, `commons`, `wikimedia` for chapters, …; undefined if unknown. */
  readonly project: string | undefined;
  /** Undefined for a wiki that is not listed. */
  readonly domain: string | undefined;
  /** Readable, but closed for editing. */
  readonly isClosed: boolean;
}

const PROJECTS: Readonly<Record<string, string>> = {
  wikipedia: 'Wikipedia',
  wiktionary: 'Wiktionary',
  wikibooks: 'Wikibooks',
  wikinews: 'Wikinews',
  wikiquote: 'Wikiquote',
  wikisource: 'Wikisource',
  wikiversity: 'Wikiversity',
  wikivoyage: 'Wikivoyage',
};
const NAME = /^([a-z_]+?)(wiki|wiktionary|wikibooks|wikinews|wikiquote|wikisource|wikiversity|wikivoyage)$/;
/** What a wiki is called until somebody names it. */
const DEFAULT_NAME = 'Wikipedia';

const languages = new Map(linesOf(LANGUAGE_LINES).map(fields => [fields[0] ?? '', languageOf(fields)]));
const listed = new Map(linesOf(SITE_LINES).map(fields => [fields[0] ?? '', siteOf(fields)]));

/** Every public wiki of Wikimedia on the day of the list, closed ones too. */
export function listedWikis(): readonly WikiInfo[] {
  return [...listed.values()];
}

export function isListed(wiki: string): boolean {
  return listed.has(wiki);
}

/** Of a wiki that is newer than the list, what its database name says. */
export function wikiInfo(wiki: string): WikiInfo {
  return listed.get(wiki) ?? unlisted(wiki);
}

function unlisted(wiki: string): WikiInfo {
  const [, code = '', ending = ''] = NAME.exec(wiki) ?? [];
  const project = ending === 'wiki' ? 'wikipedia' : ending;
  const language = languages.get(code.replaceAll('_', '-'));
  const unnamed = { wiki, domain: undefined, isClosed: false };
  if (language === undefined) return { ...unnamed, english: wiki, own: wiki, language, project: undefined };
  const english = titleOf(language, project);
  return { ...unnamed, english, own: english, language, project };
}

function siteOf([
  wiki = '',
  domain = '',
  project = '',
  code = '',
  name = '',
  closed,
]: readonly string[]): WikiInfo {
  const language = languages.get(code);
  const isNamed = project in PROJECTS && language !== undefined;
  const english = SPECIAL_NAMES[wiki] ?? (isNamed ? titleOf(language, project) : name);
  const own = name === DEFAULT_NAME && project !== 'wikipedia' ? english : name;
  return { wiki, english, own, language, project, domain, isClosed: closed === 'closed' };
}

function titleOf({ english }: WikiLanguage, project: string): string {
  return `${english} ${PROJECTS[project] ?? project}`;
}

/** Undefined for a code without a name: some are of projects. */
function languageOf([code = '', english = '', own = '', direction]: readonly string[]):
  WikiLanguage | undefined {
  if (own === '') return undefined;
  const tag = languageTag(code);
  return { code, tag, english: english || own, own, direction: direction === 'rtl' ? 'rtl' : 'ltr' };
}

function linesOf(text: string): string[][] {
  return text
    .trim()
    .split('\n')
    .map(line => line.split('|'));
}
