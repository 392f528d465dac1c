/** Query and response of `GET /api/v1/wikis`: what wikis there are, by their names and by how busy they are. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { SITE_MATRIX_DATE } from '../../core/site-matrix.ts';
import { MAX_SPARKLINES, MAX_SPARKLINE_MINUTES } from '../../contracts/limits.ts';
import { Choice } from './choice.ts';
import { named } from './named.ts';
import { WikiName } from './wiki-name.ts';
import { WikiLimit } from './wikis.ts';

export const DEFAULT_WINDOW = '60m';

export const WikiListQuery = Type.Object({
  q: Type.Optional(
    Type.String({
      maxLength: 100,
      description:
        'Words, each a part of the database name, a name, the language or the domain. Case and accents do not matter.',
      examples: ['german'],
      'x-expected': 'at most 100 characters',
    }),
  ),
  sort: Type.Optional(
    Choice(['activity', 'name'], {
      default: 'activity',
      description: '`activity`: most edits in the window first. `name`: by database name.',
    }),
  ),
  window: Type.Optional(
    Type.String({
      pattern: String.raw`^(?:[1-9]\d{0,2}m|1[0-3]\d\dm|14[0-3]\dm|1440m|1?[1-9]h|10h|2[0-4]h)$`,
      default: DEFAULT_WINDOW,
      description: 'How far back edits are counted, in minutes or hours, including the current minute.',
      examples: [DEFAULT_WINDOW],
      'x-expected': 'a number of minutes or hours, 1m to 1440m or 1h to 24h',
    }),
  ),
  limit: WikiLimit,
  sparkline: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_SPARKLINE_MINUTES,
      description: `The last so many minutes of each of the first ${MAX_SPARKLINES} wikis too.`,
      examples: [MAX_SPARKLINE_MINUTES],
    }),
  ),
  after: Type.Optional({
    ...WikiName,
    description: 'The last wiki of the previous page. Only with `sort=name`.',
  }),
});

export const WikiNames = named(
  'WikiNames',
  {
    english: Type.String({ examples: ['German Wikipedia'] }),
    own: Type.String({ description: 'What the wiki calls itself.', examples: ['Wikipedia'] }),
  },
  {
    description: 'Names of a wiki.',
    examples: [{ english: 'German Wikipedia', own: 'Wikipedia' }],
  },
);

export const WikiLanguage = named(
  'WikiLanguage',
  {
    code: Type.String({ description: 'As Wikimedia writes it.', examples: ['simple'] }),
    tag: Type.String({ description: 'For `lang` attributes (BCP 47).', examples: ['en'] }),
    english: Type.String({ examples: ['German'] }),
    own: Type.String({ examples: ['Deutsch'] }),
    direction: Type.Union([Type.Literal('ltr'), Type.Literal('rtl')], {
      description: 'In which direction it is written.',
    }),
  },
  {
    description: 'The language of a wiki. Absent for wikis in no language in particular.',
    examples: [{ code: 'de', tag: 'de', english: 'German', own: 'Deutsch', direction: 'ltr' }],
  },
);

export const Wiki = named(
  'Wiki',
  {
    wiki: Type.String({ description: 'Database name.', examples: ['dewiki'] }),
    names: WikiNames,
    language: Type.Optional(WikiLanguage),
    project: Type.Optional(
      Type.String({
        description: '`wikipedia`, `wiktionary`, `commons`, `wikimedia` (chapters), …',
        examples: ['wikipedia'],
      }),
    ),
    domain: Type.Optional(Type.String({ examples: ['de.wikipedia.org'] })),
    closed: Type.Optional(Type.Literal(true, { description: 'Present when nobody can edit it any more.' })),
    edits: Type.Integer({ minimum: 0, description: 'Edits in the window that are counted so far.' }),
    botShare: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        description: 'Share of these edits that bots made. Absent without edits.',
      }),
    ),
    factor: Type.Optional(
      Type.Number({
        minimum: 0,
        description:
          'How many times the usual edits of people and bots it has, in that part of the window that is known. ' +
          'Absent with fewer than three known weeks, where fewer than 5 are usual, behind the first 100 wikis of an answer, and until it is read.',
      }),
    ),
    sparkline: Type.Optional(
      Type.Array(Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]), {
        description:
          'With the parameter `sparkline`: edits of each minute, the current one last. Null: not read to its end, which is not 0.',
      }),
    ),
    lastEdit: Type.Optional(
      Type.String({
        format: 'date-time',
        description: 'Minute of the newest edit that is counted. Absent while none is.',
      }),
    ),
  },
  {
    description: 'A wiki, and how busy it is.',
    examples: [
      {
        wiki: 'dewiki',
        names: WikiNames.examples[0],
        language: WikiLanguage.examples[0],
        project: 'wikipedia',
        domain: 'de.wikipedia.org',
        edits: 1_204,
        botShare: 0.12,
        factor: 1.07,
        sparkline: [21, 18, null],
        lastEdit: '2026-11-20T10:05:00Z',
      },
    ],
  },
);
export type Wiki = Static<typeof Wiki>;

export const WikiList = Type.Array(Wiki, {
  description:
    'Wikis that are open for editing and those that have counts; with FILTER_WIKI, those that it names and those that ' +
    `have counts. Names, languages and domains are those of the site matrix on ${SITE_MATRIX_DATE}; a wiki that is newer ` +
    'lacks what its database name does not say.',
  examples: [[...Wiki.examples]],
});
export type WikiList = Static<typeof WikiList>;
