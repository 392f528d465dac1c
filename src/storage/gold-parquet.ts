/**
 * Rows of gold as one Parquet object, and back: what any query engine opens, and what a reader that wants one wiki
 * reads a range of. Pure; the same rows and facts make the same bytes.
 */
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import type { AsyncBuffer, FileMetaData, RowGroup, SchemaElement } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { MinuteRow } from '../core/minute-counts.ts';

/** A wiki of a whole day is in one group or two. */
const ROWS_PER_GROUP = 8_192;
/** Longest name of a wiki: shorter bounds would not say which group has it. */
const BOUND_BYTES = 64;
/** Key of the facts among the file's own metadata. */
const FACTS = 'wikigauge';

const SCHEMA: SchemaElement[] = [
  { name: 'gold', num_children: 5 },
  {
    name: 'ts_minute',
    type: 'INT64',
    repetition_type: 'REQUIRED',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
  {
    name: 'wiki',
    type: 'BYTE_ARRAY',
    repetition_type: 'REQUIRED',
    converted_type: 'UTF8',
    logical_type: { type: 'STRING' },
  },
  { name: 'is_bot', type: 'BOOLEAN', repetition_type: 'REQUIRED' },
  { name: 'edits', type: 'INT32', repetition_type: 'REQUIRED' },
  { name: 'bytes_change', type: 'INT32', repetition_type: 'REQUIRED' },
];

/**
 * A Parquet file of these rows, sorted by wiki, minute, humans before bots. `facts` is what else the file says of
 * itself, any JSON value. Sums of bytes that a 32 bit integer cannot hold are cut off at its bounds, as in Postgres.
 */
export function encodeGold(rows: readonly MinuteRow[], facts: unknown): Uint8Array {
  const sorted = [...rows].sort(byWiki);
  const file = parquetWriteBuffer({
    schema: SCHEMA,
    columnData: [
      // Neighbours are a minute apart: deltas take little space.
      {
        name: 'ts_minute',
        data: sorted.map(row => new Date(row.minute * 1000)),
        encoding: 'DELTA_BINARY_PACKED',
      },
      { name: 'wiki', data: sorted.map(row => row.wiki) },
      { name: 'is_bot', data: sorted.map(row => row.isBot) },
      { name: 'edits', data: Int32Array.from(sorted, row => withinInt32(row.edits)) },
      { name: 'bytes_change', data: Int32Array.from(sorted, row => withinInt32(row.bytesChange)) },
    ],
    rowGroupSize: ROWS_PER_GROUP,
    statisticsTruncateLength: BOUND_BYTES,
    kvMetadata: [{ key: FACTS, value: JSON.stringify(facts) }],
    createdBy: 'wikigauge',
  });
  return new Uint8Array(file);
}

/** A Parquet file of gold whose footer is read. */
export class GoldFile {
  readonly #bytes: AsyncBuffer;
  readonly #metadata: FileMetaData;

  private constructor(bytes: AsyncBuffer, metadata: FileMetaData) {
    this.#bytes = bytes;
    this.#metadata = metadata;
  }

  /** Reads the footer. @throws Error when it is no Parquet file */
  static async open(bytes: AsyncBuffer): Promise<GoldFile> {
    return new GoldFile(bytes, await parquetMetadataAsync(bytes));
  }

  /** Number of rows. */
  get length(): number {
    return Number(this.#metadata.num_rows);
  }

  /** What the writer said of the file; undefined where another program wrote it. */
  get facts(): unknown {
    const { value } = this.#metadata.key_value_metadata?.find(({ key }) => key === FACTS) ?? {};
    return value === undefined ? undefined : JSON.parse(value);
  }

  /** All rows, in the order of the file. */
  async rows(): Promise<MinuteRow[]> {
    return this.#read(0, this.length);
  }

  /** Rows of one wiki by minute; asks for the bytes of no group that cannot hold it. */
  async rowsOf(wiki: string): Promise<MinuteRow[]> {
    const found: MinuteRow[] = [];
    let start = 0;
    for (const group of this.#metadata.row_groups) {
      const end = start + Number(group.num_rows);
      if (mayHold(group, wiki)) {
        const rows = await this.#read(start, end);
        found.push(...rows.filter(row => row.wiki === wiki));
      }
      start = end;
    }
    return found;
  }

  async #read(rowStart: number, rowEnd: number): Promise<MinuteRow[]> {
    if (rowEnd === rowStart) return [];
    const file = this.#bytes;
    const rows = await parquetReadObjects({ file, metadata: this.#metadata, rowStart, rowEnd });
    // The types are those of the schema.
    return (rows as StoredRow[]).map(rowOf);
  }
}

interface StoredRow {
  readonly ts_minute: Date;
  readonly wiki: string;
  readonly is_bot: boolean;
  readonly edits: number;
  readonly bytes_change: number;
}

function rowOf({ ts_minute, wiki, is_bot, edits, bytes_change }: StoredRow): MinuteRow {
  return { minute: ts_minute.getTime() / 1000, wiki, isBot: is_bot, edits, bytesChange: bytes_change };
}

/** By the bounds of its wikis; a group without bounds may hold any. */
function mayHold({ columns }: RowGroup, wiki: string): boolean {
  const column = columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === 'wiki');
  const { min_value: first, max_value: last } = column?.meta_data?.statistics ?? {};
  if (typeof first !== 'string' || typeof last !== 'string') return true;
  return first <= wiki && wiki <= last;
}

/** The order of the file: one wiki's minutes are neighbours. */
function byWiki(a: MinuteRow, b: MinuteRow): number {
  if (a.wiki !== b.wiki) return a.wiki < b.wiki ? -1 : 1;
  return a.minute - b.minute || Number(a.isBot) - Number(b.isBot);
}

function withinInt32(sum: number): number {
  return Math.max(-2_147_483_648, Math.min(2_147_483_647, sum));
}
