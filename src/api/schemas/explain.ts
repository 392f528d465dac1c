/** Query and response of `GET /api/v1/explain`: why a wiki had the edits that it had. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { instant } from '../../contracts/kinds.ts';
import { MAX_EXPLAINED_MINUTES } from '../../contracts/limits.ts';
import { ALL_WIKIS } from '../../core/wiki-name.ts';
import { named } from './named.ts';
import { Count } from './values.ts';
import { WikiName } from './wiki-name.ts';

const Time = (description: string, example: string) =>
  Type.String({ description, examples: [example], 'x-expected': instant.expected });

export const ExplainQuery = Type.Object({
  wiki: {
    ...WikiName,
    description: `Database name of a wiki, or \`${ALL_WIKIS}\` for all wikis together.`,
  },
  from: Time('Start.', '2026-11-20T10:00:00Z'),
  to: Time(
    `End, exclusive; at most ${MAX_EXPLAINED_MINUTES} minutes after \`from\`.`,
    '2026-11-20T10:15:00Z',
  ),
});

const Share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });
const PAGE_URL = 'https://en.wikipedia.org/wiki/Moon_landing';

export const ExplainedPage = named(
  'ExplainedPage',
  {
    wiki: Type.String({ examples: ['enwiki'] }),
    title: Type.String({ examples: ['Moon landing'] }),
    url: Type.Optional(
      Type.String({
        format: 'uri',
        description: 'On its wiki. Absent for a wiki that the site matrix does not have.',
        examples: [PAGE_URL],
      }),
    ),
    changes: Count('Edits, and its creation.'),
    share: Share('Of all changes.'),
    accounts: Count('Accounts that made them, as far as they are public.'),
    restored: Count('Changes that gave the page a size that it had before: most of them are reverts.'),
    new: Type.Optional(Type.Literal(true, { description: 'Present when it was created then.' })),
  },
  {
    description: 'One of the pages with most changes.',
    examples: [
      {
        wiki: 'enwiki',
        title: 'Moon landing',
        url: PAGE_URL,
        changes: 62,
        share: 0.37,
        accounts: 40,
        restored: 3,
      },
    ],
  },
);
export type ExplainedPage = Static<typeof ExplainedPage>;

export const ExplainedAccount = named(
  'ExplainedAccount',
  {
    url: Type.Optional(
      Type.String({
        format: 'uri',
        description:
          'The list of its changes, on its wiki. Absent for a wiki that the site matrix does not have.',
        examples: ['https://en.wikipedia.org/wiki/Special:Contributions/Example'],
      }),
    ),
    changes: Count('Edits, and pages it created.'),
    share: Share('Of all changes.'),
    bot: Type.Boolean({ description: 'Whether the changes have the bot flag.' }),
  },
  {
    description: 'The account with most changes. Its name is not said anywhere else.',
    examples: [
      {
        url: 'https://en.wikipedia.org/wiki/Special:Contributions/Example',
        changes: 12,
        share: 0.07,
        bot: false,
      },
    ],
  },
);

export const NewcomerCounts = named(
  'NewcomerCounts',
  { accounts: Count('How many there are.'), changes: Count('What they changed.') },
  {
    description:
      'Accounts without registration (addresses and temporary accounts), and those that were created in the hours that were read.',
    examples: [{ accounts: 21, changes: 30 }],
  },
);

export const NamedCount = named(
  'NamedCount',
  { name: Type.String({ examples: ['edit'] }), count: Count('How often.') },
  { description: 'How often something occurs.', examples: [{ name: 'edit', count: 160 }] },
);

export const BusierWiki = named(
  'BusierWiki',
  {
    wiki: Type.String({ examples: ['dewiki'] }),
    edits: Count('Edits in the range.'),
    factor: Type.Number({
      minimum: 0,
      description: 'How many times as many edits a minute as in the rest of the hours that were read.',
    }),
  },
  {
    description: 'Another wiki that was busier at the same time.',
    examples: [{ wiki: 'dewiki', edits: 120, factor: 3.1 }],
  },
);

export const ExplainedCause = named(
  'ExplainedCause',
  {
    kind: Type.Union(
      [
        Type.Literal('bot_run'),
        Type.Literal('edit_war'),
        Type.Literal('news_burst'),
        Type.Literal('spam_wave'),
        Type.Literal('mass_edit'),
        Type.Literal('many_small_causes'),
        Type.Literal('no_edits'),
        Type.Literal('no_parts'),
        Type.Literal('unknown'),
      ],
      {
        description:
          '`bot_run`: bots. `edit_war`: few accounts that restore their versions of a page. `news_burst`: many accounts on the same pages. ' +
          '`spam_wave`: new or unregistered accounts on many pages. `mass_edit`: one account without the bot flag. ' +
          '`many_small_causes`: no page and no account stands out. `no_edits`: nothing changed. ' +
          '`no_parts`: bronze does not have the events any more, or never had them. `unknown`: something else.',
      },
    ),
    share: Type.Optional(Share('Of all changes that it explains. Present where it is a share.')),
    accounts: Type.Optional(Count('Accounts that it is about.')),
    page: Type.Optional(ExplainedPage),
  },
  {
    description: 'The most likely reason, by rules that look at counts alone: it can be wrong.',
    examples: [{ kind: 'news_burst', share: 0.55, accounts: 40, page: ExplainedPage.examples[0] }],
  },
);
export type ExplainedCause = Static<typeof ExplainedCause>;

export const Explanation = named(
  'Explanation',
  {
    wiki: Type.String({ examples: ['enwiki'] }),
    from: Type.String({ format: 'date-time', examples: ['2026-11-20T10:00:00Z'] }),
    to: Type.String({
      format: 'date-time',
      description: 'Exclusive. Minutes that have not begun are left out.',
      examples: ['2026-11-20T10:15:00Z'],
    }),
    sentence: Type.String({
      description: 'The reason in words. It names no account.',
      examples: ['Up to 40 accounts changed the same page, most of all “Moon landing”: probably news.'],
    }),
    cause: ExplainedCause,
    edits: Count('Edits that count, each revision once.'),
    botEdits: Count('Those of them with the bot flag.'),
    changes: Count('Edits and new pages, whether or not new pages count as edits.'),
    bytesAdded: Count('Sum over the edits that made a page larger.'),
    bytesRemoved: Count('Sum over the edits that made a page smaller.'),
    newPages: Count('Pages that were created.'),
    pages: Count('Different pages that were changed.'),
    accounts: Count('Different accounts that changed them, as far as they are public.'),
    newcomers: NewcomerCounts,
    types: Type.Array(NamedCount, { description: 'Events of the stream by type.' }),
    logs: Type.Array(NamedCount, { description: 'Entries of public logs by kind, such as `block`.' }),
    tags: Type.Array(NamedCount, { description: 'Tags of changes. Events of the stream have none.' }),
    topPages: Type.Array(ExplainedPage, { description: 'Most changes first, 10 at most.' }),
    busiestAccount: Type.Optional(ExplainedAccount),
    busierWikis: Type.Array(BusierWiki, {
      description:
        'Most edits first, 10 at most. None where less than 15 minutes of the hours are outside the range.',
    }),
    parts: Count('Parts of bronze that the hours have.'),
    unreadParts: Count(
      'Those that could not be read, or not to their end, so that something is missing here.',
    ),
    simulated: Type.Boolean({ description: 'Whether any of the events are simulated.' }),
  },
  {
    description: 'What a wiki had in a range, and the most likely reason.',
    examples: [
      {
        wiki: 'enwiki',
        from: '2026-11-20T10:00:00Z',
        to: '2026-11-20T10:15:00Z',
        sentence: 'Up to 40 accounts changed the same page, most of all “Moon landing”: probably news.',
        cause: ExplainedCause.examples[0],
        edits: 160,
        botEdits: 11,
        changes: 166,
        bytesAdded: 20_113,
        bytesRemoved: 1_402,
        newPages: 6,
        pages: 71,
        accounts: 93,
        newcomers: NewcomerCounts.examples[0],
        types: [...NamedCount.examples],
        logs: [],
        tags: [],
        topPages: [...ExplainedPage.examples],
        busiestAccount: ExplainedAccount.examples[0],
        busierWikis: [...BusierWiki.examples],
        parts: 13,
        unreadParts: 0,
        simulated: false,
      },
    ],
  },
);
export type Explanation = Static<typeof Explanation>;
