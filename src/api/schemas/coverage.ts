/** Query and response of `GET /api/v1/coverage`: what is known of the minutes of a wiki. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { MAX_COVERAGE_MINUTES } from '../../contracts/limits.ts';
import { ALL_WIKIS } from '../../core/wiki-name.ts';
import { HourName } from './hours.ts';
import { named } from './named.ts';
import { RangeInstant, RangeMinutes } from './range.ts';
import { WikiName } from './wiki-name.ts';

export const CoverageQuery = Type.Object({
  wiki: {
    ...WikiName,
    description: `Database name of a wiki, or \`${ALL_WIKIS}\` for all wikis together.`,
  },
  from: RangeInstant('Start.'),
  to: RangeInstant('End, exclusive.'),
  minutes: RangeMinutes,
});

const Instant = (description: string) =>
  Type.String({ format: 'date-time', description, examples: ['2026-11-20T10:00:00Z'] });

const State = Type.Union(
  [
    Type.Literal('unread'),
    Type.Literal('gap'),
    Type.Literal('pending'),
    Type.Literal('provisional'),
    Type.Literal('final'),
  ],
  {
    description:
      '`unread`: nobody looked. `gap`: the source lost events, and a count is a lower bound. `pending`: read, but not all of it is in gold yet. ' +
      '`provisional`: all of it is in gold, and its hour may still be corrected. `final`: nothing is expected any more. ' +
      'A minute without edits is 0 only where it is pending, provisional or final.',
  },
);

export const CoverageSegment = named(
  'CoverageSegment',
  {
    from: Instant('Start of the first minute.'),
    to: Instant('End of the last minute.'),
    state: State,
    reason: Type.String({
      description:
        '`unread`: `not_yet` after all that was read, `never` before or between, `filter` without this wiki, `retention` deleted. `gap`: its cause. ' +
        '`pending`: `parts`, or `live`. `provisional`: `open` hour, `partly` read hour, `not_rebuilt` since its end, parts `added` since. `final`: `rebuilt`.',
      examples: ['rebuilt'],
    }),
  },
  {
    description: 'Minutes that follow each other and of which the same is known.',
    examples: [
      {
        from: '2026-11-20T10:00:00Z',
        to: '2026-11-20T12:00:00Z',
        state: 'final',
        reason: 'rebuilt',
      },
    ],
  },
);

export const QuietHour = named(
  'QuietHour',
  {
    hour: HourName,
    edits: Type.Integer({ minimum: 0, description: 'Edits by people.' }),
    expected: Type.Number({ minimum: 0, description: 'How many were expected at least.' }),
    factor: Type.Number({ minimum: 0, description: 'Edits divided by those expected.' }),
  },
  {
    description:
      'A sealed hour with far fewer edits than usual, although no event is missing: a producer may have stopped.',
    examples: [{ hour: '2026-11-20T10', edits: 3, expected: 812.4, factor: 0 }],
  },
);
export type QuietHour = Static<typeof QuietHour>;

export const CoverageOfWiki = named(
  'CoverageOfWiki',
  {
    wiki: Type.String({ examples: ['enwiki'] }),
    from: Instant('Start of the first segment.'),
    to: Instant('End of the last segment. Minutes that have not begun are left out.'),
    completeThrough: Type.Union([Instant('Everything from `from` up to here is complete.'), Type.Null()], {
      description: 'Null when already the first minute is not.',
    }),
    segments: Type.Array(CoverageSegment, { description: 'They adjoin, and neighbours differ.' }),
    quiet: Type.Array(QuietHour, {
      description:
        'Hours that touch the range and had far fewer edits than usual. Only sealed hours are compared.',
    }),
  },
  {
    description: `What is known of the minutes of a wiki: at most ${MAX_COVERAGE_MINUTES} of them.`,
    examples: [
      {
        wiki: 'enwiki',
        from: '2026-11-20T10:00:00Z',
        to: '2026-11-20T12:30:00Z',
        completeThrough: '2026-11-20T12:21:00Z',
        segments: [
          {
            from: '2026-11-20T10:00:00Z',
            to: '2026-11-20T12:00:00Z',
            state: 'final',
            reason: 'rebuilt',
          },
          {
            from: '2026-11-20T12:00:00Z',
            to: '2026-11-20T12:26:00Z',
            state: 'provisional',
            reason: 'open',
          },
          {
            from: '2026-11-20T12:26:00Z',
            to: '2026-11-20T12:30:00Z',
            state: 'unread',
            reason: 'not_yet',
          },
        ],
        quiet: [...QuietHour.examples],
      },
    ],
  },
);
export type CoverageOfWiki = Static<typeof CoverageOfWiki>;
