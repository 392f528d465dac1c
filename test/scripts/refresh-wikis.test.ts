/** The list of wikis that is made of an answer of the Action API, in either of its formats. */
import { describe, expect, test } from 'vitest';
import { siteMatrixModule } from '../../scripts/wikis/site-matrix-module.mjs';

const EN = {
  code: 'en',
  name: 'English',
  localname: 'English',
  dir: 'ltr',
  site: [
    { url: 'https://en.wikipedia.org', dbname: 'enwiki', code: 'wiki', sitename: 'Wikipedia' },
    {
      url: 'https://en.wikinews.org',
      dbname: 'enwikinews',
      code: 'wikinews',
      sitename: 'Wikinews',
      closed: true,
    },
  ],
};
const SPECIALS = [
  {
    url: 'https://commons.wikimedia.org',
    dbname: 'commonswiki',
    code: 'commons',
    lang: 'commons',
    sitename: 'Commons',
  },
  {
    url: 'https://no.wikimedia.org',
    dbname: 'nowikimedia',
    code: 'nowikimedia',
    lang: 'nb',
    sitename: 'Norge',
  },
  {
    url: 'https://office.wikimedia.org',
    dbname: 'officewiki',
    code: 'office',
    lang: 'en',
    sitename: 'O',
    private: true,
  },
];
const NO = { code: 'no', name: 'norsk', localname: 'Norwegian', dir: 'ltr', site: [] };
const LINES = [
  'enwiki|en.wikipedia.org|wikipedia|en|Wikipedia|',
  'enwikinews|en.wikinews.org|wikinews|en|Wikinews|closed',
  'commonswiki|commons.wikimedia.org|commons||Commons|',
  'nowikimedia|no.wikimedia.org|wikimedia|no|Norge|',
];

function linesIn(answer: unknown): string[] {
  const { source } = siteMatrixModule(answer, { date: '2026-11-20' }, 1);
  return source.split('\n').filter(line => line.includes('.org|'));
}

describe('siteMatrixModule', () => {
  test('has a line for every public wiki, and for every language', () => {
    const answer = { sitematrix: { count: 4, '0': EN, '1': NO, specials: SPECIALS } };
    expect(linesIn(answer)).toEqual(LINES);
    const { source, count } = siteMatrixModule(answer, { date: '2026-11-20' }, 1);
    expect(count).toBe(4);
    expect(source).toContain(`SITE_MATRIX_DATE = '2026-11-20'`);
    expect(source).toContain('no|Norwegian|norsk|ltr');
  });

  test('reads flags of the older format, lists with gaps, and an answer without its name', () => {
    const flagged = (site: object): object =>
      Object.fromEntries(Object.entries(site).map(([key, value]) => [key, value === true ? '' : value]));
    const site = { '0': EN.site[0], '2': flagged(EN.site[1] ?? {}) };
    expect(linesIn({ '0': { ...EN, site }, '1': NO, specials: SPECIALS.map(flagged) })).toEqual(LINES);
  });

  test('lets no name end its field, its line or the text', () => {
    const site = [{ ...EN.site[0], sitename: 'a|b\nc`d${e}\\f\u202eg' }];
    expect(linesIn({ '0': { ...EN, site } })).toEqual([
      'enwiki|en.wikipedia.org|wikipedia|en|a b c d {e} f g|',
    ]);
  });

  test('leaves out what has no usable name or address', () => {
    const site = [{ ...EN.site[0], url: 'nowhere' }, { ...EN.site[0], dbname: 'En Wiki' }, EN.site[1]];
    expect(linesIn({ '0': { ...EN, site } })).toEqual(LINES.slice(1, 2));
  });

  test('refuses an answer that is not the list', () => {
    expect(() => siteMatrixModule({ error: { code: 'x' } }, { date: '2026-11-20' })).toThrow(
      'lists only 0 wikis',
    );
  });
});
