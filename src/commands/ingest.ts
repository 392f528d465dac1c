/** `wikigauge ingest`: starts the ingest workflow unless it runs. */
import { INGEST_ID } from '../contracts/temporal/names.ts';
import { startIngest } from '../temporal/start-ingest.ts';
import { connectClient } from '../temporal/client.ts';
import { readConfig } from './environment.ts';

export async function ingestCommand(options: { since?: string; wiki?: string }): Promise<void> {
  readConfig();
  const client = await connectClient(process.env);
  const wikis = options.wiki?.split(',').map(wiki => wiki.trim());
  const { since } = options;
  const outcome = await startIngest(client, {
    ...(since !== undefined && { since }),
    ...(wikis !== undefined && { wikis }),
  });
  console.log(
    outcome === 'started'
      ? `${INGEST_ID} started`
      : `${INGEST_ID} runs already; its input was not changed (signal stop ends it)`,
  );
  await client.connection.close();
}
