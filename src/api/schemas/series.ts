/** Query and response of `GET /api/v1/series`: counts of up to five wikis by steps of time. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { MAX_BUCKETS, MAX_SERIES } from '../../contracts/limits.ts';
import { AUTO_BUCKETS, STEPS } from '../../core/steps.ts';
import { Choice } from './choice.ts';
import { named } from './named.ts';
import { RangeInstant, RangeMinutes } from './range.ts';
import { SeveralWikis } from './wiki-name.ts';

export const SeriesQuery = Type.Object({
  wiki: SeveralWikis,
  from: RangeInstant('Start. The first bucket is the one that contains it.'),
  to: RangeInstant('End, exclusive. The last bucket is the one before it, or the one that contains it.'),
  minutes: RangeMinutes,
  step: Type.Optional(
    Choice(['auto', ...STEPS], {
      default: 'auto',
      description: `Length of a bucket. \`auto\`: the finest step of at most ${AUTO_BUCKETS} buckets.`,
    }),
  ),
  format: Type.Optional(
    Choice(['json', 'csv', 'ndjson'], {
      default: 'json',
      description:
        '`json`: a column for each number. `csv` and `ndjson`: a line for each bucket of each wiki.',
    }),
  ),
});
export type SeriesQuery = Static<typeof SeriesQuery>;

const Edge = (description: string) =>
  Type.String({ format: 'date-time', description, examples: ['2026-11-20T10:00:00Z'] });

const Column = (description: string, minimum?: number) =>
  Type.Array(Type.Union([Type.Integer(minimum === undefined ? {} : { minimum }), Type.Null()]), {
    description,
  });

export const WikiSeries = named(
  'WikiSeries',
  {
    wiki: Type.String({ examples: ['enwiki'] }),
    human: Column('Edits that are not marked as a bot’s.', 0),
    bot: Column('Edits that are.', 0),
    bytes: Column('Sum of the changes in length.'),
    min: Column('Edits in the quietest known minute.', 0),
    max: Column('Edits in the busiest known minute.', 0),
    known: Type.Array(Type.Integer({ minimum: 0 }), { description: 'How many minutes are known.' }),
    state: Type.String({
      pattern: '^[fpngu]*$',
      description:
        'A letter a bucket, of its worst minute: `u` unread, `g` gap, `n` pending, `p` provisional, `f` final, worst first. ' +
        'The states are those of `GET /api/v1/coverage`. Minutes that have not begun do not count.',
      examples: ['ffppu'],
    }),
  },
  {
    description: 'The columns of a wiki: one value a bucket.',
    examples: [
      {
        wiki: 'enwiki',
        human: [610, 598, null],
        bot: [44, 51, null],
        bytes: [81_204, -1_077, null],
        min: [120, 118, null],
        max: [151, 160, null],
        known: [5, 5, 0],
        state: 'fpu',
      },
    ],
  },
);

export const Series = named(
  'Series',
  {
    from: Edge('Start of the first bucket, a multiple of the step in UTC.'),
    to: Edge('End of the last bucket. Buckets that have not begun are left out.'),
    stepSec: Type.Integer({ minimum: 60, description: 'Length of a bucket in seconds.', examples: [60] }),
    completeThrough: Type.Union(
      [Edge('Everything from `from` up to here is complete, for every wiki.'), Type.Null()],
      {
        description: 'Null when already the first minute of one is not.',
      },
    ),
    version: Type.String({ description: 'The same as long as nothing of the answer changes.' }),
    wikis: Type.Array(WikiSeries, { description: 'In the order of the question.' }),
  },
  {
    description:
      'A bucket is the sum of its known minutes, and null where none is known, never 0. A minute is known if it is pending, ' +
      'provisional or final, and 0 if it has no edits then. An unread minute, or one of a gap, is known only if it has edits: ' +
      'their number is a lower bound.',
    examples: [
      {
        from: '2026-11-20T10:00:00Z',
        to: '2026-11-20T10:15:00Z',
        stepSec: 300,
        completeThrough: '2026-11-20T10:05:00Z',
        version: '0f3c9a5b7d21e846',
        wikis: [...WikiSeries.examples],
      },
    ],
  },
);
export type Series = Static<typeof Series>;

/** Lines with these fields, in this order; new ones come last. */
export const SERIES_FIELDS = ['ts', 'wiki', 'human', 'bot', 'bytes', 'min', 'max', 'known', 'state'] as const;

export const seriesResponse = {
  description: `At most ${MAX_BUCKETS} buckets of ${MAX_SERIES} wikis.`,
  content: {
    'application/json': { schema: Series },
    'text/csv': {
      schema: Type.String({
        description: `With a header: \`${SERIES_FIELDS.join()}\`. An unknown value is empty.`,
      }),
      example: `${SERIES_FIELDS.join()}\r\n2026-11-20T10:00:00Z,enwiki,610,44,81204,120,151,5,f\r\n`,
    },
    'application/x-ndjson': {
      schema: Type.String({
        description: 'One object a line, with the fields of `csv`. An unknown value is null.',
      }),
      example:
        '{"ts":"2026-11-20T10:00:00Z","wiki":"enwiki","human":610,"bot":44,"bytes":81204,"min":120,"max":151,"known":5,"state":"f"}\n',
    },
  },
};
