/** Workflow ids and task queues: operators type them. */
import { expect, test } from 'vitest';
import {
  COMPACT_DAYS_ID,
  backfillId,
  backfillQueue,
  compactDayId,
  transformRangeId,
} from '../../../src/contracts/temporal/names.ts';

const START_MS = Date.parse('2026-11-20T10:05:00.999Z');

test.each([
  [COMPACT_DAYS_ID, 'compact-days'],
  [compactDayId('2026-11-20'), 'compact-2026-11-20'],
  [backfillQueue('wikigauge', 'api'), 'wikigauge-backfill-api'],
  [backfillQueue('other', 'dump'), 'other-backfill-dump'],
  [backfillId(START_MS), 'backfill-2026-11-20T10:05:00Z'],
  [transformRangeId(START_MS), 'transform-range-2026-11-20T10:05:00Z'],
])('%s', (name, literal) => {
  expect(name).toBe(literal);
});
