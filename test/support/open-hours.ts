/**
 * Whether hours are right before they are sealed. At any moment the rows of such an hour must equal the sums of the parts
 * in its ledger, no more and no less; the comparison after the seal cannot see what the seal has repaired. The lines are
 * counted here, with no code of the transform.
 */
import type { Client as PostgresClient } from 'pg';
import { GOLD_HOURS, hourOfGoldKey, hourPrefix } from '../../src/contracts/storage/object-keys.ts';
import { HOUR_MS, hourOf, isoMs } from '../../src/core/time.ts';
import type { Hour } from '../../src/core/time.ts';
import { readHour } from '../../src/gold/parquet/hour-object.ts';
import { differenceOf, linesOf, ROW_AS_TEXT, rowText } from './exactness.ts';
import type { Row } from './exactness.ts';
import type { World } from './world.ts';

/** A statement that waits for a lock longer than this is given up. */
const STATEMENT_TIMEOUT_MS = 5_000;

type Watched = Pick<World, 'places' | 'store'>;
/** Edits and bytes of each (minute, wiki, bot flag). */
type Sums = ReadonlyMap<string, readonly [edits: number, bytes: number]>;

/** What a place of gold has of an open hour at one instant. */
interface OpenHour {
  readonly hour: Hour;
  readonly ledger: readonly string[];
  readonly rows: readonly Row[];
}

export interface Comparison {
  /** Hours that were compared, by place. */
  readonly hours: readonly string[];
  /** The sum of their parts. */
  readonly parts: number;
  /** Text for each hour that differs. */
  readonly differences: readonly string[];
}

export class OpenHours {
  readonly #world: Watched;
  readonly #connectPostgres: () => Promise<PostgresClient>;
  /** Hours in S3 that are sealed: a seal stays. */
  readonly #sealed = new Set<Hour>();
  /** Of the parts of open hours. A part never changes, so its lines are read once. */
  #sums = new Map<string, Sums>();

  /** @param connectPostgres a new connection, which is ended here; not called without a database */
  constructor(world: Watched, connectPostgres: () => Promise<PostgresClient>) {
    this.#world = world;
    this.#connectPostgres = connectPostgres;
  }

  /** Compares all open hours in every place. Rejects when gold or bronze cannot be read. */
  async compare(): Promise<Comparison> {
    const known = this.#sums;
    this.#sums = new Map();
    const hours: string[] = [];
    const differences: string[] = [];
    let parts = 0;
    for (const { kind } of this.#world.places) {
      for (const open of kind === 's3' ? await this.#inS3() : await this.#inPostgres()) {
        const what = `${open.hour} in ${kind}`;
        const difference = differenceOf(what, open.rows, await this.#expected(open.ledger, known));
        hours.push(what);
        parts += open.ledger.length;
        if (difference !== '') differences.push(difference);
      }
    }
    return { hours, parts, differences };
  }

  /** One transaction: rows and ledger are of the same instant. */
  async #inPostgres(): Promise<OpenHour[]> {
    const sql = await this.#connectPostgres();
    try {
      await sql.query(`set statement_timeout = ${STATEMENT_TIMEOUT_MS}`);
      await sql.query('begin isolation level repeatable read read only');
      const { rows: open } = await sql.query<{ prefix: string; keys: string[] }>(
        `select prefix, array_agg(s3_key) as keys
         from gold.processed_keys, substring(s3_key from '^.*/') as prefix
         where prefix not in (
           select to_char(hour at time zone 'UTC', '"bronze/yyyy="YYYY"/mm="MM"/dd="DD"/hh="HH24"/"')
           from gold.hours where sealed
         )
         group by prefix`,
      );
      const hours: OpenHour[] = [];
      for (const { prefix, keys } of open) {
        const hour = hourOfPrefix(prefix);
        const from = Date.parse(`${hour}:00:00Z`);
        const { rows } = await sql.query<{ row: Row }>(
          `select ${ROW_AS_TEXT} as row from gold.edits_per_min where ts_minute >= $1 and ts_minute < $2`,
          [isoMs(from), isoMs(from + HOUR_MS)],
        );
        hours.push({ hour, ledger: keys, rows: rows.map(({ row }) => row) });
      }
      return hours;
    } finally {
      await sql.end();
    }
  }

  /** An hour is one object. */
  async #inS3(): Promise<OpenHour[]> {
    const { store } = this.#world;
    const hours: OpenHour[] = [];
    for await (const keys of store.list(GOLD_HOURS)) {
      for (const key of keys) {
        const hour = hourOfGoldKey(key);
        if (hour === undefined || this.#sealed.has(hour)) continue;
        const { rows, counted, added, audit } = (await readHour(store, hour)).hour;
        if (audit?.isSealed === true) this.#sealed.add(hour);
        else {
          const ledger = [...counted, ...added].map(name => `${hourPrefix(hour)}${name}`);
          hours.push({ hour, ledger, rows: rows.map(rowText) });
        }
      }
    }
    return hours;
  }

  async #expected(ledger: readonly string[], known: ReadonlyMap<string, Sums>): Promise<Row[]> {
    const total = new Map<string, [number, number]>();
    for (const key of ledger) {
      const sums = this.#sums.get(key) ?? known.get(key) ?? sumsOf(await linesOf(this.#world, key));
      this.#sums.set(key, sums);
      for (const [name, [edits, bytes]] of sums) {
        const [editsSoFar, bytesSoFar] = total.get(name) ?? [0, 0];
        total.set(name, [editsSoFar + edits, bytesSoFar + bytes]);
      }
    }
    return [...total].map(([name, [edits, bytes]]) => `${name} ${edits} ${bytes}`);
  }
}

/** The fields of an edit that decide how it counts. */
interface Line {
  readonly type: string;
  readonly wiki: string;
  readonly timestamp: number;
  readonly bot: boolean;
  readonly length?: { readonly old?: number; readonly new?: number };
}

function sumsOf(lines: readonly string[]): Sums {
  const sums = new Map<string, [number, number]>();
  for (const text of lines) {
    const { type, wiki, timestamp, bot, length } = JSON.parse(text) as Line;
    if (type !== 'edit') continue;
    const minute = isoMs(Math.floor(timestamp / 60) * 60_000).replace('.000', '');
    const name = `${minute} ${wiki} ${bot}`;
    const [edits, bytes] = sums.get(name) ?? [0, 0];
    sums.set(name, [edits + 1, bytes + (length?.new ?? 0) - (length?.old ?? 0)]);
  }
  return sums;
}

function hourOfPrefix(prefix: string): Hour {
  const [yyyy, mm, dd, hh] = prefix.match(/\d+/g) ?? [];
  return hourOf(Date.parse(`${yyyy}-${mm}-${dd}T${hh}:00:00Z`) / 1000);
}
