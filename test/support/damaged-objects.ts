/** Objects under gold's prefixes that are damaged, hostile, or where no program of ours puts them. */
import {
  GOLD_COVERAGE,
  GOLD_DAYS,
  GOLD_GAPS,
  GOLD_HOURS,
  GOLD_SOURCES,
  goldAnomaliesKey,
  goldExpectationsKey,
  goldDayKey,
  goldHourKey,
  hourPrefix,
} from '../../src/contracts/storage/object-keys.ts';
import { DAY_MS, HOUR_MS, hourOf, isoMs } from '../../src/core/time.ts';
import { openS3Gold } from '../../src/gold/parquet/parquet-gold.ts';
import { encodeGold } from '../../src/gold/parquet/row-file.ts';
import type { ObjectStore, VersionedStore } from '../../src/store/object-store.ts';

type Store = ObjectStore & VersionedStore;

/** Gold of yesterday, compacted, and of the hours of today, with one edit of enwiki at the start of each. */
export interface SmallGold {
  readonly nowMs: number;
  /** ISO date. */
  readonly yesterday: string;
  readonly hours: readonly string[];
  /** An hour of yesterday, one of today, and one without an object. */
  readonly old: string;
  readonly young: string;
  readonly empty: string;
}

const SOURCE = { url: 'https://stream.test/recentchange', simulated: true };

/** Writes it. @param nowMs a clock that is a few hours into its day */
export async function writeSmallGold(store: Store, nowMs: number): Promise<SmallGold> {
  const gold = openS3Gold(store, () => nowMs);
  const today = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const starts = [-6, -5, -4, -3, 0, 1, 2].map(nth => today + nth * HOUR_MS);
  for (const startMs of starts) {
    const hour = hourOf(startMs / 1000);
    const row = { minute: startMs / 1000, wiki: 'enwiki', isBot: false, edits: 1, bytesChange: 0 };
    const key = `${hourPrefix(hour)}part-000000000001-a.ndjson.gz`;
    await gold.apply({ key, hour, rows: [row], source: SOURCE });
  }
  const yesterday = isoMs(today - DAY_MS).slice(0, 10);
  await gold.days?.compact(yesterday);
  const range = { from: isoMs(today - HOUR_MS), to: isoMs(today) };
  await gold.recordGap({ id: 'a gap', cause: 'retention', ...range });
  await gold.recordCoverage({ id: 'a backfill', source: 'api', wikis: ['dewiki'], ...range });
  const hours = starts.map(ms => hourOf(ms / 1000));
  const at = (nth: number): string => hourOf((today + nth * HOUR_MS) / 1000);
  return { nowMs, yesterday, hours, old: at(-4), young: at(1), empty: at(3) };
}

export interface Damage {
  readonly title: string;
  readonly key: (gold: SmallGold) => string;
  readonly body: (gold: SmallGold) => Promise<Uint8Array> | Uint8Array;
  /** Hours whose counts are in nothing else. */
  readonly lost?: (gold: SmallGold) => readonly string[];
  /** Part of what is said about it; undefined where nobody who answers has to know. */
  readonly said?: string;
}

const text = (words: string) => () => Buffer.from(words);
const ELEVEN = text('eleven byte');
/** A hundred megabytes compress to nothing, so storing and sending them costs nobody anything. */
const ZEROS = 100_000_000;
const zeros = () => new Uint8Array(ZEROS);
/** An hour as we write it. */
const hourFile = (hour: string, minute = Date.parse(`${hour}:00:00Z`) / 1000) =>
  encodeGold([{ minute, wiki: 'enwiki', isBot: false, edits: 1_000, bytesChange: 0 }], {
    version: 1,
    hour,
    counted: ['part-000000000001-a.ndjson.gz'],
    added: [],
  });
const withFooter = (footer: unknown) => () =>
  encodeGold([{ minute: 0, wiki: 'enwiki', isBot: false, edits: 1_000, bytesChange: 0 }], footer);
const young = ({ young }: SmallGold) => [young];

