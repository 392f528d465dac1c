/** How far a backfill has come. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Count, Instant } from './values.ts';

const Window = Type.Object(
  {
    source: Type.String({ examples: ['stream'] }),
    wiki: Type.Optional(Type.String({ description: 'Absent for the stream.' })),
    from: Instant('Where it begins.'),
    to: Instant('Where it ends.'),
    share: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'How much of it is read.' })),
  },
  { additionalProperties: false },
);

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
  running: Type.Optional(Type.Array(Window, { description: 'What is read at the moment.' })),
};

export const BackfillProgress = Type.Object(FIELDS, { $id: 'BackfillProgress', additionalProperties: false });
export type BackfillProgress = Static<typeof BackfillProgress>;

export const RunningBackfill = Type.Object(
  { workflowId: Type.String({ examples: ['backfill-2026-11-20T10:05:00Z'] }), ...FIELDS },
  { additionalProperties: false, description: 'A backfill that runs.' },
);
export type RunningBackfill = Static<typeof RunningBackfill>;
