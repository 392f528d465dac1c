/**
 * Encodes rows of gold as a Parquet file that any query engine opens, and reads them back, whole or one wiki at a time.
 * Pure; the same rows and footer make the same bytes.
 *
 * The footer has a checksum of each row group, so that a reader of ranges notices when a gateway mixes two versions of
 * an object that is being replaced.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import type { AsyncBuffer, FileMetaData, RowGroup, SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { MinuteRow } from '../../core/minute-counts.ts';
import { PipelineError } from '../../contracts/errors.ts';
import type { Json } from '../../core/json.ts';
import { clampToInt32 } from '../int32.ts';
import { goldObjectProblems } from './known-problems.ts';

/** At this size a wiki's day lies in one or two groups. */
const ROWS_PER_GROUP = 8_192;
/** As long as the longest name of a wiki: with truncated bounds, no group could be ruled out. */
const BOUND_BYTES = 64;
/** A day of all wikis has a tenth of this. */
const MAX_ROWS = 10_000_000;
/** Keys in the file's key-value metadata: our footer, and the checksum of each row group. */
const FOOTER = 'wikigauge';
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
 * Encodes rows, sorted by wiki, minute, humans before bots. Sums are clamped to 32 bits, as in Postgres. Yields to the
 * event loop between row groups, because a day takes a second.
 * @param footer any JSON value
 */
export async function encodeGold(rows: readonly MinuteRow[], footer: unknown): Promise<Uint8Array> {
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
    // The in-memory writer is synchronous.
    void file.write({
      columnData: columnsOf(sorted.slice(at, at + ROWS_PER_GROUP)),
      rowGroupSize: ROWS_PER_GROUP,
    });
    checksums.push(crc32(bytes.getBytes().subarray(start)));
  }
  file.kvMetadata = [
    { key: FOOTER, value: JSON.stringify(footer) },
    { key: CHECKSUMS, value: JSON.stringify(checksums) },
  ];
  void file.finish();
  return new Uint8Array(bytes.getBuffer());
}

function columnsOf(rows: readonly MinuteRow[]) {
  return [
    // Neighbouring rows are about a minute apart, so deltas are small.
    {
      name: 'ts_minute',
      data: rows.map(row => new Date(row.minute * 1000)),
      encoding: 'DELTA_BINARY_PACKED' as const,
    },
    { name: 'wiki', data: rows.map(row => row.wiki) },
    { name: 'is_bot', data: rows.map(row => row.isBot) },
    { name: 'edits', data: Int32Array.from(rows, row => clampToInt32(row.edits)) },
    { name: 'bytes_change', data: Int32Array.from(rows, row => clampToInt32(row.bytesChange)) },
  ];
}

/** A Parquet file of gold whose footer has been read. */
export class GoldFile {
  readonly #bytes: AsyncBuffer;
  readonly #metadata: FileMetaData;
  readonly #checksums: readonly number[];
  /** Our own footer; undefined when another program wrote the file. */
  readonly footer: unknown;

  private constructor(bytes: AsyncBuffer, metadata: FileMetaData) {
    this.#bytes = bytes;
    this.#metadata = metadata;
    this.footer = this.#metadataValue(FOOTER);
    const checksums = this.#metadataValue(CHECKSUMS);
    this.#checksums = Array.isArray(checksums) ? (checksums as number[]) : [];
    if (this.length > MAX_ROWS) throw unreadableGold(`it claims to have ${this.length} rows`);
  }

  /**
   * Reads the footer.
   * @param tailBytes size of the first request; a longer footer takes a second one
   * @throws PipelineError `object_unreadable` when it is not a Parquet file
   */
  static async open(bytes: AsyncBuffer, tailBytes = bytes.byteLength): Promise<GoldFile> {
    const metadata = await orUnreadable(parquetMetadataAsync(bytes, { initialFetchSize: tailBytes }));
    return new GoldFile(bytes, metadata);
  }

