/** `wikigauge ingest`: starts the ingest workflow unless it is running. */
import { INGEST_ID } from '../recentchange/definition.ts';
import { startIngest } from '../temporal/start-ingest.ts';
import { announce, temporalPlace } from './announce.ts';
import { withClient } from './connections.ts';
import { badFlag } from './bad-flag.ts';
import { readConfig } from './environment.ts';
import { splitList } from './flag-values.ts';

export async function ingestCommand({ since, wiki }: { since?: string; wiki?: string }): Promise<void> {
  readConfig();
  const wikis = wiki === undefined ? undefined : splitList(wiki);
  if (wikis?.length === 0)
    throw badFlag('--wiki', 'wikis separated by commas', JSON.stringify(wiki), '--wiki enwiki,dewiki');
  const outcome = await withClient(client => {
    announce(temporalPlace(client));
    return startIngest(client, INGEST_ID, {
      ...(since !== undefined && { since }),
      ...(wikis !== undefined && { wikis }),
    });
  });
  console.log(
    outcome === 'started'
      ? `${INGEST_ID} started`
      : `${INGEST_ID} is already running; its input was not changed. To stop it, send the signal stop.`,
  );
}
