/** A pool of connections whose errors are ours. Connects on demand, also after the server was away. */
import { Pool } from 'pg';
import type { PoolClient, PoolConfig, QueryConfig } from 'pg';
import type { PipelineError } from '../../contracts/errors.ts';
import { clientConfig, connect, connectFailure } from './connect.ts';
import { describeDsn, isReadOnly, postgresFailure } from './connection.ts';
import { resultTypes } from './result-types.ts';
import { planOf } from './ways.ts';
import type { Way } from './ways.ts';

export interface PostgresSettings {
  readonly dsn: string;
  /** Maximum number of connections, which limits how many parts are applied concurrently. */
  readonly maxConnections: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** The server cancels a statement that runs longer, ms. */
  readonly statementTimeoutMs: number;
}

/** Runs a statement and returns its rows. */
export type Query = <Row extends object>(statement: QueryConfig) => Promise<Row[]>;

export class PostgresPool {
  readonly #dsn: string;
  readonly #where: string;
  readonly #config: PoolConfig;
  /** One for each way that has worked, by its name. */
  readonly #pools = new Map<string, Pool>();
  /** The way that works; undefined until one is known, and again once a connection has failed. */
  #current: Promise<Way> | undefined;

  constructor({ dsn, maxConnections, applicationName, statementTimeoutMs }: PostgresSettings) {
    this.#dsn = dsn;
    this.#where = describeDsn(dsn);
    this.#config = {
      application_name: applicationName,
      types: resultTypes(),
      max: maxConnections,
      statement_timeout: statementTimeoutMs,
      // The server's own timeout cannot fire when the server has vanished.
      query_timeout: statementTimeoutMs + 5_000,
    };
  }

  /** @throws PipelineError `postgres_unavailable` */
  async query<Row extends object>(statement: QueryConfig): Promise<Row[]> {
    const op = statement.name ?? statement.text;
    const client = await this.#connect(op);
    let isBroken = true;
    try {
      const { rows } = await client.query<Row>(statement);
      isBroken = false;
      return rows;
    } catch (error) {
      throw this.#failure(error, op);
    } finally {
      client.release(isBroken);
    }
  }

  /**
   * Runs `work` in one transaction.
   * @param op what is done, for errors
   * @throws PipelineError `postgres_unavailable`
   */
  async transaction<T>(op: string, work: (query: Query) => Promise<T>, begin = 'begin'): Promise<T> {
    const client = await this.#connect(op);
    let isBroken = true;
    try {
      await client.query(begin);
      const result = await work(
        async <Row extends object>(statement: QueryConfig) => (await client.query<Row>(statement)).rows,
      );
      await client.query('commit');
      isBroken = false;
      return result;
    } catch (error) {
      throw this.#failure(error, op);
    } finally {
      // Closing a connection in an unknown state also rolls its transaction back.
      client.release(isBroken);
    }
  }

  async close(): Promise<void> {
    await this.#current?.catch(() => undefined);
    await Promise.all([...this.#pools.values()].map(pool => pool.end()));
  }

  #failure(error: unknown, op: string): PipelineError {
    // The server has become a standby: another one may be the primary by now.
    if (isReadOnly(error)) this.#current = undefined;
    return postgresFailure(error, this.#where, op);
  }

  /** @throws PipelineError */
  async #connect(op: string): Promise<PoolClient> {
    const current = (this.#current ??= this.#findWay(op));
    try {
      const way = await current;
      return await this.#poolOf(way)
        .connect()
        .catch((error: unknown) => {
          throw connectFailure([{ way, error }], this.#where, op);
        });
    } catch (error) {
      // Another way may work by now: the next call finds out.
      if (this.#current === current) this.#current = undefined;
      throw error;
    }
  }

  /** Finds out with a connection of its own, because all connections of a pool are made in the same way. */
  async #findWay(op: string): Promise<Way> {
    const { ways, wanted } = planOf(this.#dsn);
    const [only, ...others] = ways;
    if (only !== undefined && others.length === 0 && wanted === 'any') return only;
    const { client, way } = await connect(this.#dsn, op, this.#config);
    await client.end().catch(() => undefined);
    return way;
  }

  #poolOf(way: Way): Pool {
    const known = this.#pools.get(way.name);
    if (known !== undefined) return known;
    const pool = new Pool({ ...clientConfig(way, this.#config) });
    // The pool drops an idle connection that breaks. Without a listener the error would end the process.
    pool.on('error', () => undefined);
    this.#pools.set(way.name, pool);
    return pool;
  }
}
