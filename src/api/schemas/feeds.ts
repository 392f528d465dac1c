/** Parameters and answers of the feeds of anomalies. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { FEED_DAYS } from '../../contracts/limits.ts';
import { Choice } from './choice.ts';
import { named } from './named.ts';
import { WikiName } from './wiki-name.ts';

export const FeedQuery = Type.Object({
  bots: Type.Optional(
    Choice(['leave', 'include'], {
      default: 'leave',
      description: 'Whether anomalies of bots are in it: bots come in runs, and most of them are no news.',
    }),
  ),
});

export const FeedParameters = Type.Object({ wiki: WikiName });

const Instant = (description: string) =>
  Type.String({ format: 'date-time', description, examples: ['2026-11-20T10:10:00Z'] });
const TITLE = 'English Wikipedia: 12 times as many edits as usual';
const TEXT =
  'From 2026-11-20 10:05 UTC to 2026-11-20 10:50 UTC people made 1,890 edits in English Wikipedia, where 302 are usual. Up to 40 accounts changed the same page, most of all “Moon landing”: probably news.';
const PAGE = 'http://127.0.0.1:5000/?wiki=enwiki#0f3c9a5b7d21e846';
const ID = 'urn:wikigauge:anomaly:0f3c9a5b7d21e846';

export const FeedAuthor = named(
  'FeedAuthor',
  { name: Type.String({ examples: ['wikigauge'] }) },
  { description: 'Who wrote it.', examples: [{ name: 'wikigauge' }] },
);

export const FeedItem = named(
  'FeedItem',
  {
    id: Type.String({ examples: [ID] }),
    url: Type.String({ description: 'The chart.', examples: [PAGE] }),
    title: Type.String({ examples: [TITLE] }),
    content_text: Type.String({ examples: [TEXT] }),
    date_published: Instant('When it was noticed.'),
    date_modified: Instant('When it was looked at last.'),
    tags: Type.Optional(
      Type.Array(Type.String(), { description: 'Kinds of reasons.', examples: [['news_burst']] }),
    ),
  },
  {
    description: 'An event: an anomaly, or those of five wikis or more that began together.',
    examples: [
      {
        id: ID,
        url: PAGE,
        title: TITLE,
        content_text: TEXT,
        date_published: '2026-11-20T10:10:00Z',
        date_modified: '2026-11-20T11:05:00Z',
        tags: ['news_burst'],
      },
    ],
  },
);

export const JsonFeed = named(
  'JsonFeed',
  {
    version: Type.Literal('https://jsonfeed.org/version/1.1'),
    title: Type.String({ examples: ['wikigauge: unusually many edits'] }),
    home_page_url: Type.String({ examples: ['http://127.0.0.1:5000/'] }),
    feed_url: Type.String({ examples: ['http://127.0.0.1:5000/feeds/anomalies.json'] }),
    language: Type.Literal('en'),
    authors: Type.Array(FeedAuthor),
    items: Type.Array(FeedItem, { description: 'The latest first, 100 at most.' }),
  },
  {
    description: `JSON Feed 1.1 of the last ${FEED_DAYS} days.`,
    examples: [
      {
        version: 'https://jsonfeed.org/version/1.1',
        title: 'wikigauge: unusually many edits',
        home_page_url: 'http://127.0.0.1:5000/',
        feed_url: 'http://127.0.0.1:5000/feeds/anomalies.json',
        language: 'en',
        authors: [...FeedAuthor.examples],
        items: [...FeedItem.examples],
      },
    ],
  },
);
export type JsonFeed = Static<typeof JsonFeed>;

export const ATOM = 'application/atom+xml';
export const JSON_FEED = 'application/feed+json';

export const atomResponse = {
  description: `Atom 1.0 (RFC 4287) of the last ${FEED_DAYS} days, the latest first.`,
  content: {
    [ATOM]: {
      schema: Type.String({ description: 'XML.' }),
      example: `<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n<id>urn:wikigauge:feed:anomalies</id>\n</feed>\n`,
    },
  },
};

export const jsonFeedResponse = {
  description: `JSON Feed 1.1 of the last ${FEED_DAYS} days, the latest first.`,
  content: { [JSON_FEED]: { schema: JsonFeed } },
};
