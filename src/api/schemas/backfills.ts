/** Query and response of `GET /api/v1/backfills`: ranges filled from other sources than the live stream. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Minutes } from './minutes.ts';
import { named } from './named.ts';
import { WikiName } from './wiki-name.ts';

export const BackfillsQuery = Type.Object({ minutes: Minutes, wiki: Type.Optional(WikiName) });

const Source = Type.Union([Type.Literal('stream'), Type.Literal('api'), Type.Literal('dump')], {
  description:
    '`stream`: EventStreams, read again. `api`: the Action API. `dump`: the mediawiki_history dumps.',
});

const Bot = Type.Union([Type.Literal('change'), Type.Literal('account')], {
  description:
    'What `bot` means for these edits. `change`: the edit was marked as a bot edit. `account`: the account is a bot.',
});

/** One range filled by a backfill. */
export const Backfill = named(
  'Backfill',
  {
    from: Type.String({ format: 'date-time', examples: ['2026-11-20T10:00:00.000Z'] }),
    to: Type.String({
      format: 'date-time',
      description: 'Exclusive.',
      examples: ['2026-11-20T12:00:00.000Z'],
    }),
    source: Source,
    bot: Bot,
    wikis: Type.Optional(Type.Array(Type.String(), { description: 'Absent: every wiki that is kept.' })),
  },
  {
    description: 'A range that a backfill has filled.',
    examples: [
      {
        from: '2026-09-01T00:00:00.000Z',
        to: '2026-10-01T00:00:00.000Z',
        source: 'dump',
        bot: 'account',
        wikis: ['enwiki'],
      },
    ],
  },
);
export type Backfill = Static<typeof Backfill>;

export const Backfills = Type.Array(Backfill, {
  description:
    'Backfilled ranges that overlap the last `minutes` minutes, ascending. Where the live stream has data too, it ' +
    'takes precedence.',
  examples: [[...Backfill.examples]],
});
export type Backfills = Static<typeof Backfills>;