export const DAMAGES: readonly Damage[] = [
  {
    title: 'eleven bytes as an hour of today',
    key: gold => goldHourKey(gold.young),
    body: ELEVEN,
    lost: young,
    said: 'not a readable Parquet file',
  },
  {
    title: 'eleven bytes as an hour of a compacted day',
    key: gold => goldHourKey(gold.old),
    body: ELEVEN,
    lost: ({ old }) => [old],
    said: 'not a readable Parquet file',
  },
  {
    title: 'an empty object as an hour',
    key: gold => goldHourKey(gold.empty),
    body: text(''),
    said: 'not a readable Parquet file',
  },
  {
    title: '100 MB of zeros as an hour',
    key: gold => goldHourKey(gold.young),
    body: zeros,
    lost: young,
    said: '100,000,000 bytes',
  },
  {
    title: 'an hour in the place of another',
    key: gold => goldHourKey(gold.young),
    body: ({ old }) => hourFile(old),
    lost: young,
    said: 'is of another hour',
  },
  {
    title: 'an hour whose footer has no ledger',
    key: gold => goldHourKey(gold.young),
    body: withFooter({ version: 1, counted: 7 }),
    lost: young,
    said: 'not a readable Parquet file',
  },
  {
    title: 'an hour with rows of year 9999',
    key: gold => goldHourKey(gold.empty),
    body: ({ empty }) => hourFile(empty, Date.parse('9999-12-31T23:00:00Z') / 1000),
  },
  {
    title: 'an hour of year 9999',
    key: () => goldHourKey('9999-12-31T23'),
    body: () => hourFile('9999-12-31T23'),
    said: 'lies in the future',
  },
  {
    title: 'eleven bytes as an hour of year 9999',
    key: () => goldHourKey('9999-12-31T23'),
    body: ELEVEN,
    said: 'lies in the future',
  },
  {
    title: 'an hour under another folder',
    key: ({ young }) => goldHourKey(young).replace(GOLD_HOURS, `${GOLD_HOURS}copy/`),
    body: ({ young }) => hourFile(young),
  },
  {
    title: 'an hour among the days',
    key: ({ young }) => goldHourKey(young).replace(GOLD_HOURS, GOLD_DAYS),
    body: ({ young }) => hourFile(young),
  },
  {
    title: 'an hour of a day that does not exist',
    key: () => goldHourKey('2026-02-30T25'),
    body: ELEVEN,
  },
  {
    title: 'eleven bytes as a day',
    key: ({ yesterday }) => goldDayKey(yesterday),
    body: ELEVEN,
    said: 'not a Parquet file',
  },
  {
    title: '100 MB of zeros as a day',
    key: ({ yesterday }) => goldDayKey(yesterday),
    body: zeros,
    said: '100,000,000 bytes',
  },
  {
    title: 'a day whose footer is no footer',
    key: ({ yesterday }) => goldDayKey(yesterday),
    body: withFooter({ version: 1, hours: 'all' }),
    said: 'footer',
  },
  ...['{"anomalies": [{"id": "a", "wiki": 7}]}', '{"anomalies": ', 'null'].map((body): Damage => ({
    title: `a day of anomalies that is ${body}`,
    key: ({ yesterday }) => goldAnomaliesKey(yesterday),
    body: text(body),
    said: 'is not',
  })),
  ...['{"hours": [{"hour": "2026-11-20T10"}]}', '{"hours": '].map((body): Damage => ({
    title: `a day of expectations that is ${body}`,
    key: ({ yesterday }) => goldExpectationsKey(yesterday),
    body: text(body),
    said: 'is not',
  })),
  ...[GOLD_SOURCES, GOLD_GAPS, GOLD_COVERAGE].flatMap((prefix): Damage[] => [
    {
      title: `malformed JSON in ${prefix}`,
      key: () => `${prefix}9999-x.json`,
      body: text('{"id": "a'),
      said: 'is not JSON',
    },
    {
      title: `JSON of another shape in ${prefix}`,
      key: () => `${prefix}9999-x.json`,
      body: text('{"from": 7, "to": null, "url": 3}'),
      said: 'is not',
    },
    { title: `null in ${prefix}`, key: () => `${prefix}9999-x.json`, body: text('null'), said: 'is not' },
    {
      title: `100 MB of zeros in ${prefix}`,
      key: () => `${prefix}9999-x.json`,
      body: zeros,
      said: '100,000,000 bytes',
    },
  ]),
  {
    title: 'names that no terminal shows',
    key: ({ young }) => `${goldHourKey(young)}\u001b[31m\u0007\n%00 ü.parquet`,
    body: ELEVEN,
  },
];

/** Puts the object there, whatever was there before. */
export async function damage(store: Store, { key, body }: Damage, gold: SmallGold): Promise<string> {
  const name = key(gold);
  const present = await store.read(name);
  const written = await store.replace(name, present?.etag, await body(gold), { contentType: 'text/plain' });
  if (written === undefined) throw new Error(`another writer replaced ${name}`);
  return name;
}
