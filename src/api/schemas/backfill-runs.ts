/** Parameters and answers of what lists, starts and controls the runs of backfills. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { BACKFILL_EXAMPLE, BACKFILL_FIELDS } from '../../contracts/temporal/backfill-input.ts';
import { MAX_HOURS } from '../../contracts/limits.ts';
import { BACKFILL_SOURCES } from '../../core/backfill.ts';
import { BackfillProgress } from './backfill-progress.ts';
import { named } from './named.ts';
import { Instant } from './values.ts';

const ID = 'backfill-2026-11-20T10:05:00Z';
const DEFAULT_LIMIT = 20;

export const RunsQuery = Type.Object({
  status: Type.Optional(
    Type.String({
      pattern: '^(running|ended|all)$',
      default: 'all',
      description: 'Only those that run, or only those that have ended.',
      examples: ['running'],
      'x-expected': 'running, ended or all',
    }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 100,
      default: DEFAULT_LIMIT,
      description: 'How many to return.',
      examples: [DEFAULT_LIMIT],
    }),
  ),
  after: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z0-9_-]{1,2000}$',
      description: '`next` of the page before.',
      examples: ['eyJuZXh0IjoyMH0'],
      'x-expected': 'the value of next of the page before',
    }),
  ),
});

export const RunParameters = Type.Object({
  id: Type.String({
    minLength: 1,
    description: 'Id of the backfill.',
    examples: [ID],
    'x-expected': 'the id of a backfill',
  }),
});

export const BackfillRun = named(
  'BackfillRun',
  {
    id: Type.String({ description: 'Its workflow id.', examples: [ID] }),
    status: Type.String({
      description: '`running`, `completed`, `failed`, `cancelled`, `terminated` or `timed_out`.',
    }),
    startedAt: Instant('When it started, or its chain went on as a new run.'),
    endedAt: Type.Optional(Instant('When it ended.')),
    source: Type.Optional(Type.String({ description: 'The source that was asked for.', examples: ['auto'] })),
    wikis: Type.Optional(
      Type.Array(Type.String(), { description: 'At most 50 of them. Absent: every wiki that is kept.' }),
    ),
    from: Type.Optional(Instant('Where its range begins.')),
    progress: Type.Optional(BackfillProgress),
  },
  {
    description:
      'One backfill. `source`, `wikis` and `from` are absent where the namespace does not index them; `progress` is that of a run that runs.',
    examples: [
      {
        id: ID,
        status: 'running',
        startedAt: '2026-11-20T10:05:00.000Z',
        source: 'auto',
        wikis: ['enwiki'],
        from: '2026-11-20T00:00:00.000Z',
        progress: BackfillProgress.examples[0],
      },
    ],
  },
);
export type BackfillRun = Static<typeof BackfillRun>;

export const BackfillRuns = named(
  'BackfillRuns',
  {
    runs: Type.Array(BackfillRun, {
      description: 'Those that run come first, then the latest to end.',
    }),
    next: Type.Optional(Type.String({ description: 'Value of `after` for the next page.' })),
  },
  {
    description: 'One page of backfills.',
    examples: [{ runs: [...BackfillRun.examples] }],
  },
);

const expected = (field: keyof typeof BACKFILL_FIELDS): string => `${BACKFILL_FIELDS[field].expected}.`;

/** The same as the input of the workflow, which checks it; so this only describes it. */
export const BackfillInput = named(
  'BackfillInput',
  {
    hours: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_HOURS,
        description: `How many hours to go back. Give this, or from and to: ${expected('hours')}`,
      }),
    ),
    from: Type.Optional(Instant('Start of the range, widened to a whole hour.')),
    to: Type.Optional(Instant('End of the range, exclusive. Absent: now.')),
    wikis: Type.Optional(
      Type.Array(Type.String(), { description: 'Wikis by database name. Absent: every wiki that is kept.' }),
    ),
    source: Type.Optional(
      Type.String({
        enum: ['auto', ...BACKFILL_SOURCES],
        description: '`auto` takes the cheapest source that has an hour.',
      }),
    ),
    concurrency: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 16, description: 'How many wikis to fetch at once.' }),
    ),
  },
  {
    description: 'Without hours, from and to: as many hours as `hours` has by default.',
    examples: [BACKFILL_EXAMPLE, { hours: 24 }],
  },
);

export const StartedBackfill = named(
  'StartedBackfill',
  {
    id: Type.String({ description: 'Its workflow id.', examples: [ID] }),
    from: Instant('Start of its range.'),
    to: Instant('End of its range, exclusive.'),
    source: Type.String({ examples: ['auto'] }),
    wikis: Type.Optional(Type.Array(Type.String(), { description: 'Absent: every wiki that is kept.' })),
  },
  {
    description: 'A backfill that has started.',
    examples: [
      {
        id: ID,
        from: '2026-11-20T00:00:00.000Z',
        to: '2026-11-21T00:00:00.000Z',
        source: 'auto',
        wikis: ['enwiki'],
      },
    ],
  },
);
export type StartedBackfill = Static<typeof StartedBackfill>;

export const ControlledBackfill = named(
  'ControlledBackfill',
  {
    id: Type.String({ description: 'Its workflow id.', examples: [ID] }),
    state: Type.String({
      description:
        'What it does now: `paused`, `planning`, `reading`, `rebuilding`, `done`; or what it will do: `pausing`, `resuming`, `cancelling`.',
      examples: ['paused'],
    }),
  },
  {
    description: 'The state of a backfill after a pause, resume or cancel.',
    examples: [{ id: ID, state: 'paused' }],
  },
);
export type ControlledBackfill = Static<typeof ControlledBackfill>;
