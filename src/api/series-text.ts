/** A series as text: columns in JSON, or a line for each bucket of each wiki. */
import { createHash } from 'node:crypto';
import type { SeriesColumns } from '../core/series.ts';
import type { Buckets } from '../core/steps.ts';
import { isoSeconds } from '../core/time.ts';
import { SERIES_FIELDS } from './schemas/series.ts';
import type { Series, SeriesQuery } from './schemas/series.ts';

export type WikiColumns = SeriesColumns & { readonly wiki: string };

export const CONTENT_TYPES = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
} as const satisfies Record<NonNullable<SeriesQuery['format']>, string>;

export type SeriesFormat = keyof typeof CONTENT_TYPES;

/** Changes whenever a value does. */
export function versionOf(buckets: Buckets, wikis: readonly WikiColumns[]): string {
  return createHash('sha256')
    .update(JSON.stringify([buckets, wikis]))
    .digest('hex')
    .slice(0, 16);
}

export function seriesText(
  format: SeriesFormat,
  buckets: Buckets,
  wikis: readonly WikiColumns[],
  version: string,
): string {
  if (format === 'json') return jsonOf(buckets, wikis, version);
  const lines = wikis.flatMap(columns => linesOf(buckets, columns));
  if (format === 'ndjson')
    return lines.map(values => `${JSON.stringify(Object.fromEntries(named(values)))}\n`).join('');
  // No value needs quotes. @see RFC 4180
  return [SERIES_FIELDS, ...lines].map(values => `${values.join()}\r\n`).join('');
}

function jsonOf({ from, to, stepSec }: Buckets, wikis: readonly WikiColumns[], version: string): string {
  const series: Series = {
    from: isoSeconds(from),
    to: isoSeconds(to),
    stepSec,
    version,
    wikis: wikis.map(({ wiki, human, bot, bytes, min, max, known }) => ({
      wiki,
      human: [...human],
      bot: [...bot],
      bytes: [...bytes],
      min: [...min],
      max: [...max],
      known: [...known],
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
  ]);
}

function named(values: readonly Value[]): [string, Value][] {
  return SERIES_FIELDS.map((name, at) => [name, values[at] ?? null]);
}
