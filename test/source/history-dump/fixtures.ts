/** Dumps for tests: rows by column, and files compressed by the real `bzip2`. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SAMPLE = fileURLToPath(
  new URL('../../fixtures/history-dump/mediawiki_history-2023-70col-sample.tsv', import.meta.url),
);

/** Real rows, anonymised. */
export function sampleRows(): Buffer[] {
  return readFileSync(SAMPLE, 'utf8')
    .split('\n')
    .filter(row => row !== '')
    .map(row => Buffer.from(row));
}

/**
 * Columns by the table of the notes on Wikimedia's sources, repeated here on purpose, so that a mistake in either shows.
 * In order: entity, time, user, bot, title, namespace, revision, parent, minor, bytes, difference.
 */
const PLACES: Readonly<Record<number, readonly number[]>> = {
  70: [1, 3, 7, 12, 25, 28, 52, 53, 54, 57, 58],
  76: [1, 3, 8, 13, 28, 31, 58, 59, 60, 63, 64],
  78: [2, 4, 9, 14, 30, 33, 60, 61, 62, 65, 66],
};

export interface RowFields {
  readonly wiki?: string;
  readonly entity?: string;
  readonly eventType?: string;
  readonly time?: string;
  readonly comment?: string;
  readonly user?: string;
  readonly botBy?: string;
  readonly title?: string;
  readonly namespace?: string;
  readonly revision?: string;
  readonly parent?: string;
  readonly minor?: string;
  readonly bytes?: string;
  readonly diff?: string;
}

/** A row with `count` columns; unused ones hold `?N`, so that reading a wrong column shows. */
export function row(count: number, fields: RowFields = {}): Buffer {
  const cells = Array.from({ length: count }, (_, index) => `?${index}`);
  const values = [
    fields.entity ?? 'revision',
    fields.time ?? '2026-09-30 10:20:30.0',
    fields.user ?? 'Ann',
    fields.botBy ?? '',
    fields.title ?? 'Main_Page',
    fields.namespace ?? '0',
    fields.revision ?? '1001',
    fields.parent ?? '1000',
    fields.minor ?? 'false',
    fields.bytes ?? '500',
    fields.diff ?? '-3',
  ];
  const places = PLACES[count] ?? PLACES[70] ?? [];
  for (const [index, place] of places.entries()) cells[place] = values[index] ?? '';
  const [entity = 0, time = 0] = places;
  cells[0] = fields.wiki ?? 'enwiki';
  cells[entity + 1] = fields.eventType ?? 'create';
  cells[time + 1] = fields.comment ?? 'a comment';
  return Buffer.from(cells.join('\t'));
}

/** The numbers from 1 to 40 000, a line each, as `seq 40000 | bzip2 -1` compresses them: three blocks. */
export const NUMBERS = Buffer.from(Array.from({ length: 40_000 }, (_, index) => `${index + 1}\n`).join(''));
