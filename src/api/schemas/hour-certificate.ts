/** Parameters and answer of `GET /api/v1/hours/{hour}`: the certificate of an hour. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { HourExpectation } from './hour-expectation.ts';
import { HourCounts, HourName } from './hours.ts';
import { named } from './named.ts';
import { Count, Instant } from './values.ts';

const HOUR = '2026-11-20T10';
const FROM = '2026-11-20T10:00:00.000Z';
const TO = '2026-11-20T11:00:00.000Z';
const TOPIC = 'eqiad.mediawiki.recentchange';
const PART = 'bronze/yyyy=2026/mm=11/dd=20/hh=10/part-000000000042-5f0c1d.ndjson.gz';
const EXAMPLE_DIGEST = '8d3fc5d8a2a5a6d4d53a0f1fd4b8f06f5a5f9e1f0c4ec1c1d5e1d5b0d7a9a3c2';

export const HourParameters = Type.Object({
  hour: Type.String({
    pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d$',
    description: 'The UTC hour.',
    examples: [HOUR],
    'x-expected': `a UTC hour such as ${HOUR}`,
  }),
});

const Sha256 = (description: string) => Type.String({ pattern: '^[0-9a-f]{64}$', description });

const PartSource = Type.Union(
  [
    Type.Literal('stream'),
    Type.Literal('replay'),
    Type.Literal('backfill_stream'),
    Type.Literal('backfill_api'),
    Type.Literal('backfill_dump'),
    Type.Literal('older_project'),
  ],
  { description: 'Who wrote it: ingest, a replay of dead letters, a backfill, or an older project.' },
);
export type PartSource = Static<typeof PartSource>;

export const CountedPart = named(
  'CountedPart',
  {
    key: Type.String({ description: 'Its key in the bucket.' }),
    source: PartSource,
    url: Type.Optional(Type.String({ description: 'Where its events are from.' })),
    simulated: Type.Optional(Type.Boolean({ description: 'Whether a simulator made them.' })),
    lines: Type.Optional(Count('Lines that are not empty, one event each.')),
    bytes: Type.Optional(Count('Uncompressed.')),
    sha256: Type.Optional(
      Sha256('SHA-256 of the uncompressed lines: `gunzip -c part | sha256sum` prints it.'),
    ),
  },
  {
    description: 'A part of bronze that was counted. Without digests only its key and source are known.',
    examples: [
      {
        key: PART,
        source: 'stream',
        url: 'https://stream.wikimedia.org/v2/stream/recentchange',
        simulated: false,
        lines: 12_204,
        bytes: 17_300_911,
        sha256: EXAMPLE_DIGEST,
      },
    ],
  },
);

export const AddedPart = named(
  'AddedPart',
  { key: Type.String({ description: 'Its key in the bucket.' }), source: PartSource },
  {
    description: 'A part of bronze that was added to the rows of an hour since its last rebuild.',
    examples: [{ key: PART, source: 'stream' }],
  },
);

const Reason = Type.Union([
  Type.Literal('backfill'),
  Type.Literal('replay'),
  Type.Literal('older_project'),
  Type.Literal('repeated_revisions'),
  Type.Literal('rows_differed'),
]);

const SUMS = {
  rows: Count('Rows.'),
  edits: Count('The sum of their edits.'),
  bytesChange: Type.Integer({ description: 'The sum of their changes in bytes.' }),
};

const SUMMED = { rows: 2_871, edits: 4_311, bytesChange: 912_004 };

export const GoldRows = named('GoldRows', SUMS, {
  description: 'The rows that gold has now, with those added since.',
  examples: [SUMMED],
});

export const RebuiltRows = named(
  'RebuiltRows',
  {
    ...SUMS,
    sha256: Sha256(
      'SHA-256 of the lines `ts_minute,wiki,is_bot,edits,bytes_change`, sorted by minute, wiki and bot flag.',
    ),
  },
  {
    description: 'The rows that the last rebuild left.',
    examples: [{ ...SUMMED, sha256: EXAMPLE_DIGEST }],
  },
);

export const UnknownField = named(
  'UnknownField',
  {
    what: Type.Union(
      [
        Type.Literal('counts'),
        Type.Literal('digests'),
        Type.Literal('offsets'),
        Type.Literal('rows'),
        Type.Literal('corrections'),
        Type.Literal('added'),
        Type.Literal('read'),
        Type.Literal('gold'),
        Type.Literal('expectation'),
      ],
      { description: 'Which field says less than it could.' },
    ),
    detail: Type.String({ description: 'Why.' }),
  },
  {
    description: 'What a certificate cannot say.',
    examples: [{ what: 'digests', detail: 'An earlier version has rebuilt this hour.' }],
  },
);
export type UnknownField = Static<typeof UnknownField>;

const Wikis = Type.Optional(
  Type.Array(Type.String(), { description: 'Of these wikis. Absent: of all of them.' }),
);

export const ReadRange = named(
  'ReadRange',
  {
    from: Instant('Start.'),
    to: Instant('End, exclusive.'),
    inGold: Type.Boolean({ description: 'Whether all that was read is in gold.' }),
    wikis: Wikis,
  },
  {
    description: 'A part of an hour in which the stream was read.',
    examples: [{ from: FROM, to: TO, inGold: true }],
  },
);

export const BackfilledRange = named(
  'BackfilledRange',
  {
    from: Instant('Start.'),
    to: Instant('End, exclusive.'),
    source: Type.String({ description: '`stream`, `api` or `dump`.', examples: ['api'] }),
    wikis: Wikis,
  },
  {
    description: 'A part of an hour that a backfill has filled.',
    examples: [{ from: FROM, to: TO, source: 'api', wikis: ['enwiki'] }],
  },
);

export const LostRange = named(
  'LostRange',
  {
    id: Type.String(),
    cause: Type.String({ description: 'As in `/api/v1/gaps`.', examples: ['offsets'] }),
    topic: Type.Optional(Type.String()),
    from: Instant('Events are missing from here.'),
    to: Instant('Nothing is missing from here on.'),
    missing: Type.Optional(Count('Missing messages, where offsets show their number.')),
  },
  {
    description: 'What the stream lost, also where a backfill has filled it.',
    examples: [
      {
        id: 'retention-2026-11-20T10:12:30.000Z',
        cause: 'retention',
        from: '2026-11-20T10:12:30.000Z',
        to: '2026-11-20T11:40:02.000Z',
      },
    ],
  },
);

export const OffsetRange = named(
  'OffsetRange',
  {
    topic: Type.String({ examples: [TOPIC] }),
    partition: Count('Partition of the topic.'),
    first: Count('The lowest offset.'),
    last: Count('The highest offset.'),
    events: Count('Events that carry an offset of this partition.'),
  },
  {
    description: 'Where events that were counted lie in Kafka.',
    examples: [{ topic: TOPIC, partition: 0, first: 5_938_270_112, last: 5_938_282_315, events: 12_204 }],
  },
);

export const Correction = named(
  'Correction',
  {
    nth: Type.Integer({ minimum: 1, description: 'Counts the corrections of the hour from 1.' }),
    at: Instant('When.'),
    kind: Type.Union([Type.Literal('rebuilt'), Type.Literal('filled')], {
      description:
        '`filled`: counted parts are no longer in bronze, so only rows of a backfill were written.',
    }),
    changedRows: Count('Rows that were added, changed or removed.'),
    parts: Count('Parts that were counted for the first time, without those of the stream.'),
    reasons: Type.Array(Reason),
  },
  {
    description: 'A rebuild that changed rows of an hour.',
    examples: [
      {
        nth: 1,
        at: '2026-11-20T11:05:02.120Z',
        kind: 'rebuilt',
        changedRows: 1,
        parts: 0,
        reasons: ['repeated_revisions'],
      },
    ],
  },
);

export const HourCertificate = named(
  'HourCertificate',
  {
    version: Type.Literal(1, { description: 'Of this form.' }),
    hour: HourName,
    from: Instant('Start of the hour.'),
    to: Instant('End of the hour, exclusive.'),
    state: Type.Union([Type.Literal('open'), Type.Literal('rebuilt'), Type.Literal('sealed')], {
      description:
        '`open`: not rebuilt yet. `rebuilt`: counted as a whole, and more may come. `sealed`: counted as a whole, and nothing more is expected.',
    }),
    rebuiltAt: Type.Optional(
      Instant('When it was counted. A later rebuild that found the same does not change it.'),
    ),
    counts: Type.Optional(HourCounts),
    changedRows: Type.Optional(Count('Rows that the last rebuild had to correct.')),
    olderRowsBefore: Type.Optional(
      Instant('Rows of earlier minutes are those of an older project, and were kept.'),
    ),
    rows: Type.Optional(RebuiltRows),
    gold: Type.Optional(GoldRows),
    read: Type.Array(ReadRange, {
      description: 'In which parts of the hour the stream was read, as the commit log says.',
    }),
    backfilled: Type.Array(BackfilledRange, {
      description: 'Which parts of the hour backfills have filled.',
    }),
    gaps: Type.Array(LostRange, {
      description: 'What the stream lost in the hour, also where a backfill has filled it.',
    }),
    offsets: Type.Array(OffsetRange, {
      description:
        'Where the events that were counted lie in Kafka. An hour is by event time, so ranges of neighbouring hours overlap a little.',
    }),
    parts: Type.Array(CountedPart, {
      description: 'In the order of counting: the first one with a revision decides.',
    }),
    added: Type.Array(AddedPart, {
      description: 'Parts that were added to the rows since the last rebuild.',
    }),
    corrections: Type.Array(Correction, {
      description:
        'The latest 100, oldest first. `backfill`, `replay`, `older_project`: parts were counted that gold had not. ' +
        '`repeated_revisions`: a revision came in several events, and had been counted more than once. ' +
        '`rows_differed`: none of these, so the rows were not those of their parts.',
    }),
    expectation: Type.Optional(HourExpectation),
    unknown: Type.Array(UnknownField, { description: 'What this certificate cannot say, and why.' }),
    digest: Type.String({
      pattern: '^sha256:[0-9a-f]{64}$',
      description:
        'Names this certificate: SHA-256 of all other fields as JSON without blanks, with the names of each object sorted (RFC 8785).',
    }),
  },
  {
    description: 'What the counts of an hour are from, and what they are worth.',
    examples: [
      {
        version: 1,
        hour: HOUR,
        from: FROM,
        to: TO,
        state: 'sealed',
        rebuiltAt: '2026-11-20T11:05:02.120Z',
        counts: {
          parts: 1,
          events: 12_204,
          edits: 4_312,
          distinctEdits: 4_311,
          duplicates: 1,
          late: 0,
          unusable: 0,
        },
        changedRows: 1,
        rows: RebuiltRows.examples[0],
        gold: SUMMED,
        read: [...ReadRange.examples],
        backfilled: [],
        gaps: [],
        offsets: [...OffsetRange.examples],
        parts: [...CountedPart.examples],
        added: [],
        corrections: [...Correction.examples],
        expectation: HourExpectation.examples[0],
        unknown: [],
        digest: `sha256:${EXAMPLE_DIGEST}`,
      },
    ],
  },
);
export type HourCertificate = Static<typeof HourCertificate>;
