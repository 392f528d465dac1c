/** Registers our search attributes with a namespace. */
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { PipelineError, messageOf } from '../contracts/errors.ts';
import { backfillAttributeKeys, searchAttributes } from '../contracts/temporal/search-attributes.ts';
import { isAlreadyExists, isNotFound } from './grpc-status.ts';
import { temporalProblems } from './known-problems.ts';

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
 * @throws PipelineError `temporal_unavailable`; its hint is the command that creates them, or the namespace, by hand
 */
export async function ensureSearchAttributes(
  client: OperatorClient,
  warn: (message: string) => void = () => undefined,
): Promise<NamespaceAttributes> {
  try {
    await create(client, searchAttributes);
  } catch (error) {
    if (isNotFound(error)) throw namespaceFailure(client, error);
    // A worker's key may often neither list nor create them; that they exist is enough.
    if (!(await canQuery(client))) throw attributesFailure(client, error);
  }
  try {
    const areBackfillsIndexed = await create(client, backfillAttributeKeys);
    if (!areBackfillsIndexed) warn(temporalProblems.otherTypes.shows);
    return { areBackfillsIndexed };
  } catch (error) {
    const { shows, remedy } = temporalProblems.noBackfillAttributes;
    const hint = remedy({ commands: commandsOf(client, backfillAttributeKeys) });
    warn(`${shows} (${messageOf(error)}); ${hint}`);
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

function commandsOf(client: OperatorClient, keys: readonly Key[]): string {
  const { namespace } = client.options;
  return keys
    .map(({ name, type }) =>
      isCloud(client)
        ? `tcld namespace search-attributes add --namespace ${namespace} --search-attribute "${name}=${TYPE_NAMES[type]}"`
        : `temporal operator search-attribute create --name ${name} --type ${TYPE_NAMES[type]}`,
    )
    .join(' && ');
}

/** Temporal Cloud has a tool of its own for what belongs to a namespace. */
function isCloud({ connection }: OperatorClient): boolean {
  return /\.(tmprl\.cloud|temporal\.io)(:\d+)?$/.test(connection.options?.address ?? '');
}

function namespaceFailure(client: OperatorClient, cause: unknown): PipelineError {
  const { namespace } = client.options;
  const { noNamespace, noCloudNamespace } = temporalProblems;
  const create = isCloud(client) ? noCloudNamespace.remedy : noNamespace.remedy({ namespace });
  return unavailable(noNamespace.shows({ namespace }), 'find the namespace', client, create, cause);
}

function attributesFailure(client: OperatorClient, cause: unknown): PipelineError {
  const { namespace } = client.options;
  const { shows, remedy } = temporalProblems.noAttributes;
  return unavailable(
    `${shows({ namespace })}: ${messageOf(cause)}`,
    'create search attributes',
    client,
    remedy({ commands: commandsOf(client, searchAttributes) }),
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
