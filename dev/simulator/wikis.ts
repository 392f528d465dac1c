/**
 * The 300 wikis of the simulated Wikimedia, and their share of the traffic.
 * Guarantee: a constant table; the skew follows the captures (commonswiki 33 %, wikidatawiki 24 %, enwiki 10 % of the
 * messages, then a long tail of about 1/rank).
 */

import { hash, keyOf } from './random.ts';

/** Writing system of a wiki's titles and names. */
export type Script =
  'latin' | 'cyrillic' | 'han' | 'kana' | 'arabic' | 'hebrew' | 'greek' | 'hangul' | 'thai' | 'nagari';

/** What the wiki contains, which decides the form of titles and comments. */
type WikiKind = 'wikidata' | 'commons' | 'text';

export interface Wiki {
  /** database name, the `wiki` field of an event: `enwiki` */
  readonly db: string;
  /** `en.wikipedia.org` */
  readonly host: string;
  readonly kind: WikiKind;
  /** language code, `en` */
  readonly lang: string;
  readonly script: Script;
  /** relative share of the web requests */
  readonly weight: number;
  /** whether edits have `patrolled`; on many wikis only new pages do */
  readonly patrolsEdits: boolean;
  /** revision ids are this plus the position in history, so they are unique in the wiki and increase with time */
  readonly firstRevision: number;
  /** the same for rcid; always above 2^31, as on commonswiki and wikidatawiki */
  readonly firstRcid: number;
}

const SCRIPTS: Readonly<Record<string, Script>> = {
  ru: 'cyrillic',
  uk: 'cyrillic',
  bg: 'cyrillic',
  sr: 'cyrillic',
  be: 'cyrillic',
  kk: 'cyrillic',
  mk: 'cyrillic',
  mn: 'cyrillic',
  tg: 'cyrillic',
  ky: 'cyrillic',
  tt: 'cyrillic',
  ce: 'cyrillic',
  zh: 'han',
  yue: 'han',
  ja: 'kana',
  ar: 'arabic',
  fa: 'arabic',
  ur: 'arabic',
  arz: 'arabic',
  ckb: 'arabic',
  he: 'hebrew',
  yi: 'hebrew',
  el: 'greek',
  ko: 'hangul',
  th: 'thai',
  hi: 'nagari',
  mr: 'nagari',
  ne: 'nagari',
};

// Wikipedia exists in all of these languages; the other projects use them in this order until there are 300 wikis.
const LANGS =
  'en de fr es ja ru it zh pl pt uk ar nl fa sv he vi id cs ko fi hu tr ro ca no da sr th bg sk lt sl et el lv eu gl hy ' +
  'ka az be kk uz mk sq bs ms tl hi bn ta te ml mr kn gu pa ur ne si my km lo mn af sw yo ha ig am so zu xh cy ga gd ' +
  'br is fo lb fy nds als bar oc ast an la eo ia io vo arz ckb ce ceb tg ky tt war yue yi zh-min-nan simple mg';

const PROJECTS = [
  ['wiki', 'wikipedia.org'],
  ['wiktionary', 'wiktionary.org'],
  ['wikisource', 'wikisource.org'],
  ['wikiquote', 'wikiquote.org'],
  ['wikibooks', 'wikibooks.org'],
] as const;

// The busiest wikis after the top three, in order, from the captures of 2024 and 2025.
const BUSY =
  'dewiki frwiki eswiktionary ruwiki eswiki enwiktionary jawiki zhwiki ptwiki itwiki arwiki viwiki frwiktionary ' +
  'mgwiktionary metawiki ukwiki plwiki fawiki mediawikiwiki uzwiki cawiki nlwiki hewiki ckbwiki simplewiki cebwiki';

const PATROLLING = new Set([
  'frwiki',
  'itwiki',
  'nlwiki',
  'zhwiki',
  'viwiki',
  'ptwiki',
  'eswiktionary',
  'metawiki',
]);

type Place = Pick<Wiki, 'db' | 'host' | 'kind' | 'lang'>;

function placesOfTheTail(): Place[] {
  const places: Place[] = [
    { db: 'metawiki', host: 'meta.wikimedia.org', kind: 'text', lang: 'en' },
    { db: 'mediawikiwiki', host: 'www.mediawiki.org', kind: 'text', lang: 'en' },
    { db: 'specieswiki', host: 'species.wikimedia.org', kind: 'text', lang: 'la' },
    { db: 'incubatorwiki', host: 'incubator.wikimedia.org', kind: 'text', lang: 'en' },
  ];
  for (const [suffix, domain] of PROJECTS) {
    for (const lang of LANGS.split(' ')) {
      const db = lang.replaceAll('-', '_') + suffix;
      if (db !== 'enwiki') places.push({ db, host: `${lang}.${domain}`, kind: 'text', lang });
    }
  }
  const busy = BUSY.split(' ');
  const rank = (place: Place): number => (busy.includes(place.db) ? busy.indexOf(place.db) : busy.length);
  // The sort is stable: the other wikis keep their order.
  return places.sort((a, b) => rank(a) - rank(b)).slice(0, 297);
}

const HEADS: readonly (Place & { share: number })[] = [
  { db: 'commonswiki', host: 'commons.wikimedia.org', kind: 'commons', lang: 'en', share: 0.195 },
  { db: 'wikidatawiki', host: 'www.wikidata.org', kind: 'wikidata', lang: 'en', share: 0.425 },
  { db: 'enwiki', host: 'en.wikipedia.org', kind: 'text', lang: 'en', share: 0.09 },
];
/** Total share of the other 297. */
const TAIL_SHARE = 0.29;

function tableOfWikis(): Wiki[] {
  const tail = placesOfTheTail();
  let harmonic = 0;
  for (let i = 0; i < tail.length; i++) harmonic += 1 / (i + 2);
  const shared = [
    ...HEADS,
    ...tail.map((place, i) => ({ ...place, share: TAIL_SHARE / harmonic / (i + 2) })),
  ];
  const key = keyOf(0, 'wiki');
  return shared.map(({ share, ...place }, i) => ({
    ...place,
    script: SCRIPTS[place.lang] ?? 'latin',
    weight: share,
    patrolsEdits: place.kind !== 'text' || PATROLLING.has(place.db),
    firstRevision: 1_000_000 + (hash(key, i) % 900_000_000),
    firstRcid: 2_200_000_000 + (hash(key, 1000 + i) % 900_000_000),
  }));
}

/** All wikis, busiest first. */
export const WIKIS: readonly Wiki[] = tableOfWikis();

const CUMULATIVE = new Float64Array(WIKIS.length);
let sum = 0;
for (const [i, wiki] of WIKIS.entries()) CUMULATIVE[i] = sum += wiki.weight;

/** The wiki of a web request. @param unit fraction, 0 <= unit < 1 */
export function wikiAt(unit: number): Wiki {
  const target = unit * sum;
  let low = 0;
  let high = WIKIS.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((CUMULATIVE[middle] ?? 0) > target) high = middle;
    else low = middle + 1;
  }
  const wiki = WIKIS[low];
  if (wiki === undefined) throw new Error('the table of wikis is empty');
  return wiki;
}

const BY_DB = new Map(WIKIS.map(wiki => [wiki.db, wiki]));

/** A wiki by its database name. @throws Error when it is not in the table */
export function wikiNamed(db: string): Wiki {
  const wiki = BY_DB.get(db);
  if (wiki === undefined) throw new Error(`unknown wiki: ${db}`);
  return wiki;
}
