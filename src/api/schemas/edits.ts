/** Query and response of `GET /edits`. Path and shape are public and never change. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Minutes } from './minutes.ts';
import { named } from './named.ts';

export const EditsQuery = Type.Object({
  // Any text, because old clients expect an empty list for a wiki that nobody knows.
  wiki: Type.Optional(
    Type.String({
      default: 'enwiki',
      description: 'Database name of the wiki.',
      examples: ['enwiki'],
    }),
  ),
  minutes: Minutes,
});

/** One minute of one wiki. */
export const Minute = named(
  'Minute',
  {
    ts: Type.String({
      format: 'date-time',
      pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:00Z$',
      description: 'Start of the minute, UTC.',
    }),
    total: Type.Integer({ minimum: 0 }),
    human: Type.Integer({ minimum: 0 }),
    bot: Type.Integer({ minimum: 0 }),
  },
  {
    description: 'Edits of one wiki in one minute.',
    examples: [{ ts: '2026-11-20T10:05:00Z', total: 12, human: 9, bot: 3 }],
  },
);
export type Minute = Static<typeof Minute>;

export const Edits = Type.Array(Minute, {
  description: 'Minutes with at least one edit, ascending. Empty for a wiki without edits.',
  examples: [[...Minute.examples]],
});
export type Edits = Static<typeof Edits>;
