/**
 * Rows of gold as one Parquet object, and back: what any query engine opens, and what a reader that wants one wiki
 * reads a range of. Pure; the same rows and facts make the same bytes. Each group of rows has a checksum in the footer:
 * who reads ranges of an object that is being replaced must not take those of one version for those of another.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import type { AsyncBuffer, FileMetaData, RowGroup, SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { MinuteRow } from '../../core/minute-counts.ts';
import { PipelineError } from '../../contracts/errors.ts';

/** A wiki of a whole day is in one group or two. */
const ROWS_PER_GROUP = 8_192;
/** Longest name of a wiki: shorter bounds would not say which group has it. */
const BOUND_BYTES = 64;
/** Keys among the file's own metadata: the facts, and the checksum of each group of rows. */
const FACTS = 'wikigauge';
const CHECKSUMS = 'wikigauge.crc32';

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
 * Between two groups others have their turn: a day takes a second.
 */
export async function encodeGold(rows: readonly MinuteRow[], facts: unknown): Promise<Uint8Array> {
  const sorted = [...rows].sort(byWiki);
  const bytes = new ByteWriter();
  const file = new ParquetWriter({
    writer: bytes,
    schema: SCHEMA,
    statisticsTruncateLength: BOUND_BYTES,
    createdBy: 'wikigauge',
  });
  const checksums: number[] = [];
  for (let at = 0; at < sorted.length; at += ROWS_PER_GROUP) {
    if (at > 0) await turn();
    const start = bytes.offset;
    // Of a writer in memory nothing has to be awaited.
    void file.write({
      columnData: columnsOf(sorted.slice(at, at + ROWS_PER_GROUP)),
      rowGroupSize: ROWS_PER_GROUP,
    });
    checksums.push(crc32(bytes.getBytes().subarray(start)));
  }
  file.kvMetadata = [
    { key: FACTS, value: JSON.stringify(facts) },
    { key: CHECKSUMS, value: JSON.stringify(checksums) },
  ];
  void file.finish();
  return new Uint8Array(bytes.getBuffer());
}

function columnsOf(rows: readonly MinuteRow[]) {
  return [
    // Neighbours are a minute apart: deltas take little space.
    {
      name: 'ts_minute',
      data: rows.map(row => new Date(row.minute * 1000)),
      encoding: 'DELTA_BINARY_PACKED' as const,
    },
    { name: 'wiki', data: rows.map(row => row.wiki) },
    { name: 'is_bot', data: rows.map(row => row.isBot) },
    { name: 'edits', data: Int32Array.from(rows, row => withinInt32(row.edits)) },
    { name: 'bytes_change', data: Int32Array.from(rows, row => withinInt32(row.bytesChange)) },
  ];
}

/** A Parquet file of gold whose footer is read. */
export class GoldFile {
  readonly #bytes: AsyncBuffer;
  readonly #metadata: FileMetaData;
  readonly #checksums: readonly number[];

  private constructor(bytes: AsyncBuffer, metadata: FileMetaData) {
    this.#bytes = bytes;
    this.#metadata = metadata;
    const checksums = this.#said(CHECKSUMS);
    this.#checksums = Array.isArray(checksums) ? (checksums as number[]) : [];
  }

  /**
   * Reads the footer. @param tailBytes what is asked for first; should hold the footer
   * @throws PipelineError `object_unreadable` when it is no Parquet file
   */
  static async open(bytes: AsyncBuffer, tailBytes = bytes.byteLength): Promise<GoldFile> {
    const metadata = await orUnreadable(parquetMetadataAsync(bytes, { initialFetchSize: tailBytes }));
    return new GoldFile(bytes, metadata);
  }

  /** Opens a file that is all in memory. */
  static async of(bytes: Uint8Array): Promise<GoldFile> {
    return GoldFile.open({
      byteLength: bytes.length,
      // Copied: what a Buffer calls a slice is a view.
      slice: (start, end) => Uint8Array.from(bytes.subarray(start, end)).buffer,
    });
  }

