/** A gold that knows nothing yet, as far as ingest asks it. */
import type { IngestDeps } from '../../src/ingest/run.ts';

export const BLANK_GOLD: IngestDeps['gold'] = {
  unapplied: async keys => [...keys],
  unsealed: async hours => [...hours],
  lastStreamHour: async () => undefined,
  olderProject: async () => undefined,
  recordGap: async () => undefined,
  recordReads: async () => undefined,
  lastRead: async () => undefined,
};
