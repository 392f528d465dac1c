/** `action=sitematrix`: every wiki with its address, in the format of the real API. */

import { WIKIS, type Wiki } from './wikis.ts';

/** Wikis that are listed but have no changes: private, restricted or closed. */
const OTHERS = [
  {
    url: 'https://office.wikimedia.org',
    dbname: 'officewiki',
    code: 'office',
    sitename: 'Office',
    private: true,
  },
  {
    url: 'https://donate.wikimedia.org',
    dbname: 'donatewiki',
    code: 'donate',
    sitename: 'Donate',
    fishbowl: true,
  },
  { url: 'https://test2.wikimedia.org', dbname: 'oldwiki', code: 'old', sitename: 'Old', closed: true },
];

const LANGUAGE_PROJECTS = /\.(?:wikipedia|wiktionary|wikisource|wikiquote|wikibooks)\.org$/;

/** The response body. Flags are `true` in formatversion 2 and `""` in 1. */
export function siteMatrix(formatversion: 1 | 2): object {
  const flags = (site: object): object =>
    Object.fromEntries(
      Object.entries(site).map(([key, value]) => [key, value === true && formatversion === 1 ? '' : value]),
    );
  const languages = new Map<string, Wiki[]>();
  for (const wiki of WIKIS) {
    if (!LANGUAGE_PROJECTS.test(wiki.host)) continue;
    const [code = ''] = wiki.host.split('.');
    languages.set(code, [...(languages.get(code) ?? []), wiki]);
  }
  const groups = [...languages].map(([code, wikis]) => ({
    code,
    name: code,
    site: wikis.map(({ host, db }) => ({
      url: `https://${host}`,
      dbname: db,
      code: host.split('.')[1],
      sitename: db,
    })),
    dir: 'ltr',
    localname: code,
  }));
  const specials = WIKIS.filter(({ host }) => !LANGUAGE_PROJECTS.test(host)).map(({ host, db }) => ({
    url: `https://${host}`,
    dbname: db,
    code: host.split('.')[0],
    sitename: db,
  }));
  return {
    sitematrix: {
      count: WIKIS.length + OTHERS.length,
      ...Object.fromEntries(groups.map((group, i) => [String(i), group])),
      specials: [...specials, ...OTHERS.map(flags)],
    },
  };
}