  /** Number of rows. */
  get length(): number {
    return Number(this.#metadata.num_rows);
  }

  /** What the writer said of the file; undefined where another program wrote it. */
  get facts(): unknown {
    return this.#said(FACTS);
  }

  /** All rows, in the order of the file. @throws PipelineError `object_unreadable` */
  async rows(): Promise<MinuteRow[]> {
    return this.#rowsIn(() => true);
  }

  /** Rows of one wiki by minute; asks for the bytes of no group that cannot hold it. @throws as `rows` */
  async rowsOf(wiki: string): Promise<MinuteRow[]> {
    const rows = await this.#rowsIn(group => mayHold(group, wiki));
    return rows.filter(row => row.wiki === wiki);
  }

  async #rowsIn(isWanted: (group: RowGroup) => boolean): Promise<MinuteRow[]> {
    const rows = await Promise.all(this.#runs(isWanted).map(run => this.#read(run)));
    return rows.flat(2);
  }

  /** Wanted groups, those that follow on each other together: they are one range of the file. */
  #runs(isWanted: (group: RowGroup) => boolean): Group[][] {
    const runs: Group[][] = [];
    let rowStart = 0;
    let wasWanted = false;
    for (const [at, group] of this.#metadata.row_groups.entries()) {
      const rowEnd = rowStart + Number(group.num_rows);
      const wanted = isWanted(group);
      const [start, end] = extentOf(group);
      const found = { start, end, rowStart, rowEnd, checksum: this.#checksums[at] };
      if (wanted && wasWanted) runs.at(-1)?.push(found);
      else if (wanted) runs.push([found]);
      wasWanted = wanted;
      rowStart = rowEnd;
    }
    return runs;
  }

  /** The rows of each group of a run, in one request. */
  async #read(run: readonly Group[]): Promise<MinuteRow[][]> {
    const start = run[0]?.start ?? 0;
    const bytes = await this.#bytes.slice(start, run.at(-1)?.end);
    const file: AsyncBuffer = {
      byteLength: this.#bytes.byteLength,
      slice: (from, to) => bytes.slice(from - start, to === undefined ? undefined : to - start),
    };
    const metadata = this.#metadata;
    return Promise.all(
      run.map(async ({ rowStart, rowEnd, checksum, ...extent }) => {
        const own = new Uint8Array(bytes, extent.start - start, extent.end - extent.start);
        if (checksum !== undefined && crc32(own) !== checksum)
          throw unreadable('a group of rows is not what its checksum says');
        const rows = await orUnreadable(parquetReadObjects({ file, metadata, rowStart, rowEnd }));
        // The types are those of the schema.
        return (rows as unknown as StoredRow[]).map(rowOf);
      }),
    );
  }

  #said(name: string): unknown {
    const { value } = this.#metadata.key_value_metadata?.find(({ key }) => key === name) ?? {};
    return value === undefined ? undefined : JSON.parse(value);
  }
}

/** A group of rows: where it is in the file, and which rows it has. */
interface Group {
  readonly start: number;
  readonly end: number;
  readonly rowStart: number;
  readonly rowEnd: number;
  readonly checksum: number | undefined;
}

/** First byte and end of a group: its columns follow on each other. */
function extentOf({ columns }: RowGroup): [start: number, end: number] {
  const extents = columns.flatMap(({ meta_data }) => {
    if (meta_data === undefined) return [];
    const start = Number(meta_data.dictionary_page_offset ?? meta_data.data_page_offset);
    return [[start, start + Number(meta_data.total_compressed_size)] as const];
  });
  return [Math.min(...extents.map(([start]) => start)), Math.max(...extents.map(([, end]) => end))];
}

async function orUnreadable<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    // The way to the bytes has errors of its own.
    throw error instanceof PipelineError ? error : unreadable('it is no Parquet file', error);
  }
}

function unreadable(what: string, cause?: unknown): PipelineError {
  return new PipelineError(`an object of gold cannot be read: ${what}`, {
    code: 'object_unreadable',
    op: 'read gold',
    subject: '',
    retryable: false,
    hint: 'Remove the object and rebuild its hour from bronze: npm run transform.',
    cause,
  });
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

/** A sum as a 32 bit integer has it: cut off at its bounds. */
export function withinInt32(sum: number): number {
  return Math.max(-2_147_483_648, Math.min(2_147_483_647, sum));
}
