/** Every workflow id and S3 key: exactly the documented ones, parsed back to what they were made from, and no others. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BRONZE,
  DEAD_LETTERS,
  GOLD,
  GOLD_COVERAGE,
  GOLD_DAYS,
  GOLD_GAPS,
  GOLD_HOURS,
  GOLD_SOURCES,
  STREAM_NAME_PREFIX,
  backfillPartKey,
  backfillSourceOf,
  backfillWikiOf,
  backfillWindowOf,
  coverageKey,
  dayOfGoldKey,
  deadLetterKey,
  deadLetterPrefix,
  flushOfKey,
  goldDayKey,
  goldHourKey,
  goldHourPrefix,
  goldHoursPrefix,
  hasIds,
  hourOfGoldKey,
  hourOfGoldPrefix,
  hourOfPartKey,
  hourPrefix,
  isForeignKey,
  isReplayPart,
  logKeys,
  partRank,
  replayPartKey,
  replayPrefix,
  streamPartKey,
  windowOf,
} from '../../../src/contracts/storage/object-keys.ts';
import {
  TASK_QUEUE,
  ingestQueue,
  transformHourId,
  transformQueue,
} from '../../../src/contracts/temporal/names.ts';
import { INGEST_ID } from '../../../src/recentchange/definition.ts';
import { hourOf } from '../../../src/core/time.ts';

const LOG = logKeys('recentchange');

const HOUR = '2026-01-02T03';
const AT_MS = Date.parse('2026-01-02T23:59:59.999Z');

describe('the documented names', () => {
  test.each([
    [INGEST_ID, 'ingest-recentchange'],
    [TASK_QUEUE, 'wikigauge'],
    [ingestQueue('wikigauge'), 'wikigauge-ingest'],
    [transformQueue('wikigauge'), 'wikigauge-transform'],
    [transformHourId(HOUR), 'transform-2026-01-02T03'],
    [BRONZE, 'bronze/'],
    [DEAD_LETTERS, 'deadletter/'],
    [LOG.prefix, 'bronze/_log/recentchange/'],
    [hourPrefix(HOUR), 'bronze/yyyy=2026/mm=01/dd=02/hh=03/'],
    [streamPartKey(HOUR, 17, 'a1'), 'bronze/yyyy=2026/mm=01/dd=02/hh=03/part-000000000017-a1.ndjson.gz'],
    [deadLetterKey(AT_MS, 17, 'a1'), 'deadletter/yyyy=2026/mm=01/dd=02/part-000000000017-a1.ndjson.gz'],
    [deadLetterPrefix('2026-01-02'), 'deadletter/yyyy=2026/mm=01/dd=02/'],
    [LOG.keyOf(17), 'bronze/_log/recentchange/000000000017.json'],
    [coverageKey('b1'), 'bronze/_backfill/b1.json'],
    [
      backfillPartKey(HOUR, { source: 'api', wiki: 'zh_min_nanwiki', window: '0000-6000' }),
      'bronze/yyyy=2026/mm=01/dd=02/hh=03/part-api-zh_min_nanwiki-0000-6000.ndjson.gz',
    ],
    [
      backfillPartKey(HOUR, { source: 'stream', window: '0530-6000' }),
      'bronze/yyyy=2026/mm=01/dd=02/hh=03/part-stream-0530-6000.ndjson.gz',
    ],
  ])('%s', (name, literal) => {
    expect(name).toBe(literal);
  });
});

const hour = fc.integer({ min: 979_516_800, max: 253_402_300_799 }).map(hourOf);
const sequence = fc.integer({ min: 1, max: 99_999_999_999 });
const attempt = fc.stringMatching(/^[0-9a-f]{10}$/);

describe('keys', () => {
  test('lead back to hour, sequence and attempt', () => {
    fc.assert(
      fc.property(hour, sequence, attempt, (hour, sequence, attempt) => {
        const part = streamPartKey(hour, sequence, attempt);
        expect(hourOfPartKey(part)).toBe(hour);
        expect(flushOfKey(part)).toEqual({ sequence, attempt });
        expect(part.startsWith(`${hourPrefix(hour)}${STREAM_NAME_PREFIX}`)).toBe(true);
        expect(LOG.sequenceOf(part)).toBeUndefined();

        const letters = deadLetterKey(AT_MS, sequence, attempt);
        expect(flushOfKey(letters)).toEqual({ sequence, attempt });
        expect(hourOfPartKey(letters)).toBeUndefined();
        expect(LOG.sequenceOf(letters)).toBeUndefined();

        expect(LOG.sequenceOf(LOG.keyOf(sequence))).toBe(sequence);
        expect(flushOfKey(LOG.keyOf(sequence))).toBeUndefined();
        expect(hourOfPartKey(LOG.keyOf(sequence))).toBeUndefined();
      }),
    );
  });

  test('sort the log by sequence, and parts by hour and then by sequence', () => {
    fc.assert(
      fc.property(hour, hour, sequence, sequence, attempt, attempt, (h1, h2, s1, s2, a1, a2) => {
        const order = (a: string | number, b: string | number): number => Number(a > b) - Number(a < b);
        expect(order(LOG.keyOf(s1), LOG.keyOf(s2))).toBe(order(s1, s2));
        const parts = order(streamPartKey(h1, s1, a1), streamPartKey(h2, s2, a2));
        expect(parts).toBe(order(h1, h2) || order(s1, s2) || order(a1, a2));
      }),
    );
  });

  const part = streamPartKey(HOUR, 17, 'a1');

  test.each([
    '',
    'bronze/',
    part.slice(1),
    ` ${part}`,
    `/${part}`,
    `x/${part}`,
    `${part}\n`,
    `${part}.tmp`,
    part.replace('.gz', ''),
    part.replace('mm=01', 'mm=13'),
    part.replace('mm=01', 'mm=1'),
    part.replace('dd=02', 'dd=00'),
    part.replace('dd=02', 'dd=32'),
    part.replace('mm=01/dd=02', 'mm=02/dd=30'),
    part.replace('hh=03', 'hh=24'),
    part.replace('/hh=03', ''),
    part.replace('part-', 'tmp-'),
    part.replace('part-000000000017-a1', 'part-'),
    part.replace('part-', 'part-/'),
    part.replace('bronze', 'gold'),
    hourPrefix(HOUR),
  ])('%j is not a part', key => {
    expect(hourOfPartKey(key)).toBeUndefined();
  });

  test('of a backfill belong to their hour and source, but to no flush', () => {
    const source = fc.constantFrom('stream', 'api', 'dump');
    const someWiki = fc.stringMatching(/^[a-z][a-z0-9_]{1,20}$/);
    const window = fc.constantFrom('0000-6000', '0312_1234567-5959', 'a1b2c3');
    fc.assert(
      fc.property(hour, source, someWiki, window, (hour, source, someWiki, window) => {
        const wiki = source === 'stream' ? undefined : someWiki;
        const key = backfillPartKey(hour, { source, window, ...(wiki !== undefined && { wiki }) });
        expect([hourOfPartKey(key), flushOfKey(key), backfillSourceOf(key)]).toEqual([
          hour,
          undefined,
          source,
        ]);
        expect(hasIds(key)).toBe(source === 'stream');
        expect(key.startsWith(`${hourPrefix(hour)}${STREAM_NAME_PREFIX}`)).toBe(false);
        expect(backfillWikiOf(key)).toBe(wiki);
      }),
    );
  });

  test('of ingest and of replayed dead letters belong to no backfill, and their events have ids', () => {
    for (const key of [part, replayPartKey(HOUR, { sequence: 17, attempt: 'a1' }, '00ff')])
      expect([backfillSourceOf(key), backfillWikiOf(key), hasIds(key)]).toEqual([undefined, undefined, true]);
  });

  test('have priority in the order ingest, stream, API, dump', () => {
    const ranks = (['stream', 'api', 'dump'] as const).map(source =>
      partRank(backfillPartKey(HOUR, { source, wiki: 'enwiki', window: '0000-6000' })),
    );
    expect([partRank(part), ...ranks]).toEqual([0, 1, 2, 3]);
  });

  test.each([
    [0, 60, '0000-6000'],
    [-60, 600, '0000-6000'],
    [5.5, 30.25, '0530-3015'],
    [59.5, 60, '5930-6000'],
  ])('name the window of minutes %d to %d %s', (from, to, window) => {
    const startMs = Date.parse('2026-01-02T03:00:00Z');
    expect(windowOf(HOUR, startMs + from * 60_000, startMs + to * 60_000)).toBe(window);
  });

  test('of replayed dead letters belong to their hour with the priority of the stream, but to no flush', () => {
    const key = replayPartKey(HOUR, { sequence: 17, attempt: 'a1' }, '00ff');
    expect(key).toBe(`${hourPrefix(HOUR)}part-replay-000000000017-a1-00ff.ndjson.gz`);
    expect(key.startsWith(replayPrefix(HOUR, { sequence: 17, attempt: 'a1' }))).toBe(true);
    expect([hourOfPartKey(key), flushOfKey(key), isReplayPart(key)]).toEqual([HOUR, undefined, true]);
    expect(key.startsWith(`${hourPrefix(HOUR)}${STREAM_NAME_PREFIX}`)).toBe(false);
    const [api, dump] = ['api', 'dump'].map(source => `${hourPrefix(HOUR)}part-${source}-enwiki.ndjson.gz`);
    const sorted = [dump, api, key, part].sort((a = '', b = '') => partRank(a) - partRank(b));
    expect(sorted.slice(2)).toEqual([api, dump]);
    expect([partRank(part), isReplayPart(part), isReplayPart(api ?? '')]).toEqual([
      partRank(key),
      false,
      false,
    ]);
  });

  test.each([
    '',
    'part-000000000017-a1.ndjson.gz',
    part.replace('000000000017', '17'),
    part.replace('000000000017', '0000000000017'),
    part.replace('-a1', ''),
    part.replace('-a1', '-'),
    part.replace('-a1', '-A1'),
    part.replace('-a1', '-a-1'),
    `${part}\n`,
    `${part}/`,
  ])('%j belongs to no flush', key => {
    expect(flushOfKey(key)).toBeUndefined();
  });

  test.each([
    '',
    `${LOG.prefix}17.json`,
    `${LOG.prefix}00000000001x.json`,
    `${LOG.prefix}0000000000017.json`,
    `${LOG.prefix}-00000000017.json`,
    `${LOG.prefix}000000000017.JSON`,
    `${LOG.prefix}000000000017.json.tmp`,
    `${LOG.prefix}x/000000000017.json`,
    `x${LOG.keyOf(17)}`,
    `bronze/_log/_probe/000000000017.json`,
    '000000000017.json',
  ])('%j is not a record of the log', key => {
    expect(LOG.sequenceOf(key)).toBeUndefined();
  });

  test('are not found in any other text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map(end => `${BRONZE}${end}`),
        ),
        key => {
          expect([hourOfPartKey(key), flushOfKey(key), LOG.sequenceOf(key)]).toEqual([
            undefined,
            undefined,
            undefined,
          ]);
        },
      ),
    );
  });
});

describe('keys of gold', () => {
  test.each([
    [GOLD, 'gold/'],
    [GOLD_HOURS, 'gold/edits_per_min/'],
    [GOLD_DAYS, 'gold/edits_per_min_daily/'],
    [GOLD_SOURCES, 'gold/sources/'],
    [GOLD_GAPS, 'gold/gaps/'],
    [GOLD_COVERAGE, 'gold/coverage/'],
    [goldHoursPrefix('2026-01-02'), 'gold/edits_per_min/yyyy=2026/mm=01/dd=02/'],
    [goldHourPrefix(HOUR), 'gold/edits_per_min/yyyy=2026/mm=01/dd=02/hh=03/'],
    [goldHourKey(HOUR), 'gold/edits_per_min/yyyy=2026/mm=01/dd=02/hh=03/edits.parquet'],
    [goldDayKey('2026-01-02'), 'gold/edits_per_min_daily/yyyy=2026/mm=01/dd=02/edits.parquet'],
  ])('%s', (name, literal) => {
    expect(name).toBe(literal);
  });

  test('lead back to their hour or day, and to that only', () => {
    fc.assert(
      fc.property(hour, hour => {
        const day = hour.slice(0, 10);
        expect([hourOfGoldKey(goldHourKey(hour)), dayOfGoldKey(goldHourKey(hour))]).toEqual([
          hour,
          undefined,
        ]);
        expect([hourOfGoldKey(goldDayKey(day)), dayOfGoldKey(goldDayKey(day))]).toEqual([undefined, day]);
        expect(hourOfGoldPrefix(goldHourPrefix(hour))).toBe(hour);
        expect(hourOfGoldPrefix(goldHoursPrefix(hour))).toBeUndefined();
      }),
    );
  });

  const [ofHour, ofDay] = [goldHourKey(HOUR), goldDayKey('2026-01-02')];
  test.each([
    '',
    GOLD_HOURS,
    goldHourPrefix(HOUR),
    `${ofHour}.tmp`,
    `${ofDay}.tmp`,
    ofHour.replace('edits.parquet', 'editsXparquet'),
    ofHour.replace('hh=03', 'hh=3'),
    ofHour.replace('hh=03', 'hh=003'),
    ofDay.replace('yyyy=2026', 'yyyy=226'),
    ofDay.replace('mm=01', 'mm=1'),
    ofDay.replace('dd=02/', 'dd=02/x/'),
    ofHour.replace(GOLD_HOURS, GOLD_DAYS),
    ofDay.replace(GOLD_DAYS, GOLD_HOURS),
    ofHour.replace(GOLD_HOURS, `${GOLD_HOURS}copy/`),
    `old/${ofHour}`,
    ofHour.replace('mm=01', 'mm=13'),
    ofHour.replace('mm=01/dd=02', 'mm=02/dd=30'),
    ofHour.replace('hh=03', 'hh=24'),
    ofDay.replace('mm=01/dd=02', 'mm=02/dd=30'),
    streamPartKey(HOUR, 17, 'a1'),
  ])('%j belongs to no hour and to no day of gold', key => {
    expect([hourOfGoldKey(key), dayOfGoldKey(key)]).toEqual([undefined, undefined]);
  });
});

test('an object below the name of a backfill’s part belongs to no backfill', () => {
  const key = backfillPartKey(HOUR, { source: 'api', wiki: 'enwiki', window: '0000-6000' });
  expect([backfillSourceOf(`${key}/x`), backfillWikiOf(`${key}/x`)]).toEqual([undefined, undefined]);
});

describe('parts of other programs', () => {
  const named = (name: string): string => `${hourPrefix(HOUR)}part-${name}.ndjson.gz`;

  test.each([
    '0123456789abcdef0123456789abcdef',
    '00000000000000000000000000000000',
    'a123456789abcdef0123456789abcdef',
    '00000000-0000-4000-8000-000000000000',
    '000000000001',
    '0000000000001-abc',
    '000000000001-ABC',
    '0-costs',
    'streamed',
    'by-hand',
  ])('%s is foreign, and not of a flush', name => {
    expect(isForeignKey(named(name))).toBe(true);
    expect(hourOfPartKey(named(name))).toBe(HOUR);
    expect(flushOfKey(named(name))).toBeUndefined();
  });

  test('none of ours is foreign', () => {
    const flush = { sequence: 12, attempt: 'a1b2' };
    const ours = [
      streamPartKey(HOUR, 12, 'a1b2'),
      replayPartKey(HOUR, flush, 'abcdef'),
      backfillPartKey(HOUR, { source: 'stream', window: '0000-6000-abcdef012345' }),
      backfillPartKey(HOUR, { source: 'api', wiki: 'enwiki', window: '0530-1200_77' }),
      backfillPartKey(HOUR, { source: 'dump', wiki: 'enwiki', window: '0000-6000' }),
    ];
    expect(ours.filter(isForeignKey)).toEqual([]);
  });

  test('the window of a backfill is read from its name, and from no other', () => {
    const window = (name: string) => backfillWindowOf(named(name));
    expect(window('stream-0530-6000-abcdef012345')).toEqual([330, 3_600]);
    expect(window('api-enwiki-0000-1230_98765')).toEqual([0, 750]);
    expect(window('api-enwiki-1230_98765-6000')).toEqual([750, 3_600]);
    expect(window('dump-en_wiki-0000-6000')).toEqual([0, 3_600]);
    expect(window('api-enwiki')).toBeUndefined();
    expect(window('0000-6000')).toBeUndefined();
  });
});
