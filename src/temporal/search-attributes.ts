/** Registers our search attributes with a namespace. */
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { PipelineError, messageOf } from '../contracts/errors.ts';
import { searchAttributes } from '../contracts/temporal/search-attributes.ts';
import { isAlreadyExists } from './grpc-status.ts';

/** What is used of a client. */
export interface OperatorClient {
  readonly options: Pick<Client['options'], 'namespace'>;
  readonly connection: {
    readonly operatorService: Pick<
      Client['connection']['operatorService'],
      'listSearchAttributes' | 'addSearchAttributes'
    >;
  };
}

/**
 * Creates the search attributes that are missing. A workflow that sets an unknown one hangs, so a worker must not start
 * without them.
 * @throws PipelineError `temporal_unavailable`; its hint is the command that creates them by hand
 */
export async function ensureSearchAttributes(client: OperatorClient): Promise<void> {
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
    if (isAlreadyExists(error)) return;
    const commands = searchAttributes.map(
      ({ name, type }) =>
        `temporal operator search-attribute create --name ${name} --type ${type === 'INT' ? 'Int' : 'Keyword'}`,
    );
    throw new PipelineError(
      `Cannot create the search attributes of namespace ${namespace}: ${messageOf(error)}`,
      {
        code: 'temporal_unavailable',
        op: 'create search attributes',
        subject: namespace,
        retryable: false,
        hint: `Create them by hand: ${commands.join(' && ')}`,
        cause: error,
      },
    );
  }
}
