/** The way to Temporal: the variables and profiles of its own CLI, clear errors, and our search attributes. */
import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client';
import proto from '@temporalio/proto';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import type { SendNotice } from '../ingest/notifier.ts';
import { PipelineError, messageOf } from '../contracts/errors.ts';
import { partsCommitted } from '../contracts/temporal/messages.ts';
import { searchAttributes } from '../contracts/temporal/search-attributes.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A client on the address and namespace that the environment names. @throws PipelineError `temporal_unavailable` */
export async function connectClient(env: Environment): Promise<Client> {
  const { connectionOptions, namespace } = connectConfig(env);
  const connection = await orUnavailable(connectionOptions.address, Connection.connect(connectionOptions));
  return new Client({ connection, ...(namespace !== undefined && { namespace }) });
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

/**
 * Makes our search attributes where they are missing. A workflow that sets one that is not there would hang, so a
 * worker must not start without them.
 * @throws PipelineError `temporal_unavailable` with the command that makes them, where we may not.
 */
export async function ensureSearchAttributes(client: Client): Promise<void> {
  const { namespace } = client.options;
  const { operatorService } = client.connection;
  const { IndexedValueType } = proto.temporal.api.enums.v1;
  const types = {
    KEYWORD: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    INT: IndexedValueType.INDEXED_VALUE_TYPE_INT,
  };
  try {
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
    const missing = searchAttributes.filter(({ name }) => customAttributes?.[name] === undefined);
    if (missing.length === 0) return;
    const added = Object.fromEntries(missing.map(({ name, type }) => [name, types[type]]));
    await operatorService.addSearchAttributes({ namespace, searchAttributes: added });
  } catch (error) {
    // Another worker was faster.
    if (messageOf(error).includes('ALREADY_EXISTS')) return;
    const commands = searchAttributes.map(
      ({ name, type }) =>
        `temporal operator search-attribute create --name ${name} --type ${type === 'INT' ? 'Int' : 'Keyword'}`,
    );
    throw new PipelineError(`Temporal: search attributes of namespace ${namespace}: ${messageOf(error)}`, {
      code: 'temporal_unavailable',
      op: 'make search attributes',
      subject: namespace,
      retryable: false,
      hint: `Make them by hand: ${commands.join(' && ')}`,
      cause: error,
    });
  }
}

/** Signals commits to an ingest workflow, whichever of its runs is the present one. */
export function noticeSender(client: Client): SendNotice {
  return async (workflowId, notice) => {
    try {
      const deadline = Date.now() + 10_000;
      await client.withDeadline(deadline, () =>
        client.workflow.getHandle(workflowId).signal(partsCommitted, notice),
      );
    } catch (error) {
      throw new PipelineError(`signal ${partsCommitted.name} to ${workflowId}: ${messageOf(error)}`, {
        code: 'temporal_unavailable',
        op: 'signal',
        subject: workflowId,
        retryable: !(error instanceof WorkflowNotFoundError),
        cause: error,
      });
    }
  };
}

function connectConfig(env: Environment) {
  // Every TEMPORAL_ variable and the CLI's own configuration file.
  const given = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  );
  const { connectionOptions, namespace } = loadClientConnectConfig({
    overrideEnvVars: Object.fromEntries(given),
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
