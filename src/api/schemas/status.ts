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
    temporalUiUrl: Type.Optional(Type.String({ description: 'Address of the Temporal Web UI.' })),
  },
  { additionalProperties: false, description: 'Origin and freshness of the counts.' },
);
export type Status = Static<typeof Status>;
