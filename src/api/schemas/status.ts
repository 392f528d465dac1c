/** Response of `GET /api/v1/status`: origin and freshness of the counts. */
import { Type } from 'typebox';
import type { Static } from 'typebox';

const instant = { format: 'date-time' };

const Source = Type.Object(
  {
    url: Type.String({ examples: ['https://stream.wikimedia.org/v2/stream/recentchange'] }),
    simulated: Type.Boolean({ description: 'The stream declared its events simulated.' }),
  },
  { additionalProperties: false },
);

/** Objects that an answer names. */
export const MAX_UNREADABLE = 20;

const Unreadable = Type.Object(
  {
    count: Type.Integer({ minimum: 1 }),
    first: Type.Array(
      Type.Object(
        {
          key: Type.String({
            examples: ['gold/edits_per_min/yyyy=2026/mm=11/dd=20/hh=10/edits.parquet'],
          }),
          problem: Type.String({ description: 'What is wrong with it.' }),
          since: Type.String({ ...instant, description: 'When this service first met it.' }),
        },
        { additionalProperties: false },
      ),
      { maxItems: MAX_UNREADABLE, description: 'By key.' },
    ),
  },
  {
    additionalProperties: false,
    description:
      'Objects of gold in S3 that answers were given without, because they are damaged, far too large, or lie in the future. ' +
      'What this service has met since it started; absent when there are none. `npm run verify` looks at every object of its range.',
  },
);

export const Status = Type.Object(
  {
    version: Type.String({ examples: ['0.1.0'] }),
    gold: Type.Union([Type.Literal('postgres'), Type.Literal('s3')], {
      description: 'Where the counts are read from: `postgres`, or `s3` for Parquet files in the bucket.',
    }),
    now: Type.String({ ...instant, description: 'Clock of the server.' }),
    lastMinute: Type.Optional(
      Type.String({
        ...instant,
        description: 'Newest minute with an edit of any wiki. Absent while there are none.',
      }),
    ),
    simulated: Type.Boolean({ description: 'True when at least one source is simulated.' }),
    sources: Type.Array(Source, { description: 'Every stream that contributed counts.' }),
    unreadable: Type.Optional(Unreadable),
    temporalUiUrl: Type.Optional(Type.String({ description: 'Address of the Temporal Web UI.' })),
  },
  { additionalProperties: false, description: 'Origin and freshness of the counts.' },
);
export type Status = Static<typeof Status>;