  /** Opens a file in memory. */
  static async of(bytes: Uint8Array): Promise<GoldFile> {
    return GoldFile.open({
      byteLength: bytes.length,
      // Copied, because the slice of a Buffer is a view on its memory.
      slice: (start, end) => Uint8Array.from(bytes.subarray(start, end)).buffer,
    });
  }

  /** Number of rows. */
  get length(): number {
    return Number(this.#metadata.num_rows);
  }

  /** All rows, in the order of the file. @throws PipelineError `object_unreadable` */
  async rows(): Promise<MinuteRow[]> {
    return this.#rowsIn(() => true);
  }

  /** Rows of one wiki by minute; fetches only the row groups that can hold it. @throws as `rows` */
  async rowsOf(wiki: string): Promise<MinuteRow[]> {
    const rows = await this.#rowsIn(group => mayHold(group, wiki));
    return rows.filter(row => row.wiki === wiki);
  }

  async #rowsIn(isWanted: (group: RowGroup) => boolean): Promise<MinuteRow[]> {
    const rows = await Promise.all(this.#runs(isWanted).map(run => this.#read(run)));
    return rows.flat(2);
  }

  /** Wanted groups; adjacent ones together, because they are one range of the file. */
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

  /** Reads the rows of adjacent groups with one request. */
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
          throw unreadableGold('a row group does not match its checksum');
        const rows = await orUnreadable(parquetReadObjects({ file, metadata, rowStart, rowEnd }));
        return rows.map(rowOf);
      }),
    );
  }

  #metadataValue(name: string): unknown {
    const { value } = this.#metadata.key_value_metadata?.find(({ key }) => key === name) ?? {};
    try {
      return value === undefined ? undefined : JSON.parse(value);
    } catch (error) {
      throw unreadableGold('its footer is not JSON', error);
    }
  }
}

/** A row group: its bytes in the file, and its rows. */
interface Group {
  readonly start: number;
  readonly end: number;
  readonly rowStart: number;
  readonly rowEnd: number;
  readonly checksum: number | undefined;
}

/** First byte and end of a group, whose columns are adjacent. */
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
    // A PipelineError comes from fetching the bytes, not from reading them.
    throw error instanceof PipelineError ? error : unreadableGold('it is not a Parquet file', error);
  }
}

export function unreadableGold(what: string, cause?: unknown): PipelineError {
  return new PipelineError(`Cannot read an object of gold: ${what}`, {
    code: 'object_unreadable',
    op: 'read gold',
    subject: '',
    retryable: false,
    hint: goldObjectProblems.damagedHour.remedy,
    cause,
  });
}

/** @throws PipelineError `object_unreadable` when the file has other columns than SCHEMA */
function rowOf({ ts_minute, wiki, is_bot, edits, bytes_change }: Json): MinuteRow {
  const isRow =
    ts_minute instanceof Date &&
    typeof wiki === 'string' &&
    typeof is_bot === 'boolean' &&
    typeof edits === 'number' &&
    edits >= 0 &&
    typeof bytes_change === 'number';
  if (!isRow) throw unreadableGold('it has other columns, or values that are no counts');
  return { minute: ts_minute.getTime() / 1000, wiki, isBot: is_bot, edits, bytesChange: bytes_change };
}

/** Compares with the bounds of the group's wikis; a group without bounds may hold any wiki. */
function mayHold({ columns }: RowGroup, wiki: string): boolean {
  const column = columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === 'wiki');
  const { min_value: first, max_value: last } = column?.meta_data?.statistics ?? {};
  if (typeof first !== 'string' || typeof last !== 'string') return true;
  return first <= wiki && wiki <= last;
}

/** The order of the file: the minutes of a wiki are adjacent. */
function byWiki(a: MinuteRow, b: MinuteRow): number {
  if (a.wiki !== b.wiki) return a.wiki < b.wiki ? -1 : 1;
  return a.minute - b.minute || Number(a.isBot) - Number(b.isBot);
}
