/** The title of a wiki: `enwiki` is English Wikipedia. Pure. */

const PROJECTS = new Map([
  ['wiki', 'Wikipedia'],
  ['wiktionary', 'Wiktionary'],
  ['wikibooks', 'Wikibooks'],
  ['wikinews', 'Wikinews'],
  ['wikiquote', 'Wikiquote'],
  ['wikisource', 'Wikisource'],
  ['wikiversity', 'Wikiversity'],
  ['wikivoyage', 'Wikivoyage'],
]);

const SPECIAL = new Map([
  ['commonswiki', 'Wikimedia Commons'],
  ['incubatorwiki', 'Wikimedia Incubator'],
  ['mediawikiwiki', 'MediaWiki'],
  ['metawiki', 'Meta-Wiki'],
  ['outreachwiki', 'Outreach Wiki'],
  ['simplewiki', 'Simple English Wikipedia'],
  ['simplewiktionary', 'Simple English Wiktionary'],
  ['sourceswiki', 'Multilingual Wikisource'],
  ['specieswiki', 'Wikispecies'],
  ['testwiki', 'Test Wikipedia'],
  ['wikidatawiki', 'Wikidata'],
  ['wikifunctionswiki', 'Wikifunctions'],
  ['wikimaniawiki', 'Wikimania'],
]);

const languages = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });

/** `German Wikisource` for `dewikisource`; undefined when the name is neither listed nor a language plus a project. */
export function wikiTitle(wiki: string): string | undefined {
  const special = SPECIAL.get(wiki);
  if (special !== undefined) return special;
  const [, code = '', project = ''] = /^([a-z]{2,3}(?:_[a-z]+)*)(wik[a-z]+)$/.exec(wiki) ?? [];
  const projectName = PROJECTS.get(project);
  if (projectName === undefined) return undefined;
  const language = languageName(code.replaceAll('_', '-'));
  return language === undefined ? undefined : `${language} ${projectName}`;
}

function languageName(code: string): string | undefined {
  try {
    return languages.of(code);
  } catch {
    // Some codes, such as be_x_old, are not language tags.
    return undefined;
  }
}
