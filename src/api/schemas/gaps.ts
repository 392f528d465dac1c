/** Query and response of `GET /api/v1/gaps`: ranges where the source lost data (invariant 8). */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Minutes } from './minutes.ts';
import { named } from './named.ts';
import { WikiName } from './wiki-name.ts';

export const GapsQuery = Type.Object({
  minutes: Minutes,
  // Leaves out what a backfill has filled for this wiki; without it, what one has filled for all wikis.
  wiki: Type.Optional(WikiName),
});

const instant = { format: 'date-time' };

const EXAMPLE = {
  from: '2026-11-20T10:00:00Z',
  to: '2026-11-20T12:00:00Z',
  command: 'npm run backfill -- --from 2026-11-20T10:00:00Z --to 2026-11-20T12:00:00Z',
};

export const GapBackfill = named(
  'GapBackfill',
  {
    from: Type.String({ ...instant, examples: ['2026-11-20T10:00:00Z'] }),
    to: Type.String({ ...instant, description: 'Exclusive.', examples: ['2026-11-20T12:00:00Z'] }),
    command: Type.String({
      description: 'Shell command that fills them.',
      examples: [EXAMPLE.command],
    }),
    running: Type.Optional(
      Type.String({
        description:
          'Id of a backfill that runs over the whole gap, for the wikis asked about. Absent while none does, or when Temporal cannot say in time.',
        examples: ['backfill-2026-11-20T12:10:00Z'],
      }),
    ),
  },
  { description: 'The whole UTC hours that close the gap.', examples: [EXAMPLE] },
);

const Cause = Type.Union(
  [Type.Literal('offsets'), Type.Literal('retention'), Type.Literal('log_lost'), Type.Literal('handover')],
  {
    description:
      '`offsets`: the topic skipped offsets. ' +
      '`retention`: the missing events are older than the source keeps. ' +
      '`log_lost`: the commit log was lost, and reading restarted. ' +
      '`handover`: an older project stopped reading within this range, and wikigauge started at its end.',
  },
);

/** One range where the source lost data. */
export const Gap = named(
  'Gap',
  {
    id: Type.String({ description: 'Stable across requests.' }),
    cause: Cause,
    topic: Type.Optional(
      Type.String({
        description: 'Present when only one topic has the gap.',
        examples: ['eqiad.mediawiki.recentchange'],
      }),
    ),
    from: Type.String({ ...instant, description: 'Edits are missing from here.' }),
    to: Type.String({ ...instant, description: 'Nothing is missing from here on.' }),
    missing: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'Missing messages, over all wikis. Present when offsets show the number.',
      }),
    ),
    backfill: GapBackfill,
  },
  {
    description: 'A range in which the source lost data.',
    examples: [
      {
        id: 'retention-2026-11-20T10:12:30.000Z',
        cause: 'retention',
        from: '2026-11-20T10:12:30.000Z',
        to: '2026-11-20T11:40:02.000Z',
        backfill: EXAMPLE,
      },
    ],
  },
);
export type Gap = Static<typeof Gap>;

export const Gaps = Type.Array(Gap, {
  description:
    'Gaps that overlap the last `minutes` minutes, ascending by start. A gap that began earlier is included whole. ' +
    'A minute in a gap without a row in `/edits` is unknown: it may have had edits.',
  examples: [[...Gap.examples]],
});
export type Gaps = Static<typeof Gaps>;
