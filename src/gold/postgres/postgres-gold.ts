/** Gold in Postgres, schema `gold`. A part's counts and its key are one transaction (invariant 5). */
import { Pool } from 'pg';
import type { PoolClient, QueryConfig } from 'pg';
import type { Coverage } from '../../core/backfill.ts';
import type { Gap } from '../../core/gaps.ts';
import { hourOfPartKey } from '../../contracts/storage/object-keys.ts';
import { openMinutes } from '../../core/open-minutes.ts';
import type { ReadStretch } from '../../core/open-minutes.ts';
import type { Hour } from '../../core/time.ts';
import type { GoldSource } from '../../contracts/storage/gold-source.ts';
import type {
  AppliedPart,
  FilledHour,
  GoldStore,
  HourOutcome,
  MinuteEdits,
  RebuiltHour,
} from '../gold-store.ts';
import { migrate } from './migrate.ts';
import { describeDsn, driverConfig, postgresFailure } from './connection.ts';
import { coverageSince, recordCoverage } from './sql/coverage.ts';
import type { CoverageRow } from './sql/coverage.ts';
import { gapsSince, recordGap } from './sql/gaps.ts';
import type { GapRow } from './sql/gaps.ts';
import {
  allSources,
  applyPart,
  lastStreamKey,
  minuteEdits,
  newestMinute,
  noteSource,
  unappliedKeys,
  wikisByActivity,
} from './sql/gold.ts';
import {
  addLostRows,
  fillRows,
  lockHour,
  markApplied,
  readCovered,
  replaceRows,
  uncountedKeys,
  unsealedHours,
  writeAudit,
} from './sql/hours.ts';
import type { CoveredRow } from './sql/hours.ts';

export interface PostgresSettings {
  readonly dsn: string;
  /** Connections at most; the number of parts that are applied at once. */
  readonly maxConnections: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** A statement that runs longer is cancelled, ms. */
  readonly statementTimeoutMs: number;
}

/** How long making the schema may take, ms. */
const MIGRATE_MS = 30_000;

/** Opens a pool; a connection is made when it is needed, and made anew after the server was away. */
export function openPostgresGold(settings: PostgresSettings): GoldStore {
  return new PostgresGold(settings);
}

class PostgresGold implements GoldStore {
  readonly kind = 'postgres';
  readonly days = undefined;
  readonly #pool: Pool;
  readonly #dsn: string;
  readonly #where: string;

