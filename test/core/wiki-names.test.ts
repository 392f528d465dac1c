/** Names of wikis, as the list and the database name tell them. */
import { describe, expect, test } from 'vitest';
import { findWikis } from '../../src/core/find-wikis.ts';
import { isWikiName } from '../../src/core/wiki-name.ts';
import { SITE_MATRIX_DATE } from '../../src/core/site-matrix.ts';
import { isListed, listedWikis, wikiInfo } from '../../src/core/wiki-names.ts';
import { isWikimediaHost } from '../../src/contracts/wikimedia.ts';

describe('wikiInfo', () => {
  test('has English and own name, language, project, domain and direction', () => {
    expect(wikiInfo('arwiktionary')).toEqual({
      wiki: 'arwiktionary',
      english: 'Arabic Wiktionary',
      own: 'ويكاموس',
      language: { code: 'ar', tag: 'ar', english: 'Arabic', own: 'العربية', direction: 'rtl' },
      project: 'wiktionary',
      domain: 'ar.wiktionary.org',
      isClosed: false,
    });
  });

  test.each([
    ['enwiki', 'English Wikipedia'],
    ['simplewiki', 'Simple English Wikipedia'],
    ['nowiki', 'Norwegian Wikipedia'],
    ['commonswiki', 'Wikimedia Commons'],
    ['wikidatawiki', 'Wikidata'],
    ['metawiki', 'Meta-Wiki'],
    ['bdwikimedia', 'Wikimedia Bangladesh'],
    ['abstractwiki', 'Abstract Wikipedia'],
    ['idwikivoyage', 'Indonesian Wikivoyage'],
  ])('of %s', (wiki, english) => expect(wikiInfo(wiki).english).toBe(english));

  test.each([
    ['wikidatawiki', 'Wikidata'],
    ['ruwikimedia', 'Викимедиа'],
    ['testwiki', 'Test Wikipedia'],
    ['dewiki', 'Wikipedia'],
  ])('of %s by what it calls itself', (wiki, own) => expect(wikiInfo(wiki).own).toBe(own));

  test.each([
    ['nowiki', 'no', 'nb'],
    ['simplewiki', 'simple', 'en'],
    ['be_x_oldwiki', 'be-tarask', 'be-tarask'],
    ['alswiki', 'gsw', 'gsw'],
    ['zh_classicalwiki', 'lzh', 'lzh'],
    ['map_bmswiki', 'map-bms', 'jv-x-bms'],
    ['roa_tarawiki', 'roa-tara', 'nap-x-tara'],
  ])('of %s has the code %s, and a tag that browsers know', (wiki, code, tag) => {
    expect(wikiInfo(wiki).language).toMatchObject({ code, tag });
  });

  test('of a wiki in no language in particular has none', () => {
    expect(wikiInfo('commonswiki')).toMatchObject({ language: undefined, project: 'commons' });
    expect(wikiInfo('abstractwiki').language).toBeUndefined();
  });

  test('of a wiki that is newer than the list is what its name says, without a domain', () => {
    expect(isListed('dewikivoyagex')).toBe(false);
    expect(wikiInfo('abwikivoyage')).toMatchObject({
      english: 'Abkhazian Wikivoyage',
      project: 'wikivoyage',
      language: { code: 'ab' },
      domain: undefined,
    });
    expect(wikiInfo('zh_min_nanwikinews').english).toBe('Minnan Wikinews');
    expect(wikiInfo('something_else')).toMatchObject({ english: 'something_else', project: undefined });
    expect(wikiInfo('constructor')).toMatchObject({ english: 'constructor' });
  });
});

describe('the list', () => {
  test('has every public wiki once, with names, a project and a domain of Wikimedia', () => {
    const wikis = listedWikis();
    expect(wikis.length).toBeGreaterThan(1_000);
    expect(SITE_MATRIX_DATE).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(new Set(wikis.map(({ wiki }) => wiki)).size).toBe(wikis.length);
    for (const { wiki, domain = '' } of wikis) {
      expect(isWikiName(wiki)).toBe(true);
      expect(isWikimediaHost(domain)).toBe(true);
    }
    expect(wikis.filter(({ english, own, project }) => [english, own, project].includes(''))).toEqual([]);
  });

  test('has tags that are well-formed', () => {
    const tags = listedWikis().flatMap(({ language }) => language?.tag ?? []);
    expect(() => Intl.getCanonicalLocales(tags)).not.toThrow();
  });

  test('has no two open wikis of the same English name', () => {
    const names = listedWikis()
      .filter(({ isClosed }) => !isClosed)
      .map(({ english }) => english);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });
});

describe('findWikis', () => {
  const found = (text: string): string[] => findWikis(listedWikis(), text).map(({ wiki }) => wiki);

  test.each([
    ['GERMAN de.wikip', ['dewiki']],
    ['ελληνικα wikt', ['elwiktionary']],
    ['español wikiquote', ['eswikiquote']],
    ['espanol wikiquote', ['eswikiquote']],
    ['викимедиа', ['ruwikimedia']],
    ['be-tarask.wikipedia', ['be_x_oldwiki']],
    ['no such wiki anywhere', []],
  ])('finds %s', (text, wikis) => expect(found(text)).toEqual(wikis));

  test('finds every wiki for no words', () => {
    expect(found('  ')).toHaveLength(listedWikis().length);
  });
});
