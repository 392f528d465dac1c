/** What `GET /api/v1/status` answers: where the counts come from and how far they reach. */
import { Type } from 'typebox';
import type { Static } from 'typebox';

const instant = { format: 'date-time' };

const Source = Type.Object(
  {
    url: Type.String({ examples: ['https://stream.wikimedia.org/v2/stream/recentchange'] }),
    simulated: Type.Boolean({ description: 'The stream said that its events are made up.' }),
  },
  { additionalProperties: false },
);

export const Status = Type.Object(
  {
    version: Type.String({ examples: ['0.1.0'] }),
    gold: Type.Union([Type.Literal('postgres'), Type.Literal('s3')], {
      description: 'Where the counts are read from: a database, or Parquet in the bucket.',
    }),
    now: Type.String({ ...instant, description: 'The server’s clock.' }),
    lastMinute: Type.Optional(
      Type.String({
        ...instant,
        description: 'Newest minute that any wiki has an edit in. Absent while there is none.',
      }),
    ),
    simulated: Type.Boolean({ description: 'At least one source is simulated: some counts are made up.' }),
    sources: Type.Array(Source, { description: 'Every stream that brought counts.' }),
    temporalUiUrl: Type.Optional(Type.String({ description: 'Temporal’s Web UI.' })),
  },
  { additionalProperties: false, description: 'Origin and freshness of the counts.' },
);
export type Status = Static<typeof Status>;
