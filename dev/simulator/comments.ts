/**
 * Edit summaries: the wikitext and the HTML that MediaWiki renders from it. They make up most of an event's bytes and
 * contain everything that is hard to parse: quotes, backslashes, braces, emoji, raw U+2028.
 */

import { type Page, capitalised, escapeHtml, urlTitle, words } from './pages.ts';
import type { Random } from './random.ts';
import type { Wiki } from './wikis.ts';

/** One summary in both forms. */
export interface Comment {
  readonly comment: string;
  readonly parsedcomment: string;
}

const LABELS = [
  'instance of',
  'described at URL',
  'copyright status',
  'inception',
  'creator',
  'country',
  'occupation',
  'date of birth',
  'cites work',
  'author name string',
  'stated in',
  'Motiv',
  'PubMed publication ID',
  'coordonnées géographiques',
];
const CLAIMS = [
  ['wbsetclaim-create:2||1', 'Created claim: '],
  ['wbsetclaim-update:2||1|1', 'Changed claim: '],
  ['wbsetreference-add:2|', 'Added reference to claim: '],
  ['wbsetqualifier-add:1|', 'Aussage erstellt: '],
  ['wbremoveclaims-remove:1|', 'Изменена метка: '],
] as const;
const LANGS = ['en', 'de', 'fr', 'nl', 'es', 'el', 'ru', 'zh', 'ar', 'ast'];
/** All of these are legal in raw JSON, and each has broken some line reader. */
const ODDITIES = [
  '🎉👩‍🔬',
  '\u2028',
  '\u2029',
  '\u0085',
  '\\u0041\\',
  '{"type":"edit","wiki":"evilwiki"}',
  '"},"',
  '\t',
  '\u200f',
];

const EXTERNAL = 'class="extiw"';

function plain(text: string): Comment {
  return { comment: text, parsedcomment: escapeHtml(text) };
}

/** The summary of a change to a page. */
export function editComment(random: Random, wiki: Wiki, page: Page): Comment {
  const made =
    wiki.kind === 'wikidata'
      ? wikidata(random)
      : wiki.kind === 'commons'
        ? commons(random)
        : text(random, wiki, page);
  if (!random.chance(0.004)) return made;
  const odd = ` ${random.pick(ODDITIES)}`;
  return { comment: made.comment + odd, parsedcomment: made.parsedcomment + escapeHtml(odd) };
}

function autocomment(text: string): string {
  return `\u200e<span dir="auto"><span class="autocomment">${text}</span></span>`;
}

function itemLink(href: string, kind: string, id: string, label: string, more: string): string {
  return (
    `<a href="${href}"${kind} title="\u200e${label}\u200e | \u200e${more}\u200e"><span class="wb-itemlink">` +
    `<span class="wb-itemlink-label" lang="en" dir="ltr">${label}</span> <span class="wb-itemlink-id">(${id})</span></span></a>`
  );
}

function wikidata(random: Random): Comment {
  const property = `P${1 + random.below(13_000)}`;
  const item = `Q${1 + random.below(136_000_000)}`;
  if (random.chance(0.5)) {
    const [action, done] = random.pick(CLAIMS);
    const label = capitalised(words(random, 'latin', 2));
    const link = itemLink(
      `/wiki/Property:${property}`,
      '',
      property,
      random.pick(LABELS),
      words(random, 'latin', 5),
    );
    const target = itemLink(`/wiki/${item}`, '', item, label, words(random, 'latin', 3));
    const batch = `temporary_batch_${1_700_000_000_000 + random.below(90_000_000_000)}`;
    const tail = random.chance(0.3) ? `, #quickstatements; #${batch}` : '';
    return {
      comment: `/* ${action} */ [[Property:${property}]]: [[${item}]]${tail}`,
      parsedcomment: `${autocomment(done)} ${link}: ${target}${tail}`,
    };
  }
  const lang = random.pick(LANGS);
  const label = words(
    random,
    lang === 'ru' ? 'cyrillic' : lang === 'zh' ? 'han' : lang === 'el' ? 'greek' : 'latin',
    2 + random.below(8),
  );
  if (random.chance(0.5)) {
    return {
      comment: `/* wbsetlabel-add:1|${lang} */ ${label}`,
      parsedcomment: `${autocomment(`Added [${lang}] label: `)} ${label}`,
    };
  }
  const batch = 10_000 + random.below(250_000);
  return {
    comment: `/* wbeditentity-update:0| */ QuickStatements 3.0 [[:toollabs:qs-dev/batch/${batch}|batch #${batch}]]: ${property} ${label}`,
    parsedcomment:
      `${autocomment('Updated Item: ')} QuickStatements 3.0 <a href="https://iw.toolforge.org/qs-dev/batch/${batch}" ${EXTERNAL} ` +
      `title="toollabs:qs-dev/batch/${batch}">batch #${batch}</a>: ${property} ${label}`,
  };
}

