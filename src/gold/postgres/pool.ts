/** A pool of connections whose errors are ours. Connects on demand, also after the server was away. */
import { Pool } from 'pg';
import type { PoolClient, QueryConfig } from 'pg';
import { CONNECT_TIMEOUT_MS, describeDsn, driverConfig, postgresFailure } from './connection.ts';
import { resultTypes } from './result-types.ts';

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
  readonly #pool: Pool;
  readonly #where: string;

  constructor({ dsn, maxConnections, applicationName, statementTimeoutMs }: PostgresSettings) {
    this.#where = describeDsn(dsn);
    this.#pool = new Pool({
      application_name: applicationName,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      // The DSN overrides the settings above.
      ...driverConfig(dsn),
      types: resultTypes(),
      max: maxConnections,
      statement_timeout: statementTimeoutMs,
      // The server's own timeout cannot fire when the server has vanished.
      query_timeout: statementTimeoutMs + 5_000,
    });
    // The pool drops an idle connection that breaks. Without a listener the error would end the process.
    this.#pool.on('error', () => undefined);
  }

  /** @throws PipelineError `postgres_unavailable` */
  async query<Row extends object>(statement: QueryConfig): Promise<Row[]> {
    try {
      const { rows } = await this.#pool.query<Row>(statement);
      return rows;
    } catch (error) {
      throw postgresFailure(error, this.#where, statement.name ?? statement.text);
    }
  }

  /**
   * Runs `work` in one transaction.
   * @param op what is done, for errors
   * @throws PipelineError `postgres_unavailable`
   */
  async transaction<T>(op: string, work: (query: Query) => Promise<T>, begin = 'begin'): Promise<T> {
    let client: PoolClient | undefined;
    let isBroken = true;
    try {
      const connected = (client = await this.#pool.connect());
      await connected.query(begin);
      const result = await work(
        async <Row extends object>(statement: QueryConfig) => (await connected.query<Row>(statement)).rows,
      );
      await connected.query('commit');
      isBroken = false;
      return result;
    } catch (error) {
      throw postgresFailure(error, this.#where, op);
    } finally {
      // Closing a connection in an unknown state also rolls its transaction back.
      client?.release(isBroken);
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}
