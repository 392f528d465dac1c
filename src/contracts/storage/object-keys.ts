/**
 * Every S3 key, in one place. Keys are fixed because operators and outside readers rely on them. Keys of parts sort by
 * hour, then by sequence. The sequence leads from a part to the log record that names it.
 */
import { HOUR_MS, hourStartMs, isDay } from '../../core/time.ts';
import type { Hour } from '../../core/time.ts';
import type { BackfillSource } from '../../core/backfill.ts';
import { WIKI_NAME } from '../../core/wiki-name.ts';

export const BRONZE = 'bronze/';
export const DEAD_LETTERS = 'deadletter/';
export const GOLD = 'gold/';
/** Prefix of the names of a flush's objects, to keep listings short. Objects of other programs can have it too. */
export const STREAM_NAME_PREFIX = 'part-0';
const REPLAY_NAME_PREFIX = 'part-replay-';
/** Prefix of the records of what backfills have fetched. */
export const COVERAGE_PREFIX = 'bronze/_backfill/';
const SEQUENCE_DIGITS = 12;

/** The dataset of hours: one object per hour, replaced as a whole. */
export const GOLD_HOURS = `${GOLD}edits_per_min/`;
/** The dataset of finished days: the same rows, for long ranges. */
export const GOLD_DAYS = `${GOLD}edits_per_min_daily/`;
/** What gold stores besides its rows; Postgres has tables of the same names. */
export const GOLD_SOURCES = `${GOLD}sources/`;
export const GOLD_GAPS = `${GOLD}gaps/`;
export const GOLD_COVERAGE = `${GOLD}coverage/`;
export const GOLD_RECORDS = `${GOLD}records/`;
export const GOLD_ANOMALIES = `${GOLD}anomalies/`;
export const GOLD_EXPECTATIONS = `${GOLD}expectations/`;

/** What gold keeps of the records of the commit log whose ranges end in an hour. */
export function goldRecordsKey(hour: Hour): string {
  return `${GOLD_RECORDS}${hour}.json`;
}

/** The anomalies that began on a day (UTC). */
export function goldAnomaliesKey(day: string): string {
  return `${GOLD_ANOMALIES}${day}.json`;
}

/** How the hours of a day (UTC) compare with what is usual. */
export function goldExpectationsKey(day: string): string {
  return `${GOLD_EXPECTATIONS}${day}.json`;
}

/** `yyyy=2026/mm=11/` of an ISO time: the first levels below every dataset. */
export function monthPartitions(iso: string): string {
  return `yyyy=${iso.slice(0, 4)}/mm=${iso.slice(5, 7)}/`;
}

/** `yyyy=2026/mm=11/dd=20/` of an ISO date or hour: hive partitions, as query engines read them. */
function datePartitions(iso: string): string {
  return `${monthPartitions(iso)}dd=${iso.slice(8, 10)}/`;
}

/** Prefix of an hour partition: `bronze/yyyy=2026/mm=11/dd=20/hh=10/`. */
export function hourPrefix(hour: Hour): string {
  return `${BRONZE}${datePartitions(hour)}hh=${hour.slice(11, 13)}/`;
}

/** Prefix of the hours of gold on the day (UTC) of an ISO date or hour. */
export function goldHoursPrefix(iso: string): string {
  return `${GOLD_HOURS}${datePartitions(iso)}`;
}

/** Prefix of an hour partition of gold. */
export function goldHourPrefix(hour: Hour): string {
  return `${goldHoursPrefix(hour)}hh=${hour.slice(11, 13)}/`;
}

/** Key of an hour of gold. */
export function goldHourKey(hour: Hour): string {
  return `${goldHourPrefix(hour)}edits.parquet`;
}

/** Key of a day (ISO date) of gold. */
export function goldDayKey(day: string): string {
  return `${GOLD_DAYS}${datePartitions(day)}edits.parquet`;
}

const PARTITIONS = /\/yyyy=(\d{4})\/mm=(\d\d)\/dd=(\d\d)\/(?:hh=(\d\d)\/)?edits\.parquet$/;

/** Hour of an hour object of gold; undefined for any other key, also one that only ends like it. */
export function hourOfGoldKey(key: string): Hour | undefined {
  const [, yyyy, mm, dd, hh] = PARTITIONS.exec(key) ?? [];
  const hour = `${yyyy}-${mm}-${dd}T${hh}`;
  return hourStartMs(hour) !== undefined && key === goldHourKey(hour) ? hour : undefined;
}

