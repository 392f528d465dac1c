/**
 * An hour whose counted parts have been deleted from bronze cannot be rebuilt. Its rows stay, except where the stream
 * was not read and a backfill has loaded the missing range.
 */
import { PipelineError } from '../contracts/errors.ts';
import { backfillSourceOf, backfillWikiOf } from '../contracts/storage/object-keys.ts';
import type { HourAudit } from '../contracts/temporal/transform.ts';
import { HOUR_MS, hourStartMs, isoMs } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import type { GoldWriter } from '../gold/gold-store.ts';
import type { CountedHour } from './count-hour-parts.ts';
import { auditOf } from './hour-audit.ts';

/**
 * Writes the rows of backfilled parts.
 * @throws PipelineError `bronze_expired` when no part came from a backfill
 */
export async function fillHour(
  hour: Hour,
  counted: CountedHour,
  deletedKeys: readonly string[],
  gold: Pick<GoldWriter, 'fillHour'>,
): Promise<HourAudit> {
  const { keys, counts, sources } = counted;
  const backfilled = keys.filter(key => backfillSourceOf(key) !== undefined);
  if (backfilled.length === 0) throw expired(hour, deletedKeys);
  const coversAllWikis = backfilled.some(key => backfillWikiOf(key) === undefined);
  const wikis = coversAllWikis
    ? counts.rows.map(row => row.wiki)
    : backfilled.flatMap(key => backfillWikiOf(key) ?? []);
  const changedRows = await gold.fillHour({
    hour,
    keys,
    rows: counts.rows,
    wikis: [...new Set(wikis)],
    areRowsExact: keys.every(key => backfillSourceOf(key) !== 'dump'),
    sources,
    at: isoMs(Date.now()),
  });
  return { ...auditOf(hour, counted, { changedRows, gaps: 0 }), isPartial: true };
}

function expired(hour: Hour, deletedKeys: readonly string[]): PipelineError {
  const count = deletedKeys.length;
  const parts = count === 1 ? '1 part that was counted has' : `${count} parts that were counted have`;
  const toHour = new Date((hourStartMs(hour) ?? 0) + HOUR_MS).toISOString().slice(0, hour.length);
  return new PipelineError(
    `Cannot rebuild ${hour}: ${parts} been deleted from S3 (first: ${deletedKeys[0]})`,
    {
      code: 'bronze_expired',
      op: 'rebuild hour',
      subject: hour,
      retryable: false,
      hint: `The hour keeps its current rows. To replace them, run: npm run backfill -- --from ${hour}:00Z --to ${toHour}:00Z`,
    },
  );
}
