/** Response of `GET /api/v1/pipeline`: how ingest and running backfills are doing, and what they wait for. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { RunningBackfill } from './backfill-progress.ts';
import { Count, Instant } from './values.ts';

const TroubleOf = Type.Object(
  {
    kind: Type.String({
      description: '`stream`, `storage` (S3), `temporal` or `gold`.',
      examples: ['storage'],
    }),
    what: Type.String({ description: 'The latest failure, and what to do.' }),
    since: Instant('When the first try that failed began.'),
    tries: Count('Failures since then.'),
    nextTry: Instant('When it is tried again; in the past while that try waits for its answer.'),
  },
  { additionalProperties: false, description: 'Something that does not work at the moment and is retried.' },
);

const Temporal = Type.Object(
  {
    reachable: Type.Boolean(),
    problem: Type.Optional(Type.String({ description: 'Why it cannot be asked.' })),
    since: Type.Optional(Instant('Since when it cannot be asked.')),
  },
  { additionalProperties: false },
);

const Ingest = Type.Object(
  {
    workflowId: Type.String({ examples: ['ingest-recentchange'] }),
    status: Type.String({
      description:
        'Of the run: `running`, `completed`, `failed`, `cancelled`, `terminated`, … or `never_started`.',
    }),
    stage: Type.Optional(
      Type.String({
        description:
          'What it does: `streaming`, `troubled`, `flushing`, `paused`, `stopping`; once it has ended: `done`, `canceled`, `failed`. Absent of a run that was terminated.',
      }),
    ),
    waitingFor: Type.Optional(Type.String({ examples: ['the next flush'] })),
    attempt: Type.Optional(Count('Attempt of the activity that reads the stream.')),
    failure: Type.Optional(
      Type.String({ description: 'Why the run failed or was terminated, or why its last attempt failed.' }),
    ),
    troubles: Type.Array(TroubleOf, { description: 'Oldest first; empty when all is well.' }),
    isAnswering: Type.Boolean({ description: 'False when no worker answers for the run.' }),
  },
  { additionalProperties: false },
);

const LastCommit = Type.Object(
  {
    sequence: Count('Of the record in the commit log.'),
    newest: Type.Optional(Instant('When its newest event was sent.')),
  },
  { additionalProperties: false },
);

const FailingHour = Type.Object(
  {
    hour: Type.String({ examples: ['2026-11-20T10'] }),
    parts: Count('Parts that have failed and are tried again.'),
    attempt: Count('Of the part that was tried most often.'),
    failure: Type.String({ description: 'Why it failed, and what to do.' }),
  },
  { additionalProperties: false },
);

export const Pipeline = Type.Object(
  {
    now: Instant('Clock of the server.'),
    temporal: Temporal,
    ingest: Type.Optional(Ingest),
    lagSec: Type.Optional(
      Type.Number({ minimum: 0, description: 'Age of the newest event that is committed, in seconds.' }),
    ),
    eventsPerSec: Type.Optional(
      Type.Number({ minimum: 0, description: 'Read on average since the current attempt began.' }),
    ),
    buffered: Type.Optional(Count('Events that wait for the next flush.')),
    lastCommit: Type.Optional(LastCommit),
    watermark: Type.Optional(Instant('No older event is expected.')),
    openHours: Type.Optional(Type.Array(Type.String(), { examples: [['2026-11-20T10']] })),
    failedHours: Type.Optional(Type.Array(Type.String())),
    failingHours: Type.Optional(
      Type.Array(FailingHour, {
        description: 'The newest open hours, if their parts cannot be added to gold at the moment.',
      }),
    ),
    deadLetters: Type.Optional(Count('Unusable events, in all runs of the chain.')),
    backfills: Type.Optional(
      Type.Array(RunningBackfill, { description: 'Those that run, the latest first; at most ten.' }),
    ),
    links: Type.Object(
      {
        ingest: Type.Optional(Type.String({ description: 'The run of ingest in the Temporal Web UI.' })),
        workflows: Type.Optional(Type.String({ description: 'All runs in the Temporal Web UI.' })),
      },
      { additionalProperties: false, description: 'Absent without TEMPORAL_UI_URL.' },
    ),
  },
  { additionalProperties: false, description: 'How ingest is doing. Fields that nobody knows are absent.' },
);
export type Pipeline = Static<typeof Pipeline>;