/** Hour of an hour partition of gold; undefined for any other prefix. */
export function hourOfGoldPrefix(prefix: string): Hour | undefined {
  return hourOfGoldKey(`${prefix}edits.parquet`);
}

/** Day (ISO date) of an object of the daily dataset; undefined for what is none. */
export function dayOfGoldKey(key: string): string | undefined {
  const [, yyyy, mm, dd] = PARTITIONS.exec(key) ?? [];
  const day = `${yyyy}-${mm}-${dd}`;
  return isDay(day) && key === goldDayKey(day) ? day : undefined;
}

/** Name of an object that one flush of one attempt writes; no other attempt uses it. */
function streamName(sequence: number, attempt: string): string {
  return `part-${paddedSequence(sequence)}-${attempt}.ndjson.gz`;
}

/** Key of a stream part: hour partition, sequence of the record that names it, attempt that wrote it. */
export function streamPartKey(hour: Hour, sequence: number, attempt: string): string {
  return `${hourPrefix(hour)}${streamName(sequence, attempt)}`;
}

/** Prefix of the parts in an hour that were replayed from the dead letters of one flush. */
export function replayPrefix(hour: Hour, { sequence, attempt }: FlushOfKey): string {
  return `${hourPrefix(hour)}${REPLAY_NAME_PREFIX}${paddedSequence(sequence)}-${attempt}-`;
}

/** Key of a part replayed from dead letters. Named by its content, so repeating a replay writes nothing new. */
export function replayPartKey(hour: Hour, flush: FlushOfKey, digest: string): string {
  return `${replayPrefix(hour, flush)}${digest}.ndjson.gz`;
}

/** What identifies a part of a backfill within its hour. */
export interface BackfillPartName {
  readonly source: BackfillSource;
  /** Absent when the part has all wikis. */
  readonly wiki?: string;
  /** The range of the hour that it has completely, or whatever else distinguishes it from others of the same hour. */
  readonly window: string;
}

/** `0530-6000`: a range of an hour by minute and whole second, as in the names of parts. */
export function windowOf(hour: Hour, fromMs: number, toMs: number): string {
  const startMs = hourStartMs(hour) ?? 0;
  const clock = (ms: number): string => {
    const seconds = Math.round((ms - startMs) / 1000);
    return `${Math.floor(seconds / 60)}`.padStart(2, '0') + `${seconds % 60}`.padStart(2, '0');
  };
  return `${clock(Math.max(fromMs, startMs))}-${clock(Math.min(toMs, startMs + HOUR_MS))}`;
}

/** Key of a part of a backfill. Named by its window, so a retry writes the same key. */
export function backfillPartKey(hour: Hour, { source, wiki, window }: BackfillPartName): string {
  return `${hourPrefix(hour)}part-${source}-${wiki === undefined ? '' : `${wiki}-`}${window}.ndjson.gz`;
}

const BACKFILL_NAME = /\/part-(stream|api|dump)-[^/]+$/;

/** Source of a backfill's part; undefined for parts written by ingest or replayed from dead letters. */
export function backfillSourceOf(key: string): BackfillSource | undefined {
  return BACKFILL_NAME.exec(key)?.[1] as BackfillSource | undefined;
}

/** Whether the events of a part have a `meta.id`: only those from the stream do. */
export function hasIds(key: string): boolean {
  const source = backfillSourceOf(key);
  return source === undefined || source === 'stream';
}

const BACKFILL_NAME_WITH_WIKI = new RegExp(`/part-(?:api|dump)-(${WIKI_NAME})-[^/]+$`);

/** Wiki of a backfill's part; undefined when it has all wikis or is not from a backfill. */
export function backfillWikiOf(key: string): string | undefined {
  return BACKFILL_NAME_WITH_WIKI.exec(key)?.[1];
}

const BACKFILL_WINDOW = /-(\d\d)(\d\d)(?:_\d+)?-(\d\d)(\d\d)(?:_\d+)?(?:-[0-9a-f]+)?\.ndjson\.gz$/;

