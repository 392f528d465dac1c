/** A pool of connections whose errors are ours. Connects on demand, also after the server was away. */
import { Pool } from 'pg';
import type { PoolClient, PoolConfig, QueryConfig } from 'pg';
import type { PipelineError } from '../../contracts/errors.ts';
import { cancelStatement } from './cancel.ts';
import { clientConfig, connect, connectFailure, isPooled } from './connect.ts';
import { describeDsn, isReadOnly, postgresFailure } from './connection.ts';
import { resultTypes } from './result-types.ts';
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

/** A way that works, and what stands on it. */
interface Route {
  readonly way: Way;
  /**
   * Behind a pooler, each transaction may run in another session, which others use too. So statements have no names,
   * and their time limit is set in their transaction.
   */
  readonly isPooled: boolean;
}

/** A connection, until it is given back. */
interface Taken {
  readonly client: PoolClient;
  readonly isPooled: boolean;
}

export class PostgresPool {
  readonly #dsn: string;
  readonly #where: string;
  readonly #config: PoolConfig;
  readonly #statementTimeoutMs: number;
  /** One for each route that has worked, by its name. */
  readonly #pools = new Map<string, Pool>();
  /** What works; undefined until it is known, and again once a connection has failed. */
  #current: Promise<Route> | undefined;

  constructor({ dsn, maxConnections, applicationName, statementTimeoutMs }: PostgresSettings) {
    this.#dsn = dsn;
    this.#where = describeDsn(dsn);
    this.#statementTimeoutMs = statementTimeoutMs;
    this.#config = {
      application_name: applicationName,
      types: resultTypes(),
      max: maxConnections,
      // The server's own timeout cannot fire when the server has vanished.
      query_timeout: statementTimeoutMs + 5_000,
    };
  }

  /**
   * @param stopSignal cancels the statement in the server
   * @throws PipelineError `postgres_unavailable`; the signal's reason
   */
  async query<Row extends object>(statement: QueryConfig, stopSignal?: AbortSignal): Promise<Row[]> {
    const op = statement.name ?? statement.text;
    const taken = await this.#connect(op);
    if (taken.isPooled)
      return this.#inTransaction(taken, op, query => query<Row>(statement), 'begin', stopSignal);
    return this.#using(taken, op, async client => (await client.query<Row>(statement)).rows, stopSignal);
  }

  /**
   * Runs `work` in one transaction.
   * @param op what is done, for errors
   * @throws PipelineError `postgres_unavailable`
   */
  async transaction<T>(op: string, work: (query: Query) => Promise<T>, begin = 'begin'): Promise<T> {
    return this.#inTransaction(await this.#connect(op), op, work, begin);
  }

  async #inTransaction<T>(
    taken: Taken,
    op: string,
    work: (query: Query) => Promise<T>,
    begin: string,
    stopSignal?: AbortSignal,
  ): Promise<T> {
    const limit = taken.isPooled ? `; set local statement_timeout = ${this.#statementTimeoutMs}` : '';
    const inside = async (client: PoolClient): Promise<T> => {
      await client.query(`${begin}${limit}`);
      const result = await work(async <Row extends object>({ name, ...unnamed }: QueryConfig) => {
        const isNamed = name !== undefined && !taken.isPooled;
        return (await client.query<Row>({ ...unnamed, ...(isNamed && { name }) })).rows;
      });
      await client.query('commit');
      return result;
    };
    return this.#using(taken, op, inside, stopSignal);
  }

  /** Gives the connection back; closes it after a failure, which also rolls its transaction back. */
  async #using<T>(
    { client }: Taken,
    op: string,
    work: (client: PoolClient) => Promise<T>,
    stopSignal?: AbortSignal,
  ): Promise<T> {
    let isBroken = true;
    let cancelling: Promise<void> | undefined;
    const cancel = (): void => {
      cancelling = cancelStatement(client);
    };
    try {
      stopSignal?.throwIfAborted();
      stopSignal?.addEventListener('abort', cancel);
      const result = await work(client);
      stopSignal?.throwIfAborted();
      isBroken = false;
      return result;
    } catch (error) {
      stopSignal?.throwIfAborted();
      throw this.#failure(error, op);
    } finally {
      stopSignal?.removeEventListener('abort', cancel);
      // Nobody else may get the connection, and a request that comes late may not hit another statement.
      await cancelling;
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
  async #connect(op: string): Promise<Taken> {
    const current = (this.#current ??= this.#findRoute(op));
    try {
      const route = await current;
      const client = await this.#poolOf(route)
        .connect()
        .catch((error: unknown) => {
          throw connectFailure([{ way: route.way, error }], this.#where, op);
        });
      return { client, isPooled: route.isPooled };
    } catch (error) {
      // Another way may work by now: the next call finds out.
      if (this.#current === current) this.#current = undefined;
      throw error;
    }
  }

  /** Finds out with a connection of its own, because all connections of a pool are made in the same way. */
  async #findRoute(op: string): Promise<Route> {
    const { client, way } = await connect(this.#dsn, op, this.#config);
    try {
      return { way, isPooled: await isPooled(client) };
    } catch (error) {
      throw postgresFailure(error, this.#where, op);
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  #poolOf({ way, isPooled }: Route): Pool {
    const name = `${way.name}${isPooled ? ' through a pooler' : ''}`;
    const known = this.#pools.get(name);
    if (known !== undefined) return known;
    const pool = new Pool({
      ...clientConfig(way, this.#config),
      // A pooler refuses parameters that it does not know when a connection starts.
      ...(!isPooled && { statement_timeout: this.#statementTimeoutMs }),
    });
    // The pool drops an idle connection that breaks, and the statement that uses one fails. Without listeners the error
    // would end the process as well.
    pool.on('error', () => undefined);
    pool.on('connect', client => client.on('error', () => undefined));
    this.#pools.set(name, pool);
    return pool;
  }
}
