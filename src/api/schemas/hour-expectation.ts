/** How an hour compares with what is usual. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { named } from './named.ts';
import { Count, Instant } from './values.ts';

const Edits = Count('Edits by people. Bots pause, and nothing is wrong.');
const Expected = Type.Number({ minimum: 0, description: 'How many were expected at least.' });
const Factor = Type.Number({ minimum: 0, description: 'Edits divided by those expected.' });

export const QuietWiki = named(
  'QuietWiki',
  { wiki: Type.String({ examples: ['dewiki'] }), edits: Edits, expected: Expected, factor: Factor },
  {
    description: 'A wiki that had far fewer edits than usual, although no event is missing.',
    examples: [{ wiki: 'dewiki', edits: 3, expected: 812.4, factor: 0 }],
  },
);

export const HourExpectation = named(
  'HourExpectation',
  {
    state: Type.Union(
      [
        Type.Literal('as_usual'),
        Type.Literal('quiet'),
        Type.Literal('too_small'),
        Type.Literal('not_enough_history'),
      ],
      {
        description:
          'Of all wikis together. `quiet`: less than half of the edits expected, and so few are no chance. `too_small`: too few are expected to say. `not_enough_history`: fewer than three weeks are known.',
      },
    ),
    edits: Edits,
    expected: Type.Optional(Expected),
    factor: Type.Optional(Factor),
    wikis: Count('How many wikis have enough edits to be judged: 100 are expected in the hour.'),
    quiet: Type.Array(QuietWiki, { description: 'Those of them that were quiet, by name.' }),
    judgedAt: Instant('When it was compared, after the hour was sealed or rebuilt.'),
  },
  {
    description: 'How an hour compares with what is usual.',
    examples: [
      {
        state: 'as_usual',
        edits: 3_120,
        expected: 3_004.5,
        factor: 1.04,
        wikis: 9,
        quiet: [...QuietWiki.examples],
        judgedAt: '2026-11-20T11:10:00Z',
      },
    ],
  },
);
export type HourExpectation = Static<typeof HourExpectation>;
