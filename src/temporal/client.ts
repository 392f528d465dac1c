/**
 * Connections to Temporal, configured by the same variables and profiles as its own CLI. The files of this folder talk
 * to the server from outside of workflows and activities: they connect, register what the server needs, start and
 * signal runs, and list the workers of a process.
 */
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import { PipelineError, messageOf } from '../contracts/errors.ts';
import { channelArgsFor } from './proxies.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A client for the address and namespace of the environment. @throws PipelineError `temporal_unavailable` */
export async function connectClient(env: Environment): Promise<Client> {
  const { connectionOptions, namespace } = clientConfig(env);
  const connection = await orUnavailable(connectionOptions.address, Connection.connect(connectionOptions));
  return new Client({ connection, ...(namespace !== undefined && { namespace }) });
}

/** A client that connects when it is first used, so that a process starts without Temporal. */
export function lazyClient(env: Environment): () => Client {
  let client: Client | undefined;
  return () => {
    const { connectionOptions, namespace } = clientConfig(env);
    client ??= new Client({
      connection: Connection.lazy(connectionOptions),
      ...(namespace !== undefined && { namespace }),
    });
    return client;
  };
}

/** A connection for workers. @throws PipelineError `temporal_unavailable` */
export async function connectWorker(
  env: Environment,
): Promise<{ connection: NativeConnection; namespace: string }> {
  const { connectionOptions, namespace } = connectConfig(env);
  const connection = await orUnavailable(
    connectionOptions.address,
    NativeConnection.connect(connectionOptions),
  );
  return { connection, namespace: namespace ?? 'default' };
}

/** Address, credentials and namespace of the environment, for a client. */
function clientConfig(env: Environment) {
  const { connectionOptions, namespace } = connectConfig(env);
  const channelArgs = channelArgsFor(connectionOptions.address);
  return { connectionOptions: { ...connectionOptions, channelArgs }, namespace };
}

function connectConfig(env: Environment) {
  const variables = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  );
  const { connectionOptions, namespace } = loadClientConnectConfig({
    overrideEnvVars: Object.fromEntries(variables),
  });
  return {
    connectionOptions: { ...connectionOptions, address: connectionOptions.address ?? '127.0.0.1:7233' },
    namespace,
  };
}

async function orUnavailable<T>(address: string, connecting: Promise<T>): Promise<T> {
  try {
    return await connecting;
  } catch (error) {
    throw new PipelineError(`Temporal at ${address} does not answer: ${messageOf(error)}`, {
      code: 'temporal_unavailable',
      op: 'connect',
      subject: address,
      retryable: false,
      hint: 'Start one with `npm run stack`, or correct TEMPORAL_ADDRESS.',
      cause: error,
    });
  }
}