  constructor({ dsn, maxConnections, applicationName, statementTimeoutMs }: PostgresSettings) {
    this.#dsn = dsn;
    this.#where = describeDsn(dsn);
    this.#pool = new Pool({
      application_name: applicationName,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      // What the DSN says wins over the above.
      ...driverConfig(dsn),
      max: maxConnections,
      statement_timeout: statementTimeoutMs,
      // A server that vanished without a word must not hold a connection for ever.
      query_timeout: statementTimeoutMs + 5_000,
    });
    // An idle connection broke: the pool drops it, and who needs one next gets the error or a new one.
    this.#pool.on('error', () => undefined);
  }

  async apply(part: AppliedPart): Promise<boolean> {
    const [row] = await this.#rows<{ applied: number }>(applyPart(part));
    return row?.applied === 1;
  }

  async unapplied(keys: readonly string[]): Promise<string[]> {
    const rows = await this.#rows<{ s3_key: string }>(unappliedKeys(keys));
    return rows.map(row => row.s3_key);
  }

  async unsealed(hours: readonly Hour[]): Promise<Hour[]> {
    const rows = await this.#rows<{ hour: Hour }>(unsealedHours(hours));
    return rows.map(row => row.hour);
  }

  async lastStreamHour(): Promise<Hour | undefined> {
    const [row] = await this.#rows<{ s3_key: string }>(lastStreamKey());
    return row === undefined ? undefined : hourOfPartKey(row.s3_key);
  }

  async replaceHour(rebuilt: RebuiltHour): Promise<HourOutcome> {
    return this.#transaction(`rebuild ${rebuilt.hour}`, async client => {
      await client.query(lockHour(rebuilt.hour));
      const uncounted = await client.query<{ s3_key: string }>(uncountedKeys(rebuilt));
      if (uncounted.rows.length > 0)
        return { kind: 'stale', uncounted: uncounted.rows.map(row => row.s3_key) };
      await client.query(markApplied(rebuilt.keys));
      for (const source of rebuilt.sources) await client.query(noteSource(source));
      const replaced = await client.query<{ changed: number }>(
        replaceRows(rebuilt.hour, rebuilt.counts.rows),
      );
      const changedRows = replaced.rows[0]?.changed ?? 0;
      const audit = await client.query<{ gaps: number }>(writeAudit(rebuilt, changedRows));
      return { kind: 'replaced', changedRows, gaps: audit.rows[0]?.gaps ?? 0 };
    });
  }

  async fillHour({ hour, keys, rows, wikis, areRowsExact, sources }: FilledHour): Promise<number> {
    return this.#transaction(`fill ${hour}`, async client => {
      await client.query(lockHour(hour));
      const { rows: known } = await client.query<CoveredRow>(readCovered(hour));
      const minutes = openMinutes(hour, readStretchOf(known[0]));
      const isOpen = new Set(minutes);
      const isBrought = new Set(wikis);
      const brought = rows.filter(row => isBrought.has(row.wiki));
      for (const source of sources) await client.query(noteSource(source));
      await client.query(markApplied(keys));
      const open = brought.filter(row => isOpen.has(row.minute));
      const filled = await client.query<{ changed: number }>(fillRows(minutes, wikis, open));
      const others = areRowsExact ? brought.filter(row => !isOpen.has(row.minute)) : [];
      const added = await client.query<{ changed: number }>(addLostRows(others));
      return (filled.rows[0]?.changed ?? 0) + (added.rows[0]?.changed ?? 0);
    });
  }

  async recordCoverage(coverage: Coverage): Promise<void> {
    await this.#rows(recordCoverage(coverage));
  }

  async coverage(fromMinute: number): Promise<Coverage[]> {
    const rows = await this.#rows<CoverageRow>(coverageSince(fromMinute));
    return rows.map(({ id, source, wikis, from_at, to_at }) => ({
      id,
      source,
      ...(wikis !== null && { wikis }),
      from: from_at.toISOString(),
      to: to_at.toISOString(),
    }));
  }

  async recordGap(gap: Gap): Promise<void> {
    await this.#rows(recordGap(gap));
  }

  async gaps(fromMinute: number): Promise<Gap[]> {
    const rows = await this.#rows<GapRow>(gapsSince(fromMinute));
    return rows.map(({ id, cause, topic, from_at, to_at, missing }) => ({
      id,
      cause,
      ...(topic !== null && { topic }),
      from: from_at.toISOString(),
      to: to_at.toISOString(),
      ...(missing !== null && { missing }),
    }));
  }

  async prepare(): Promise<void> {
    await migrate(this.#dsn, { signal: AbortSignal.timeout(MIGRATE_MS) });
  }

  async wikis(limit: number): Promise<string[]> {
    const rows = await this.#rows<{ wiki: string }>(wikisByActivity(limit));
    return rows.map(row => row.wiki);
  }

  async edits(wiki: string, fromMinute: number): Promise<MinuteEdits[]> {
    return this.#rows<MinuteEdits>(minuteEdits(wiki, fromMinute));
  }

  async lastMinute(): Promise<number | undefined> {
    const [row] = await this.#rows<{ minute: number | null }>(newestMinute());
    return row?.minute ?? undefined;
  }

  async sources(): Promise<GoldSource[]> {
    return this.#rows<GoldSource>(allSources());
  }

  async ping(): Promise<void> {
    await this.#rows({ text: 'select 1' });
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #transaction<T>(op: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
    let client: PoolClient | undefined;
    let broken = false;
    try {
      client = await this.#pool.connect();
      await client.query('begin');
      const result = await work(client);
      await client.query('commit');
      return result;
    } catch (error) {
      // A connection in an unknown state goes; with it goes its transaction.
      broken = true;
      throw postgresFailure(error, this.#where, op);
    } finally {
      client?.release(broken);
    }
  }

  async #rows<Row extends object>(query: QueryConfig): Promise<Row[]> {
    try {
      const result = await this.#pool.query<Row>(query);
      return result.rows;
    } catch (error) {
      throw postgresFailure(error, this.#where, query.name ?? query.text);
    }
  }
}

function readStretchOf(row: CoveredRow | undefined): ReadStretch {
  return {
    isAudited: row?.audited === true,
    readFrom: row?.covered_from ?? undefined,
    readTo: row?.covered_to ?? undefined,
    gaps: row?.gaps ?? [],
  };
}
