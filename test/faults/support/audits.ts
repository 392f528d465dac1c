/**
 * The audits of a campaign: what the rebuilds of its hours corrected, which must be nothing. The faults send many messages
 * twice, but always under their old `meta.id`, so each is stored once. The universe has no revision in two events. Parts
 * that a rebuild counts before they are applied are no correction. So nothing remains that an audit may find.
 */
import { expect } from 'vitest';
import type { StoredAudit } from '../../../src/contracts/storage/hour-audit.ts';
import { GOLD_HOURS, hourOfGoldKey } from '../../../src/contracts/storage/object-keys.ts';
import type { Hour } from '../../../src/core/time.ts';
import { readHour } from '../../../src/gold/parquet/hour-object.ts';
import type { Pipeline } from './pipeline.ts';

interface Audit extends Pick<StoredAudit, 'isSealed' | 'duplicates' | 'changedRows'> {
  readonly hour: Hour;
}

/** Expects that no audit, in any place of gold, has found anything wrong. */
export async function expectCleanAudits(
  pipeline: Pick<Pipeline, 'world' | 'connectPostgres'>,
): Promise<void> {
  for (const { kind } of pipeline.world.places) {
    const audits = kind === 's3' ? await auditsInS3(pipeline) : await auditsInPostgres(pipeline);
    const wrong = audits.filter(({ duplicates, changedRows }) => duplicates !== 0 || changedRows !== 0);
    expect({ kind, wrong }).toEqual({ kind, wrong: [] });
    // Otherwise nothing was checked.
    expect(audits.filter(({ isSealed }) => isSealed)).not.toEqual([]);
  }
}

async function auditsInPostgres({ connectPostgres }: Pick<Pipeline, 'connectPostgres'>): Promise<Audit[]> {
  const sql = await connectPostgres();
  try {
    const { rows } = await sql.query<Audit>(
      `select to_char(hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24') as hour, sealed as "isSealed",
              duplicates::integer, changed_rows as "changedRows"
       from gold.hours order by 1`,
    );
    return rows;
  } finally {
    await sql.end();
  }
}

async function auditsInS3({ world: { store } }: Pick<Pipeline, 'world'>): Promise<Audit[]> {
  const audits: Audit[] = [];
  for await (const keys of store.list(GOLD_HOURS)) {
    for (const hour of keys.flatMap(key => hourOfGoldKey(key) ?? [])) {
      const { audit } = (await readHour(store, hour)).hour;
      if (audit === undefined) continue;
      const { isSealed, duplicates, changedRows } = audit;
      audits.push({ hour, isSealed, duplicates, changedRows });
    }
  }
  return audits;
}
