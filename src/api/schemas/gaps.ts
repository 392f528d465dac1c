/** What `GET /api/v1/gaps` takes and answers: what the source could not give (invariant 8). */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Minutes } from './minutes.ts';
import { WikiName } from './wiki-name.ts';

export const GapsQuery = Type.Object({
  minutes: Minutes,
  // What a backfill has brought for this wiki is left out; without it, what one has brought for all wikis.
  wiki: Type.Optional(WikiName),
});

const instant = { format: 'date-time' };

const Backfill = Type.Object(
  {
    from: Type.String({ ...instant, examples: ['2026-11-20T10:00:00Z'] }),
    to: Type.String({ ...instant, description: 'Not included.', examples: ['2026-11-20T12:00:00Z'] }),
    command: Type.String({
      description: 'What fills them, from the shell.',
      examples: ['npm run backfill -- --from 2026-11-20T10:00:00Z --to 2026-11-20T12:00:00Z'],
    }),
  },
  { additionalProperties: false, description: 'The whole UTC hours to fill, so that the gap is closed.' },
);

const Cause = Type.Union([Type.Literal('offsets'), Type.Literal('retention'), Type.Literal('log_lost')], {
  description:
    '`offsets`: numbers of the topic were skipped. ' +
    '`retention`: the source keeps nothing older than what it gave. ' +
    '`log_lost`: the commit log was gone, and reading began anew.',
});

/** One stretch that the source could not give. */
export const Gap = Type.Object(
  {
    id: Type.String({ description: 'The same for the same gap, at every request.' }),
    cause: Cause,
    topic: Type.Optional(
      Type.String({
        description: 'Where only one topic has the gap.',
        examples: ['eqiad.mediawiki.recentchange'],
      }),
    ),
    from: Type.String({ ...instant, description: 'From here on edits are missing.' }),
    to: Type.String({ ...instant, description: 'From here on nothing is missing.' }),
    missing: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'Messages that are missing, of all wikis. Where offsets tell.',
      }),
    ),
    backfill: Backfill,
  },
  { additionalProperties: false },
);
export type Gap = Static<typeof Gap>;

export const Gaps = Type.Array(Gap, {
  description:
    'Gaps that reach into the last minutes, ascending by their begin; one that began earlier is answered whole. ' +
    'A minute of `/edits` that lies in a gap and has no row is not known to have had no edits.',
  examples: [
    [
      {
        id: 'retention-2026-11-20T10:12:30.000Z',
        cause: 'retention',
        from: '2026-11-20T10:12:30.000Z',
        to: '2026-11-20T11:40:02.000Z',
        backfill: {
          from: '2026-11-20T10:00:00Z',
          to: '2026-11-20T12:00:00Z',
          command: 'npm run backfill -- --from 2026-11-20T10:00:00Z --to 2026-11-20T12:00:00Z',
        },
      },
    ],
  ],
});
export type Gaps = Static<typeof Gaps>;
