/** Response of `GET /api/v1/status`: origin and freshness of the counts. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { named } from './named.ts';

const instant = { format: 'date-time' };

const WIKIMEDIA = 'https://stream.wikimedia.org/v2/stream/recentchange';

export const Source = named(
  'Source',
  {
    url: Type.String({ examples: [WIKIMEDIA] }),
    simulated: Type.Boolean({ description: 'The stream declared its events simulated.' }),
  },
  {
    description: 'A stream that contributed counts.',
    examples: [{ url: WIKIMEDIA, simulated: false }],
  },
);

/** Objects that an answer names. */
export const MAX_UNREADABLE = 20;

const OBJECT = 'gold/edits_per_min/yyyy=2026/mm=11/dd=20/hh=10/edits.parquet';

export const UnreadableObject = named(
  'UnreadableObject',
  {
    key: Type.String({ examples: [OBJECT] }),
    problem: Type.String({ description: 'What is wrong with it.' }),
    since: Type.String({ ...instant, description: 'When this service first met it.' }),
  },
  {
    description: 'An object of gold in S3 that answers are given without.',
    examples: [{ key: OBJECT, problem: 'it is no Parquet file', since: '2026-11-20T10:05:42.000Z' }],
  },
);

export const UnreadableObjects = named(
  'UnreadableObjects',
  {
    count: Type.Integer({ minimum: 1 }),
    first: Type.Array(UnreadableObject, { maxItems: MAX_UNREADABLE, description: 'By key.' }),
  },
  {
    description:
      'Objects of gold in S3 that answers were given without, because they are damaged, far too large, or lie more than a year ahead. ' +
      'What this service has met since it started; absent when there are none. `npm run verify` looks at every object of its range.',
    examples: [{ count: 1, first: [...UnreadableObject.examples] }],
  },
);

export const Status = named(
  'Status',
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
    unreadable: Type.Optional(UnreadableObjects),
    temporalUiUrl: Type.Optional(Type.String({ description: 'Address of the Temporal Web UI.' })),
  },
  {
    description: 'Origin and freshness of the counts.',
    examples: [
      {
        version: '0.1.0',
        gold: 'postgres',
        now: '2026-11-20T10:05:42.000Z',
        lastMinute: '2026-11-20T10:05:00Z',
        simulated: false,
        sources: [...Source.examples],
        temporalUiUrl: 'http://127.0.0.1:8233',
      },
    ],
  },
);
export type Status = Static<typeof Status>;
