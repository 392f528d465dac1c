/** `wikigauge doctor`: looks at everything that a run needs, one line each, with how to mend what is wrong. */
import { randomUUID } from 'node:crypto';
import { goldPlaces, s3Settings } from '../config/places.ts';
import type { Config } from '../config/declarations.ts';
import { messageOf, PipelineError } from '../contracts/errors.ts';
import { openS3 } from '../store/s3.ts';
import { openGold } from '../gold/open-gold.ts';
import { connectClient } from '../temporal/client.ts';
import { ensureSearchAttributes } from '../temporal/search-attributes.ts';
import { readConfig } from './environment.ts';

export interface Check {
  readonly name: string;
  /** Answers what was found; throws what is wrong. */
  readonly look: () => Promise<string>;
}

/** Prints what it finds; exit code 1 when anything is wrong. */
export async function doctorCommand(extraChecks: readonly Check[] = []): Promise<void> {
  // Wrong settings end it here, with all of them in one message.
  const config = readConfig();
  for (const { name, look } of checksFor(config, extraChecks)) {
    try {
      console.log(`✔ ${name.padEnd(12)} ${await look()}`);
    } catch (error) {
      process.exitCode = 1;
      const hint = error instanceof PipelineError && error.hint !== '' ? `\n  → ${error.hint}` : '';
      console.log(`✘ ${name.padEnd(12)} ${messageOf(error)}${hint}`);
    }
  }
}

function checksFor(config: Config, extraChecks: readonly Check[]): Check[] {
  return [
    { name: 'Node', look: async () => process.versions.node },
    { name: 'settings', look: async () => 'all readable' },
    ...extraChecks,
    { name: 'stream', look: () => lookAtStream(config) },
    { name: 'Temporal', look: lookAtTemporal },
    { name: 'S3', look: () => lookAtS3(config) },
    ...config.GOLD.map(kind => ({
      name: kind === 's3' ? 'gold in S3' : 'Postgres',
      look: () => lookAtGold({ ...config, GOLD: [kind] }),
    })),
  ];
}

async function lookAtStream({ EVENTSTREAMS_URL, USER_AGENT }: Config): Promise<string> {
  const headers = { Accept: 'text/event-stream', 'User-Agent': USER_AGENT };
  const response = await fetch(EVENTSTREAMS_URL, { headers, signal: AbortSignal.timeout(8_000) }).catch(
    (error: unknown) => {
      throw wrong(
        `${EVENTSTREAMS_URL}: ${messageOf(error)}`,
        'Check the network, or use a simulated stream: npm run demo',
      );
    },
  );
  await response.body?.cancel();
  if (response.status === 200) return EVENTSTREAMS_URL;
  const hint =
    response.status === 403 ? 'Set USER_AGENT to a name with your contact.' : 'Check EVENTSTREAMS_URL.';
  throw wrong(`${EVENTSTREAMS_URL} answered ${response.status}`, hint);
}

async function lookAtTemporal(): Promise<string> {
  const client = await connectClient(process.env);
  try {
    await ensureSearchAttributes(client);
    return `namespace ${client.options.namespace}, search attributes are there`;
  } finally {
    await client.connection.close();
  }
}

async function lookAtS3(config: Config): Promise<string> {
  const store = openS3(s3Settings(config));
  try {
    await store.prepare(randomUUID());
    return `bucket ${config.BUCKET}, conditional writes work`;
  } finally {
    store.close();
  }
}

async function lookAtGold(config: Config): Promise<string> {
  const places = goldPlaces(config);
  const store = openS3(s3Settings(config));
  const gold = openGold(places, store, {
    maxConnections: 1,
    applicationName: 'wikigauge doctor',
    statementTimeoutMs: 5_000,
  });
  try {
    if (gold.kind === 's3') await store.prepareVersions(randomUUID());
    const sources = await gold.sources();
    return sources.length === 0
      ? 'up to date, empty'
      : `up to date, rows of ${sources.map(({ url }) => url).join(', ')}`;
  } finally {
    await gold.close();
    store.close();
  }
}

function wrong(message: string, hint: string): PipelineError {
  return new PipelineError(message, {
    code: 'bad_configuration',
    op: 'check',
    subject: '',
    retryable: false,
    hint,
  });
}
