/** How far a backfill has come. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { named } from './named.ts';
import { Count, Instant } from './values.ts';

export const BackfillWindow = named(
  'BackfillWindow',
  {
    source: Type.String({ examples: ['stream'] }),
    wiki: Type.Optional(Type.String({ description: 'Absent for the stream.' })),
    from: Instant('Where it begins.'),
    to: Instant('Where it ends.'),
    share: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'How much of it is read.' })),
  },
  {
    description: 'A range of a source that is read at the moment.',
    examples: [
      {
        source: 'api',
        wiki: 'enwiki',
        from: '2026-11-20T04:00:00.000Z',
        to: '2026-11-20T05:00:00.000Z',
        share: 0.5,
      },
    ],
  },
);
export type BackfillWindow = Static<typeof BackfillWindow>;

/** What a run says of itself. */
const FIELDS = {
  state: Type.Optional(
    Type.String({
      description: '`planning`, `reading`, `rebuilding`, `paused`, `done`. Absent when no worker answers.',
    }),
  ),
  waitingFor: Type.Optional(Type.String({ examples: ['windows to be read'] })),
  from: Type.Optional(Instant('Start of its range.')),
  to: Type.Optional(Instant('End of its range.')),
  done: Type.Optional(
    Type.Number({
      minimum: 0,
      description: 'Hours of wikis that are read, with the parts of windows under way.',
    }),
  ),
  total: Type.Optional(Type.Number({ minimum: 0, description: 'Hours of wikis in total.' })),
  eta: Type.Optional(Instant('When everything will be read, at the present rate.')),
  rows: Type.Optional(Count('Rows that are stored.')),
  toRebuild: Type.Optional(Count('Hours that wait to be rebuilt.')),
  running: Type.Optional(Type.Array(BackfillWindow, { description: 'What is read at the moment.' })),
};

const PROGRESS = {
  state: 'reading',
  waitingFor: 'windows to be read',
  from: '2026-11-20T00:00:00.000Z',
  to: '2026-11-20T10:00:00.000Z',
  done: 4.5,
  total: 10,
  eta: '2026-11-20T10:11:00Z',
  rows: 120_034,
  toRebuild: 2,
  running: [...BackfillWindow.examples],
};

export const BackfillProgress = named('BackfillProgress', FIELDS, {
  description: 'How far a backfill has come. Unknown fields are absent.',
  examples: [PROGRESS],
});
export type BackfillProgress = Static<typeof BackfillProgress>;

const ID = 'backfill-2026-11-20T10:05:00Z';

export const RunningBackfill = named(
  'RunningBackfill',
  { workflowId: Type.String({ examples: [ID] }), ...FIELDS },
  { description: 'A backfill that runs.', examples: [{ workflowId: ID, ...PROGRESS }] },
);
export type RunningBackfill = Static<typeof RunningBackfill>;
