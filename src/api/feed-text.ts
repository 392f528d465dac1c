/** A feed as Atom (RFC 4287) and as JSON Feed 1.1. */
import { isoSeconds } from '../core/time.ts';
import type { FeedEntry } from './anomaly-entries.ts';
import type { JsonFeed } from './schemas/feeds.ts';

export interface Feed {
  /** Of the feed and nothing else, wherever it is served. */
  readonly id: string;
  readonly title: string;
  /** Address of the service, without a slash at its end; empty where it is unknown: then links are relative. */
  readonly base: string;
  /** Path and query of the feed, and of its page. */
  readonly path: string;
  readonly page: string;
  /** Epoch seconds. */
  readonly updated: number;
  readonly entries: readonly FeedEntry[];
}

const AUTHOR = 'wikigauge';

export function atomText({ id, title, base, path, page, updated, entries }: Feed): string {
  return `${[
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
    `<id>${xml(id)}</id>`,
    `<title>${xml(title)}</title>`,
    `<updated>${isoSeconds(updated)}</updated>`,
    `<author><name>${AUTHOR}</name></author>`,
    `<link rel="self" type="application/atom+xml" href="${xml(base + path)}"/>`,
    `<link rel="alternate" type="text/html" href="${xml(base + page)}"/>`,
    ...entries.flatMap(entry => [
      '<entry>',
      `<id>${xml(entryId(entry))}</id>`,
      `<title>${xml(entry.title)}</title>`,
      `<published>${isoSeconds(entry.published)}</published>`,
      `<updated>${isoSeconds(entry.updated)}</updated>`,
      `<link rel="alternate" type="text/html" href="${xml(base + pageOf(entry))}"/>`,
      ...entry.tags.map(tag => `<category term="${xml(tag)}"/>`),
      `<content type="text">${xml(entry.text)}</content>`,
      '</entry>',
    ]),
    '</feed>',
  ].join('\n')}\n`;
}

export function jsonFeed({ title, base, path, page, entries }: Feed): JsonFeed {
  return {
    version: 'https://jsonfeed.org/version/1.1',
    title,
    home_page_url: base + page,
    feed_url: base + path,
    language: 'en',
    authors: [{ name: AUTHOR }],
    items: entries.map(entry => ({
      id: entryId(entry),
      url: base + pageOf(entry),
      title: entry.title,
      content_text: entry.text,
      date_published: isoSeconds(entry.published),
      date_modified: isoSeconds(entry.updated),
      ...(entry.tags.length > 0 && { tags: [...entry.tags] }),
    })),
  };
}

function entryId({ id }: FeedEntry): string {
  return `urn:wikigauge:anomaly:${id}`;
}

/** The chart. The fragment tells entries of one wiki apart. */
function pageOf({ wiki, id }: FeedEntry): string {
  return `/?wiki=${encodeURIComponent(wiki)}#${id}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};
/** Not even escaped may XML have these. */
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

function xml(text: string): string {
  return text.replaceAll(NOT_XML, '').replaceAll(/[&<>"]/g, character => ENTITIES[character] ?? character);
}
