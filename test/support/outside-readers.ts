/**
 * Readers of bronze and gold that share no code with us, each a Python package and a script in `readers`. They run in a
 * time zone far from UTC, so that a dependence on the local time zone shows.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Row } from './exactness.ts';
import { pythonPackage } from './python-packages.ts';
import type { PythonPackage } from './python-packages.ts';
import type { World } from './world.ts';

const execute = promisify(execFile);

const SCRIPTS = fileURLToPath(new URL('readers/', import.meta.url));
const DUCKDB = { name: 'duckdb', version: '2.0.1' };
const PYARROW = { name: 'pyarrow', version: '26.0.1' };
const POLARS = { name: 'polars', version: '2.1.0' };

/** A dataset of gold as a reader sees it. */
export interface DatasetReading {
  /** Type of each column, as the reader names it. */
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
  /** Number of rows whose partition columns do not match their minute. */
  readonly misplaced: number;
}

/** Everything that a reader has read; rows in any order. */
export interface Reading {
  readonly hours: DatasetReading;
  readonly days: DatasetReading;
  /** The rows of gold, counted from bronze. */
  readonly bronze: readonly Row[];
}

/** The tables of `askDuckDb`, as SQL. */
export async function duckDbViews(): Promise<string> {
  return readFile(`${SCRIPTS}views.sql`, 'utf8');
}

/** Queries a copy of a bucket with DuckDB. */
export async function askDuckDb<T>(copy: string, sql: string): Promise<T[]> {
  return (await run(DUCKDB, 'ask_duckdb.py', { cwd: copy, args: [sql] })) as T[];
}

/** DuckDB, from a copy of the bucket. */
export async function readWithDuckDb(copy: string): Promise<Reading> {
  const rowsOf = async (table: string): Promise<Row[]> => {
    const sql = `select row_text(ts_minute, wiki, is_bot, edits, bytes_change) as row from ${table}`;
    return (await askDuckDb<{ row: Row }>(copy, sql)).map(({ row }) => row);
  };
  const read = async (table: string, partition: string, fields: string): Promise<DatasetReading> => {
    const columns = await askDuckDb<{ column_name: string; column_type: string }>(
      copy,
      `select column_name, column_type
       from (describe select ts_minute, wiki, is_bot, edits, bytes_change from ${table})`,
    );
    const misplaced = await askDuckDb<unknown>(
      copy,
      `select wiki from (select *, ts_minute at time zone 'UTC' as utc from ${table})
       where (${partition}) is distinct from (${fields})`,
    );
    return {
      columns: Object.fromEntries(columns.map(({ column_name, column_type }) => [column_name, column_type])),
      rows: await rowsOf(table),
      misplaced: misplaced.length,
    };
  };
  return {
    hours: await read('hours', 'yyyy, mm, dd, hh', 'year(utc), month(utc), day(utc), hour(utc)'),
    days: await read('days', 'yyyy, mm, dd', 'year(utc), month(utc), day(utc)'),
    bronze: await rowsOf('counted_from_bronze'),
  };
}

/** pyarrow, straight from S3. */
export async function readWithPyarrow({ env }: Pick<World, 'env'>): Promise<Reading> {
  return (await run(PYARROW, 'read_with_pyarrow.py', { env })) as Reading;
}

/** polars, straight from S3. */
export async function readWithPolars({ env }: Pick<World, 'env'>): Promise<Reading> {
  return (await run(POLARS, 'read_with_polars.py', { env })) as Reading;
}

interface RunOptions {
  readonly args?: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a script and parses the JSON that it prints. @throws Error with its output if that is not JSON */
async function run(
  reader: PythonPackage,
  script: string,
  { args = [], cwd = SCRIPTS, env = {} }: RunOptions,
): Promise<unknown> {
  const { stdout } = await execute('python3', [`${SCRIPTS}${script}`, ...args], {
    cwd,
    env: {
      ...process.env,
      ...env,
      AWS_PROFILE: '',
      PYTHONPATH: await pythonPackage(reader),
      // Python must not write caches into the repository.
      PYTHONDONTWRITEBYTECODE: '1',
      TZ: 'Asia/Kathmandu',
    },
    maxBuffer: 256 << 20,
  });
  return JSON.parse(stdout);
}
