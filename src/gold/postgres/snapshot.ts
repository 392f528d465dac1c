/** Hours of gold in Postgres, each read in one transaction: rows, ledger and audit agree with each other. */
import { Pool } from 'pg';
import type { QueryConfig } from 'pg';
import type { MinuteRow } from '../../core/minute-counts.ts';
import type { GoldSnapshots, LedgerEntry, SnapshotAudit } from '../snapshot.ts';
import { describeDsn, driverConfig, postgresFailure } from './connection.ts';
import { hourAudit, hourLedger, hourRows, missingOffsets } from './sql/snapshot.ts';

const STATEMENT_MS = 120_000;

/** Opens a connection when it is needed, on which nothing can be written. */
export function openPostgresSnapshots(dsn: string): GoldSnapshots {
  const where = describeDsn(dsn);
  const pool = new Pool({
    application_name: 'wikigauge verify',
    connectionTimeoutMillis: 5_000,
    ...driverConfig(dsn),
    max: 1,
    statement_timeout: STATEMENT_MS,
    query_timeout: STATEMENT_MS + 5_000,
  });
  // An idle connection broke: whoever needs one next gets the error or a new one.
  pool.on('error', () => undefined);

  const together = async (op: string, queries: readonly QueryConfig[]): Promise<object[][]> => {
    let broken = true;
    const client = await pool.connect().catch((error: unknown) => {
      throw postgresFailure(error, where, op);
    });
    try {
      await client.query('begin isolation level repeatable read read only');
      const answers: object[][] = [];
      for (const query of queries) answers.push((await client.query<object>(query)).rows);
      await client.query('commit');
      broken = false;
      return answers;
    } catch (error) {
      throw postgresFailure(error, where, op);
    } finally {
      client.release(broken);
    }
  };

  return {
    async hour(hour) {
      const queries = [hourRows(hour), hourLedger(hour), hourAudit(hour)];
      const [rows, ledger, audits] = await together(`read ${hour}`, queries);
      // The shapes are those of the statements.
      return {
        rows: rows as unknown as MinuteRow[],
        ledger: ledger as unknown as LedgerEntry[],
        audit: audits?.[0] as SnapshotAudit | undefined,
      };
    },
    async missingOffsets(fromMs, toMs) {
      const [rows] = await together('read gaps', [missingOffsets(fromMs, toMs)]);
      const gaps = rows as { topic: string | null; missing: number }[];
      return new Map(gaps.map(({ topic, missing }) => [topic ?? '', missing]));
    },
    close: () => pool.end(),
  };
}