/** Range of the hour that a backfill's part has completely, in seconds after its start; undefined when unknown. */
export function backfillWindowOf(key: string): readonly [from: number, to: number] | undefined {
  const clock = BACKFILL_WINDOW.exec(key)?.slice(1).map(Number);
  if (backfillSourceOf(key) === undefined || clock === undefined) return undefined;
  const [fromMinute = 0, fromSecond = 0, toMinute = 0, toSecond = 0] = clock;
  return [fromMinute * 60 + fromSecond, toMinute * 60 + toSecond];
}

/** Key of the record of what a backfill has fetched. */
export function coverageKey(id: string): string {
  return `${COVERAGE_PREFIX}${id}.json`;
}

/** Whether a key is that of a part replayed from dead letters. */
export function isReplayPart(key: string): boolean {
  return key.includes(`/${REPLAY_NAME_PREFIX}`);
}

/** Prefix of the dead letters that were stored on the day (UTC) of an ISO date or time. */
export function deadLetterPrefix(iso: string): string {
  return `${DEAD_LETTERS}${datePartitions(iso)}`;
}

/** Key of the dead letters of a flush, under the day (UTC) on which they were received. */
export function deadLetterKey(receivedAtMs: number, sequence: number, attempt: string): string {
  return `${deadLetterPrefix(new Date(receivedAtMs).toISOString())}${streamName(sequence, attempt)}`;
}

const PART_KEY = /^bronze\/yyyy=(\d{4})\/mm=(\d\d)\/dd=(\d\d)\/hh=(\d\d)\/part-[^/]+\.ndjson\.gz$/;

/** Names of stream parts and of all our parts, as Postgres and JavaScript both read them. */
export const STREAM_PART_PATTERN = '/part-([0-9]{12})-([0-9a-z]+)\\.ndjson\\.gz$';
export const OWN_PART_PATTERN =
  '/part-([0-9]{12}-[0-9a-z]+|replay-[^/]+|(stream|api|dump)-[^/]+)\\.ndjson\\.gz$';
const STREAM_NAME = new RegExp(STREAM_PART_PATTERN);
const OWN_NAME = new RegExp(OWN_PART_PATTERN);

/** Hour of a part; undefined when the key is not that of a part. */
export function hourOfPartKey(key: string): Hour | undefined {
  const [, yyyy, mm, dd, hh] = PART_KEY.exec(key) ?? [];
  const hour = `${yyyy}-${mm}-${dd}T${hh}`;
  return hourStartMs(hour) === undefined ? undefined : hour;
}

/**
 * Whether a key, of a part or of the ledger, has no name that we give. Such a part was written by another program. It is
 * named after its first event and can reach into later hours, so it is never counted as one of ours.
 */
export function isForeignKey(key: string): boolean {
  return !OWN_NAME.test(key);
}

/** Which flush of which attempt wrote an object. */
export interface FlushOfKey {
  readonly sequence: number;
  readonly attempt: string;
}

/** Sequence and attempt of a stream part or of dead letters; undefined for any other key. */
export function flushOfKey(key: string): FlushOfKey | undefined {
  const [, digits, attempt] = STREAM_NAME.exec(key) ?? [];
  return digits === undefined || attempt === undefined ? undefined : { sequence: Number(digits), attempt };
}

/**
 * Priority of a part when several of an hour contain the same revision; the lowest number counts: stream, then API,
 * then dump. Parts replayed from dead letters came from the stream.
 */
export function partRank(key: string): number {
  if (flushOfKey(key) !== undefined || isReplayPart(key)) return 0;
  const source = backfillSourceOf(key);
  return source === 'dump' ? 3 : source === 'api' ? 2 : 1;
}

/** Keys of a stream's commit log. */
export interface LogKeys {
  readonly prefix: string;
  /** Key of a record. Zero-padded so that listing order is log order. */
  readonly keyOf: (sequence: number) => string;
  /** Sequence of a record; undefined when the key is not that of a record. */
  readonly sequenceOf: (key: string) => number | undefined;
}

/** Keys of the commit log of the stream of this name. */
export function logKeys(stream: string): LogKeys {
  const prefix = `bronze/_log/${stream}/`;
  return {
    prefix,
    keyOf: sequence => `${prefix}${paddedSequence(sequence)}.json`,
    sequenceOf(key) {
      const digits = key.slice(prefix.length, -'.json'.length);
      return key === `${prefix}${digits}.json` && /^\d{12}$/.test(digits) ? Number(digits) : undefined;
    },
  };
}

function paddedSequence(sequence: number): string {
  return String(sequence).padStart(SEQUENCE_DIGITS, '0');
}
