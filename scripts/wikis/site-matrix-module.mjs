/**
 * Turns an answer of `action=sitematrix&uselang=en` into the TypeScript module that src/core/wiki-names.ts reads: lines
 * of text, so that a new wiki is one new line. Private wikis are left out, because the stream has none of their edits.
 */

/**
 * @typedef {{ url?: string, dbname?: string, code?: string, lang?: string, sitename?: string, private?: unknown, closed?: unknown }} Site
 * @typedef {{ code?: string, name?: string | null, localname?: string | null, dir?: string, site?: Site[] | Record<string, Site> }} Group
 */

/** Fewer than this is not the list of Wikimedia's wikis. */
const FEWEST = 500;

/**
 * @param {unknown} answer with or without `{"sitematrix": …}` around it
 * @param {{ date: string, via?: string | undefined }} origin when it was given, and who saved it, if that was not us
 * @returns {{ source: string, count: number }}
 */
export function siteMatrixModule(answer, { date, via }, fewest = FEWEST) {
  const { sitematrix = answer } = /** @type {{ sitematrix?: unknown }} */ (answer);
  const matrix = /** @type {Record<string, unknown>} */ (sitematrix);
  const groups = Object.keys(matrix)
    .filter(key => /^\d+$/.test(key))
    .map(key => /** @type {Group} */ (matrix[key]));
  const codes = new Set(groups.map(({ code = '' }) => code));
  const languages = groups.map(({ code, localname, name, dir = 'ltr' }) => [code, localname, name, dir]);
  const ofGroups = groups.flatMap(({ code = '', site }) =>
    Object.values(site ?? {}).map(of => siteLine(of, projectOf(of), code)),
  );
  const specials = /** @type {Site[]} */ (Object.values(matrix['specials'] ?? {})).map(of =>
    siteLine(of, specialProject(of), languageOf(of, codes)),
  );
  const sites = [...ofGroups, ...specials].flat();
  if (sites.length < fewest)
    throw new Error(`The answer lists only ${sites.length} wikis: is it the site matrix?`);
  const source = `/**
 * Every public wiki of Wikimedia: written by \`npm run wikis:refresh\`, never by hand. Source: the site matrix,
 * https://meta.wikimedia.org/w/api.php?action=sitematrix&uselang=en, in an answer of the day below${
   via === undefined
     ? ''
     : `, saved by
 * ${via}`
 }.
 * Licence: a list of facts, free of known copyright restrictions.
 */
export const SITE_MATRIX_DATE = '${date}';

/** Code, English name, own name, direction. */
export const LANGUAGE_LINES = \`
${languages.map(lineOf).join('\n')}
\`;

/** Database name, domain, project, code of the language if there is one, own name, \`closed\` if it is. */
export const SITE_LINES = \`
${sites.map(lineOf).join('\n')}
\`;
`;
  return { source, count: sites.length };
}

/**
 * @param {Site} site
 * @param {string} project
 * @param {string} language
 * @returns {string[][]} one line, or none
 */
function siteLine(site, project, language) {
  const { url = '', dbname = '', sitename = '' } = site;
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  if (isSet(site.private) || host === '' || !/^[a-z0-9_]{1,64}$/.test(dbname)) return [];
  return [[dbname, host, project, language, sitename, isSet(site.closed) ? 'closed' : '']];
}

/** @param {Site} site */
function projectOf({ code = '' }) {
  return code === 'wiki' ? 'wikipedia' : code;
}

/**
 * Chapters and user groups have names such as arwikimedia, conferences such as wikimania2017.
 * @param {Site} site
 */
function specialProject({ code = '' }) {
  if (code === 'sources') return 'wikisource';
  const [project] = /wikimedia$|wikiversity$|^wikimania/.exec(code) ?? [];
  return project ?? code;
}

/**
 * Of wikis in no language in particular, such as Commons, the site matrix repeats the code as the language.
 * @param {Site} site
 * @param {ReadonlySet<string>} codes
 */
function languageOf({ lang = '' }, codes) {
  const [language = ''] = lang.toLowerCase().split('-');
  const code = language === 'nb' ? 'no' : language;
  return codes.has(code) ? code : '';
}

/**
 * True in format version 2, "" in version 1.
 * @param {unknown} flag
 */
function isSet(flag) {
  return flag === true || flag === '';
}

/**
 * Without what would end the field, the line or the text, and without marks that turn the direction of what follows.
 * @param {readonly (string | null | undefined)[]} fields
 */
function lineOf(fields) {
  return fields
    .map(field =>
      (field ?? '').replaceAll(/[\p{Cc}|\\`$\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ').trim(),
    )
    .join('|');
}
