/** Response of `GET /api/v1/pipeline`: how ingest and running backfills are doing, and what they wait for. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { RunningBackfill } from './backfill-progress.ts';
import { named } from './named.ts';
import { Count, Instant } from './values.ts';

export const Trouble = named(
  'Trouble',
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
  {
    description: 'Something that does not work at the moment and is retried.',
    examples: [
      {
        kind: 'storage',
        what: 'S3 does not answer: ECONNREFUSED. Is it running?',
        since: '2026-11-20T10:05:10.000Z',
        tries: 5,
        nextTry: '2026-11-20T10:05:50.000Z',
      },
    ],
  },
);

export const TemporalState = named(
  'TemporalState',
  {
    reachable: Type.Boolean(),
    problem: Type.Optional(Type.String({ description: 'Why it cannot be asked.' })),
    since: Type.Optional(Instant('Since when it cannot be asked.')),
  },
  {
    description: 'Whether Temporal can be asked.',
    examples: [
      { reachable: true },
      { reachable: false, problem: 'Temporal does not answer.', since: '2026-11-20T10:05:10.000Z' },
    ],
  },
);

export const IngestState = named(
  'IngestState',
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
    troubles: Type.Array(Trouble, { description: 'Oldest first; empty when all is well.' }),
    isAnswering: Type.Boolean({ description: 'False when no worker answers for the run.' }),
  },
  {
    description: 'The run of ingest.',
    examples: [
      {
        workflowId: 'ingest-recentchange',
        status: 'running',
        stage: 'streaming',
        waitingFor: 'the next flush',
        attempt: 1,
        troubles: [],
        isAnswering: true,
      },
    ],
  },
);

export const LastCommit = named(
  'LastCommit',
  {
    sequence: Count('Of the record in the commit log.'),
    newest: Type.Optional(Instant('When its newest event was sent.')),
  },
  {
    description: 'The latest record of the commit log.',
    examples: [{ sequence: 42, newest: '2026-11-20T10:05:00.000Z' }],
  },
);

export const FailingHour = named(
  'FailingHour',
  {
    hour: Type.String({ examples: ['2026-11-20T10'] }),
    parts: Count('Parts that have failed and are tried again.'),
    attempt: Count('Of the part that was tried most often.'),
    failure: Type.String({ description: 'Why it failed, and what to do.' }),
  },
  {
    description: 'An hour whose parts cannot be added to gold at the moment.',
    examples: [
      {
        hour: '2026-11-20T10',
        parts: 2,
        attempt: 5,
        failure: 'Postgres does not answer: ECONNREFUSED. Is it running?',
      },
    ],
  },
);

const RUNS = 'http://127.0.0.1:8233/namespaces/default/workflows';

export const PipelineLinks = named(
  'PipelineLinks',
  {
    ingest: Type.Optional(Type.String({ description: 'The run of ingest in the Temporal Web UI.' })),
    workflows: Type.Optional(Type.String({ description: 'All runs in the Temporal Web UI.' })),
  },
  {
    description: 'Absent without TEMPORAL_UI_URL.',
    examples: [{ workflows: RUNS, ingest: `${RUNS}/ingest-recentchange` }],
  },
);

export const Pipeline = named(
  'Pipeline',
  {
    now: Instant('Clock of the server.'),
    temporal: TemporalState,
    ingest: Type.Optional(IngestState),
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
    links: PipelineLinks,
  },
  {
    description: 'How ingest is doing. Unknown fields are absent.',
    examples: [
      {
        now: '2026-11-20T10:05:42.000Z',
        temporal: TemporalState.examples[0],
        ingest: IngestState.examples[0],
        lagSec: 42,
        eventsPerSec: 31.4,
        buffered: 100,
        lastCommit: LastCommit.examples[0],
        watermark: '2026-11-20T10:00:00.000Z',
        openHours: ['2026-11-20T10'],
        failedHours: [],
        deadLetters: 2,
        backfills: [...RunningBackfill.examples],
        links: PipelineLinks.examples[0],
      },
    ],
  },
);
export type Pipeline = Static<typeof Pipeline>;
