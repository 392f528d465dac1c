/** Query and answers of `GET /api/v1/hours`: what the rebuilds of hours found. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { DEFAULT_LISTED_HOURS, MAX_LISTED_HOURS, MAX_MINUTES } from '../../contracts/limits.ts';
import { HourExpectation } from './hour-expectation.ts';
import { named } from './named.ts';
import { RangeInstant } from './range.ts';
import { Count, Instant } from './values.ts';

const HOUR = '2026-11-20T10';
const HOUR_PATTERN = '^\\d{4}-\\d\\d-\\d\\dT\\d\\d$';

export const HoursQuery = Type.Object({
  from: RangeInstant('Start. An hour that it lies in is included.'),
  to: RangeInstant('End, exclusive.'),
  minutes: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_MINUTES,
      description:
        'Instead of `from` and `to`: how many UTC minutes, counted back from and including the current one. Without any of them: a week.',
      examples: [180],
    }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_LISTED_HOURS,
      default: DEFAULT_LISTED_HOURS,
      description: 'How many to return.',
      examples: [DEFAULT_LISTED_HOURS],
    }),
  ),
  after: Type.Optional(
    Type.String({
      pattern: HOUR_PATTERN,
      description: '`next` of the page before.',
      examples: [HOUR],
      'x-expected': 'the value of next of the page before',
    }),
  ),
});

export const HourName = Type.String({
  pattern: HOUR_PATTERN,
  description: 'The UTC hour.',
  examples: [HOUR],
});

export const PartRead = named(
  'PartRead',
  { from: Instant('Start.'), to: Instant('End, exclusive.') },
  {
    description: 'The part of the hour in which the stream was read. Absent: it was not read at all.',
    examples: [{ from: '2026-11-20T10:00:00.000Z', to: '2026-11-20T11:00:00.000Z' }],
  },
);

/** What a rebuild found: numbers of the audit. */
const AUDIT_COUNTS = {
  parts: Count('Parts of bronze that were counted.'),
  events: Count('Events in them, of every type.'),
  edits: Count('Events of a counted type.'),
  distinctEdits: Count('Edits, each revision once: what the rows add up to.'),
  duplicates: Count('Edits whose revision an earlier line or part had already.'),
  late: Count('Events that were sent after the hour had been given up waiting for.'),
  unusable: Count('Lines that are no usable event.'),
};

const COUNTED = {
  parts: 13,
  events: 121_204,
  edits: 43_120,
  distinctEdits: 43_118,
  duplicates: 2,
  late: 0,
  unusable: 0,
};

export const HourCounts = named('HourCounts', AUDIT_COUNTS, {
  description: 'What the last rebuild of an hour counted.',
  examples: [COUNTED],
});

export const AuditedHour = named(
  'AuditedHour',
  {
    hour: HourName,
    sealed: Type.Boolean({ description: 'Whether no more events are expected.' }),
    rebuiltAt: Instant(
      'When it was counted. A later rebuild that found the same does not change it, where there are digests.',
    ),
    ...AUDIT_COUNTS,
    changedRows: Count('Rows that the rebuild had to correct; 0 unless something was wrong.'),
    gaps: Count('Gaps of the stream that overlapped the hour.'),
    read: Type.Optional(PartRead),
    olderRowsBefore: Type.Optional(
      Instant('Rows of earlier minutes are those of an older project, and were kept.'),
    ),
    digests: Type.Boolean({
      description:
        'Whether it is known what was counted. False for hours that earlier versions have rebuilt.',
    }),
    expectation: Type.Optional(HourExpectation),
  },
  {
    description: 'What the last rebuild of an hour found.',
    examples: [
      {
        hour: HOUR,
        sealed: true,
        rebuiltAt: '2026-11-20T11:05:02.120Z',
        ...COUNTED,
        changedRows: 2,
        gaps: 0,
        read: PartRead.examples[0],
        digests: true,
        expectation: HourExpectation.examples[0],
      },
    ],
  },
);
export type AuditedHour = Static<typeof AuditedHour>;

export const AuditedHours = named(
  'AuditedHours',
  {
    hours: Type.Array(AuditedHour, {
      description: 'The latest comes first. Hours that were never rebuilt, as the current one, are left out.',
    }),
    next: Type.Optional(Type.String({ description: 'Value of `after` for the next page.' })),
  },
  {
    description: 'One page of hours.',
    examples: [{ hours: [...AuditedHour.examples], next: HOUR }],
  },
);
export type AuditedHours = Static<typeof AuditedHours>;
