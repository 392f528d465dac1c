/** A series as text: columns in JSON, or a line for each bucket of each wiki. */
import { createHash } from 'node:crypto';
import type { SeriesColumns } from '../core/series.ts';
import type { Buckets } from '../core/steps.ts';
import { isoSeconds } from '../core/time.ts';
import { SERIES_FIELDS } from './schemas/series.ts';
import type { Series, SeriesQuery } from './schemas/series.ts';

export type WikiColumns = SeriesColumns & {
  readonly wiki: string;
  /** A letter a bucket. */
  readonly state: string;
};

export interface ReadSeries {
  readonly wikis: readonly WikiColumns[];
  /** Of all of them, epoch seconds; undefined when already the first minute of one is not complete. */
  readonly completeThrough: number | undefined;
}

export const CONTENT_TYPES = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
} as const satisfies Record<NonNullable<SeriesQuery['format']>, string>;

export type SeriesFormat = keyof typeof CONTENT_TYPES;

/** Changes whenever the answer does. */
export function versionOf(buckets: Buckets, series: ReadSeries): string {
  return createHash('sha256')
    .update(JSON.stringify([buckets, series]))
    .digest('hex')
    .slice(0, 16);
}

export function seriesText(
  format: SeriesFormat,
  buckets: Buckets,
  series: ReadSeries,
  version: string,
): string {
  if (format === 'json') return jsonOf(buckets, series, version);
  const lines = series.wikis.flatMap(columns => linesOf(buckets, columns));
  if (format === 'ndjson')
    return lines.map(values => `${JSON.stringify(Object.fromEntries(named(values)))}\n`).join('');
  // No value needs quotes. @see RFC 4180
  return [SERIES_FIELDS, ...lines].map(values => `${values.join()}\r\n`).join('');
}

function jsonOf(
  { from, to, stepSec }: Buckets,
  { wikis, completeThrough }: ReadSeries,
  version: string,
): string {
  const series: Series = {
    from: isoSeconds(from),
    to: isoSeconds(to),
    stepSec,
    completeThrough: completeThrough === undefined ? null : isoSeconds(completeThrough),
    version,
    wikis: wikis.map(({ wiki, human, bot, bytes, min, max, known, state }) => ({
      wiki,
      human: [...human],
      bot: [...bot],
      bytes: [...bytes],
      min: [...min],
      max: [...max],
      known: [...known],
      state,
    })),
  };
  return JSON.stringify(series);
}

type Value = string | number | null;

function linesOf({ from, stepSec }: Buckets, columns: WikiColumns): Value[][] {
  return columns.known.map((known, at) => [
    isoSeconds(from + at * stepSec),
    columns.wiki,
    ...([columns.human, columns.bot, columns.bytes, columns.min, columns.max] as const).map(
      column => column[at] ?? null,
    ),
    known,
    columns.state[at] ?? null,
  ]);
}

function named(values: readonly Value[]): [string, Value][] {
  return SERIES_FIELDS.map((name, at) => [name, values[at] ?? null]);
}
