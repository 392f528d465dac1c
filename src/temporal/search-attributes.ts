/** Registers our search attributes with a namespace. */
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { PipelineError, messageOf } from '../contracts/errors.ts';
import { backfillAttributeKeys, searchAttributes } from '../contracts/temporal/search-attributes.ts';
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

const { IndexedValueType } = proto.temporal.api.enums.v1;
const TYPES = {
  KEYWORD: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  KEYWORD_LIST: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST,
  INT: IndexedValueType.INDEXED_VALUE_TYPE_INT,
  DATETIME: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
};
/** As the CLI names them. */
const TYPE_NAMES = { KEYWORD: 'Keyword', KEYWORD_LIST: 'KeywordList', INT: 'Int', DATETIME: 'Datetime' };

type Key = { readonly name: string; readonly type: keyof typeof TYPES };

/** What the namespace has. */
export interface NamespaceAttributes {
  /** Whether backfills can be found by wiki, source and range. A run that sets an unknown attribute hangs. */
  readonly areBackfillsIndexed: boolean;
}

/**
 * Creates the search attributes that are missing. A workflow that sets an unknown one hangs, so a worker must not start
 * without them. Those of backfills are welcome, not needed: `warn` gets the command that creates them.
 * @throws PipelineError `temporal_unavailable`; its hint is the command that creates them by hand
 */
export async function ensureSearchAttributes(
  client: OperatorClient,
  warn: (message: string) => void = () => undefined,
): Promise<NamespaceAttributes> {
  const { namespace } = client.options;
  try {
    await create(client, searchAttributes);
  } catch (error) {
    throw new PipelineError(
      `Cannot create the search attributes of namespace ${namespace}: ${messageOf(error)}`,
      {
        code: 'temporal_unavailable',
        op: 'create search attributes',
        subject: namespace,
        retryable: false,
        hint: `Create them by hand: ${commandsOf(searchAttributes)}`,
        cause: error,
      },
    );
  }
  try {
    const areBackfillsIndexed = await create(client, backfillAttributeKeys);
    if (!areBackfillsIndexed)
      warn('backfills cannot be found by wiki: a search attribute has another type in this namespace');
    return { areBackfillsIndexed };
  } catch (error) {
    const hint = `create the attributes by hand and restart: ${commandsOf(backfillAttributeKeys)}`;
    warn(`backfills cannot be found by wiki (${messageOf(error)}); ${hint}`);
    return { areBackfillsIndexed: false };
  }
}

/** Whether all exist with their types afterwards. */
async function create({ options, connection }: OperatorClient, keys: readonly Key[]): Promise<boolean> {
  const { namespace } = options;
  const { operatorService } = connection;
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const known = (key: Key): number | undefined => customAttributes?.[key.name] ?? undefined;
  const missing = keys.filter(key => known(key) === undefined);
  if (missing.length > 0) {
    const added = Object.fromEntries(missing.map(({ name, type }) => [name, TYPES[type]]));
    await operatorService
      .addSearchAttributes({ namespace, searchAttributes: added })
      .catch((error: unknown) => {
        // Another worker was faster.
        if (!isAlreadyExists(error)) throw error;
      });
  }
  return keys.every(key => missing.includes(key) || known(key) === TYPES[key.type]);
}

function commandsOf(keys: readonly Key[]): string {
  return keys
    .map(
      ({ name, type }) =>
        `temporal operator search-attribute create --name ${name} --type ${TYPE_NAMES[type]}`,
    )
    .join(' && ');
}