function commons(random: Random): Comment {
  const u = random.unit();
  if (u < 0.35) {
    const entity = (id: string): string => `https://www.wikidata.org/wiki/Special:EntityPage/${id}`;
    const property = `P${1 + random.below(13_000)}`;
    const item = `Q${1 + random.below(136_000_000)}`;
    const name = capitalised(words(random, 'latin', 2));
    return {
      comment: `/* wbsetclaim-create:2||1 */ [[d:Special:EntityPage/${property}]]: [[d:Special:EntityPage/${item}]]`,
      parsedcomment:
        `${autocomment('Created claim: ')} ${itemLink(entity(property), ` ${EXTERNAL}`, property, random.pick(LABELS), words(random, 'latin', 8))}: ` +
        itemLink(entity(item), ` ${EXTERNAL}`, item, name, words(random, 'latin', 3)),
    };
  }
  if (u < 0.65) {
    return {
      comment:
        '/* wbeditentity-update:0| */ automatically adding [[Commons:Structured data|structured data]] based on file information',
      parsedcomment:
        `${autocomment('Changed an entity: ')} automatically adding <a href="/wiki/Commons:Structured_data" ` +
        'title="Commons:Structured data">structured data</a> based on file information',
    };
  }
  const category = `Category:${capitalised(words(random, 'latin', 2 + random.below(3)))}`;
  return {
    comment: `added [[${category}]] using [[Help:Gadget-HotCat|HotCat]]`,
    parsedcomment:
      `added <a href="/w/index.php?title=${urlTitle(category)}&amp;action=edit&amp;redlink=1" class="new" title="${category} (page does not exist)">` +
      `${category}</a> using <a href="/wiki/Help:Gadget-HotCat" title="Help:Gadget-HotCat">HotCat</a>`,
  };
}

function text(random: Random, wiki: Wiki, page: Page): Comment {
  const u = random.unit();
  if (u < 0.16) return plain('');
  if (u < 0.42) {
    const section = capitalised(words(random, wiki.script, 1 + random.below(3)));
    const said = words(random, wiki.script, random.below(9));
    const href = `/wiki/${urlTitle(page.title)}#${section.replaceAll(' ', '_')}`;
    const link = `<a href="${href}" title="${escapeHtml(page.title)}">→<bdi dir="ltr">${escapeHtml(section)}</bdi></a>`;
    return {
      comment: `/* ${section} */ ${said}`,
      parsedcomment: `<span class="autocomment">${link}: </span> ${escapeHtml(said)}`,
    };
  }
  if (u < 0.72) return plain(words(random, wiki.script, 2 + random.below(16)));
  const user = capitalised(words(random, 'latin', 1));
  const times = 1 + random.below(4);
  return {
    comment: `Reverted ${times} edits by [[Special:Contributions/${user}|${user}]] ([[User talk:${user}|talk]]) to "${words(random, wiki.script, 2)}" {{tl|rv}} \\o/`,
    parsedcomment:
      `Reverted ${times} edits by <a href="/wiki/Special:Contributions/${urlTitle(user)}" title="Special:Contributions/${user}">${user}</a> ` +
      `(<a href="/w/index.php?title=User_talk:${urlTitle(user)}&amp;action=edit&amp;redlink=1" class="new" title="User talk:${user} (page does not exist)">talk</a>) ` +
      `to &quot;${words(random, wiki.script, 2)}&quot; {{tl|rv}} \\o/`,
  };
}

const ADDED: Readonly<Record<string, readonly [string, string]>> = {
  es: ['añadida a la categoría', 'eliminada de la categoría'],
  uk: ['Додано до категорії', 'Вилучено з категорії'],
  zh: ['已添加至分类', '已移除出分类'],
  de: ['zur Kategorie hinzugefügt', 'aus der Kategorie entfernt'],
};

/** The summary of a categorize row. @param member the page that was added to, or removed from, the category */
export function categorizeComment(random: Random, wiki: Wiki, member: Page): Comment {
  const [added, removed] = ADDED[wiki.lang] ?? ['added to category', 'removed from category'];
  const said = random.chance(0.7) ? added : removed;
  const { title } = member;
  const link = (to: string, label: string): string =>
    `<a href="/wiki/${urlTitle(to)}" title="${escapeHtml(to)}">${escapeHtml(label)}</a>`;
  // When a template changes, every page that uses it is recategorized, and the summary says so.
  const used = random.chance(0.2);
  const here = `Special:WhatLinksHere/${title}`;
  const note = 'this page is included within other pages';
  return {
    comment: `[[:${title}]] ${said}${used ? `, [[${here}|${note}]]` : ''}`,
    parsedcomment: `${link(title, title)} ${said}${used ? `, ${link(here, note)}` : ''}`,
  };
}
