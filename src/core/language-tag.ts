/** Language codes as MediaWiki writes them, as tags that browsers know. */

/** @see https://meta.wikimedia.org/wiki/Special_language_codes */
const TAGS: Readonly<Record<string, string>> = {
  als: 'gsw',
  'bat-smg': 'sgs',
  'be-x-old': 'be-tarask',
  'cbk-zam': 'cbk',
  eml: 'egl',
  'fiu-vro': 'vro',
  'map-bms': 'jv-x-bms',
  mo: 'ro-Cyrl-MD',
  no: 'nb',
  nrm: 'nrf',
  'roa-rup': 'rup',
  'roa-tara': 'nap-x-tara',
  simple: 'en',
  'zh-classical': 'lzh',
  'zh-min-nan': 'nan',
  'zh-yue': 'yue',
};

/** The language tag of a MediaWiki code, for `lang` attributes. @see BCP 47 */
export function languageTag(code: string): string {
  return TAGS[code] ?? code;
}
