/** Query and response of `GET /api/v1/expectation`: what is usual of wikis, by steps of time. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { MAX_BUCKETS, MAX_SERIES } from '../../contracts/limits.ts';
import { STEPS } from '../../core/steps.ts';
import { Choice } from './choice.ts';
import { named } from './named.ts';
import { RangeInstant, RangeMinutes } from './range.ts';
import { SeveralWikis } from './wiki-name.ts';

export const ExpectationQuery = Type.Object({
  wiki: SeveralWikis,
  from: RangeInstant('Start.'),
  to: RangeInstant('End, exclusive.'),
  minutes: RangeMinutes,
  step: Type.Optional(
    Choice(['auto', ...STEPS], {
      default: 'auto',
      description: 'Length of the buckets. `auto` gives as many as a chart can show.',
    }),
  ),
});

const Edge = (description: string) =>
  Type.String({ format: 'date-time', description, examples: ['2026-11-20T10:00:00Z'] });
const Column = (description: string) =>
  Type.Array(Type.Union([Type.Number({ minimum: 0 }), Type.Null()]), { description });

export const ExpectedBand = named(
  'ExpectedBand',
  {
    mean: Column('Edits that are expected.'),
    low: Column('Lower edge of the band.'),
    high: Column('Upper edge: 99 in 100 counts lie in the band.'),
    dispersion: Type.Union([Type.Number({ minimum: 1 }), Type.Null()], {
      description: 'Variance divided by the mean, at the end of the range.',
    }),
  },
  {
    description:
      'A number a bucket; null where fewer than three weeks are known of its hour of the week. Hours from the Action API or the dumps do not count.',
    examples: [{ mean: [602.1, null], low: [410, null], high: [835, null], dispersion: 4.2 }],
  },
);

export const ExpectedWiki = named(
  'ExpectedWiki',
  { wiki: Type.String({ examples: ['enwiki'] }), human: ExpectedBand, bot: ExpectedBand },
  {
    description: 'What is usual of one wiki.',
    examples: [{ wiki: 'enwiki', human: ExpectedBand.examples[0], bot: ExpectedBand.examples[0] }],
  },
);

export const Expectation = named(
  'Expectation',
  {
    from: Edge('Start of the first bucket, a multiple of the step in UTC.'),
    to: Edge('End of the last bucket. Buckets that have not begun are left out.'),
    stepSec: Type.Integer({ minimum: 60, description: 'Length of a bucket in seconds.', examples: [300] }),
    wikis: Type.Array(ExpectedWiki, { description: 'In the order of the question.' }),
  },
  {
    description: `At most ${MAX_BUCKETS} buckets of ${MAX_SERIES} wikis, with the edges that the series has for the same question. Each is expected from the hours before it alone.`,
    examples: [
      {
        from: '2026-11-20T10:00:00Z',
        to: '2026-11-20T10:10:00Z',
        stepSec: 300,
        wikis: [...ExpectedWiki.examples],
      },
    ],
  },
);
export type Expectation = Static<typeof Expectation>;
export type ExpectedBand = Static<typeof ExpectedBand>;
