/** Registers our search attributes with a namespace. */
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { PipelineError, messageOf } from '../contracts/errors.ts';
import { searchAttributes } from '../contracts/temporal/search-attributes.ts';
import { isAlreadyExists, isNotFound } from './grpc-status.ts';

/** What is used of a client. */
export interface OperatorClient {
  readonly options: Pick<Client['options'], 'namespace'>;
  readonly connection: {
    readonly operatorService: Pick<
      Client['connection']['operatorService'],
      'listSearchAttributes' | 'addSearchAttributes'
    >;
    readonly workflowService: Pick<Client['connection']['workflowService'], 'countWorkflowExecutions'>;
    readonly options?: { readonly address?: string };
  };
}

/**
 * Creates the search attributes that are missing. A workflow that sets an unknown one hangs, so a worker must not start
 * without them.
 * @throws PipelineError `temporal_unavailable`; its hint is the command that creates them, or the namespace, by hand
 */
export async function ensureSearchAttributes(client: OperatorClient): Promise<void> {
  try {
    await createMissing(client);
  } catch (error) {
    // Another worker was faster.
    if (isAlreadyExists(error)) return;
    if (isNotFound(error)) throw namespaceFailure(client, error);
    // A worker's key may often neither list nor create them; that they exist is enough.
    if (await canQuery(client)) return;
    throw attributesFailure(client, error);
  }
}

async function createMissing({ options: { namespace }, connection }: OperatorClient): Promise<void> {
  const { operatorService } = connection;
  const { IndexedValueType } = proto.temporal.api.enums.v1;
  const types = {
    KEYWORD: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    INT: IndexedValueType.INDEXED_VALUE_TYPE_INT,
  };
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const missing = searchAttributes.filter(({ name }) => customAttributes?.[name] === undefined);
  if (missing.length === 0) return;
  const added = Object.fromEntries(missing.map(({ name, type }) => [name, types[type]]));
  await operatorService.addSearchAttributes({ namespace, searchAttributes: added });
}

/** A query that names an attribute fails where it does not exist. */
async function canQuery({ options: { namespace }, connection }: OperatorClient): Promise<boolean> {
  const query = searchAttributes.map(({ name }) => `${name} is not null`).join(' or ');
  try {
    await connection.workflowService.countWorkflowExecutions({ namespace, query });
    return true;
  } catch {
    return false;
  }
}

/** Temporal Cloud has a tool of its own for what belongs to a namespace. */
function isCloud({ connection }: OperatorClient): boolean {
  return /\.(tmprl\.cloud|temporal\.io)(:\d+)?$/.test(connection.options?.address ?? '');
}

function namespaceFailure(client: OperatorClient, cause: unknown): PipelineError {
  const { namespace } = client.options;
  const create = isCloud(client)
    ? `Create it in the Cloud UI or with tcld namespace create, or correct TEMPORAL_NAMESPACE, which has the form name.account.`
    : `Create it: temporal operator namespace create --namespace ${namespace}; or correct TEMPORAL_NAMESPACE.`;
  return unavailable(`Temporal has no namespace ${namespace}`, 'find the namespace', client, create, cause);
}

function attributesFailure(client: OperatorClient, cause: unknown): PipelineError {
  const { namespace } = client.options;
  const commands = searchAttributes.map(({ name, type }) => {
    const title = type === 'INT' ? 'Int' : 'Keyword';
    return isCloud(client)
      ? `tcld namespace search-attributes add --namespace ${namespace} --search-attribute "${name}=${title}"`
      : `temporal operator search-attribute create --name ${name} --type ${title}`;
  });
  return unavailable(
    `Cannot create the search attributes of namespace ${namespace}: ${messageOf(cause)}`,
    'create search attributes',
    client,
    `Create them by hand: ${commands.join(' && ')}`,
    cause,
  );
}

function unavailable(
  message: string,
  op: string,
  { options: { namespace } }: OperatorClient,
  hint: string,
  cause: unknown,
): PipelineError {
  return new PipelineError(message, {
    code: 'temporal_unavailable',
    op,
    subject: namespace,
    retryable: false,
    hint,
    cause,
  });
}
