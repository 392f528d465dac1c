/** Query and response of `GET /api/v1/anomalies`: when wikis had many more edits than usual. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { MAX_ANOMALY_DAYS } from '../../contracts/limits.ts';
import { ALL_WIKIS } from '../../core/wiki-name.ts';
import { Choice } from './choice.ts';
import { named } from './named.ts';
import { Minutes } from './minutes.ts';
import { RangeInstant } from './range.ts';
import { Count } from './values.ts';
import { WikiName } from './wiki-name.ts';

export const AnomaliesQuery = Type.Object({
  wiki: Type.Optional({
    ...WikiName,
    description: `Database name of a wiki; absent, or \`${ALL_WIKIS}\`: of every wiki.`,
  }),
  account: Type.Optional(
    Choice(['all', 'human', 'bot'], {
      default: 'all',
      description: 'Whose edits: those of people, of bots, or of both.',
    }),
  ),
  from: RangeInstant(`Start; at most ${MAX_ANOMALY_DAYS} days before \`to\`.`),
  to: RangeInstant('End, exclusive.'),
  minutes: Type.Optional({
    ...Minutes,
    description:
      'Instead of `from` and `to`: how many UTC minutes, counted back from and including the current one; a week by default.',
  }),
});

const Instant = (description: string) =>
  Type.String({ format: 'date-time', description, examples: ['2026-11-20T10:00:00Z'] });
const Expected = Type.Number({ minimum: 0, description: 'Edits that were expected.' });
const Factor = Type.Number({ minimum: 0, description: 'How many times as many as expected.' });

export const AnomalyPeak = named(
  'AnomalyPeak',
  {
    from: Instant('Start of the window.'),
    to: Instant('Its end.'),
    edits: Count('Edits in it.'),
    expected: Expected,
    factor: Factor,
  },
  {
    description: 'The window of 5, 15 or 60 minutes that was furthest from its expectation.',
    examples: [
      {
        from: '2026-11-20T10:05:00Z',
        to: '2026-11-20T10:10:00Z',
        edits: 412,
        expected: 33.5,
        factor: 12.3,
      },
    ],
  },
);

export const AnomalyReason = named(
  'AnomalyReason',
  {
    kind: Type.String({
      description: 'As `cause.kind` of an explanation.',
      examples: ['news_burst'],
    }),
    sentence: Type.String({
      examples: ['Up to 40 accounts changed the same page, most of all “Moon landing”: probably news.'],
    }),
  },
  {
    description: 'Why, as far as it was found when the events were still there. Of the peak.',
    examples: [
      {
        kind: 'news_burst',
        sentence: 'Up to 40 accounts changed the same page, most of all “Moon landing”: probably news.',
      },
    ],
  },
);

export const Anomaly = named(
  'Anomaly',
  {
    id: Type.String({ description: 'Stable.', examples: ['0f3c9a5b7d21e846'] }),
    event: Type.String({
      description:
        'The same for anomalies of five wikis or more that began within an hour: they are one event.',
      examples: ['0f3c9a5b7d21e846'],
    }),
    wiki: Type.String({ examples: ['enwiki'] }),
    account: Type.Union([Type.Literal('human'), Type.Literal('bot')], { description: 'Whose edits.' }),
    from: Instant('When it began.'),
    to: Type.Union([Instant('When it ended.'), Type.Null()], { description: 'Null while it lasts.' }),
    noticedAt: Instant('When it was noticed.'),
    countedTo: Instant('Up to where edits are counted here.'),
    edits: Count('Edits since it began.'),
    expected: Expected,
    factor: Factor,
    peak: AnomalyPeak,
    reason: Type.Optional(AnomalyReason),
  },
  {
    description: 'A range of time in which a wiki had many more edits than usual.',
    examples: [
      {
        id: '0f3c9a5b7d21e846',
        event: '0f3c9a5b7d21e846',
        wiki: 'enwiki',
        account: 'human',
        from: '2026-11-20T10:05:00Z',
        to: '2026-11-20T10:50:00Z',
        noticedAt: '2026-11-20T10:10:00Z',
        countedTo: '2026-11-20T10:50:00Z',
        edits: 1_890,
        expected: 301.5,
        factor: 6.3,
        peak: AnomalyPeak.examples[0],
        reason: AnomalyReason.examples[0],
      },
    ],
  },
);
export type Anomaly = Static<typeof Anomaly>;

export const Anomalies = named(
  'Anomalies',
  {
    from: Instant('Start of the range.'),
    to: Instant('Its end.'),
    anomalies: Type.Array(Anomaly, { description: 'By start.' }),
  },
  {
    description: 'Anomalies that touch a range. The worker looks for them every five minutes.',
    examples: [
      { from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z', anomalies: [...Anomaly.examples] },
    ],
  },
);
export type Anomalies = Static<typeof Anomalies>;
