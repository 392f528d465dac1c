/** Search attributes are created where they are missing; failures are told apart by gRPC status, never by their text. */
import proto from '@temporalio/proto';
import { describe, expect, test } from 'vitest';
import { backfillAttributeKeys, searchAttributes } from '../../src/contracts/temporal/search-attributes.ts';
import { ensureSearchAttributes } from '../../src/temporal/search-attributes.ts';
import type { OperatorClient } from '../../src/temporal/search-attributes.ts';
import { STATUS, serverError } from './server-error.ts';

const { IndexedValueType } = proto.temporal.api.enums.v1;
const [KEYWORD, INT] = [IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD, IndexedValueType.INDEXED_VALUE_TYPE_INT];
const OWN = Object.fromEntries(
  searchAttributes.map(({ name, type }) => [name, type === 'INT' ? INT : KEYWORD]),
);
const OF_BACKFILLS = {
  WikigaugeWiki: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST,
  WikigaugeSource: KEYWORD,
  WikigaugeFrom: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
};
const names = searchAttributes.map(({ name }) => name);
const namesOfBackfills = backfillAttributeKeys.map(({ name }) => name);

interface Server {
  /** Of the requests that add some, in their order. */
  readonly failures?: readonly Error[];
  readonly address?: string;
  /** Whether a query may name the attributes. */
  readonly canQuery?: boolean;
}

/** A namespace with these attributes. */
function clientWith(
  attributes: Readonly<Record<string, number>>,
  { failures = [], address = '127.0.0.1:7233', canQuery = false }: Server = {},
) {
  const added: string[][] = [];
  const operatorService = {
    listSearchAttributes: async () => ({ customAttributes: attributes }),
    addSearchAttributes: async ({ searchAttributes: asked }: { searchAttributes: object }) => {
      const failure = failures[added.length];
      added.push(Object.keys(asked));
      if (failure !== undefined) throw failure;
      return {};
    },
  };
  const workflowService = {
    countWorkflowExecutions: async () => {
      if (!canQuery) throw serverError(STATUS.INVALID_ARGUMENT, 'any text');
      return { count: 0 };
    },
  };
  const connection = { operatorService, workflowService, options: { address } };
  const client = { options: { namespace: 'default' }, connection };
  return { client: client as unknown as OperatorClient, added };
}

describe('ensureSearchAttributes', () => {
  test('creates only those that are missing', async () => {
    const [present = '', ...missing] = names;
    const { client, added } = clientWith({ [present]: KEYWORD });
    expect(await ensureSearchAttributes(client)).toEqual({ areBackfillsIndexed: true });
    expect(added).toEqual([missing, namesOfBackfills]);
  });

  test('changes nothing when all exist', async () => {
    const { client, added } = clientWith({ ...OWN, ...OF_BACKFILLS });
    expect(await ensureSearchAttributes(client)).toEqual({ areBackfillsIndexed: true });
    expect(added).toEqual([]);
  });

  test('succeeds when another worker creates them first', async () => {
    const failure = serverError(STATUS.ALREADY_EXISTS, 'any text');
    const { client } = clientWith({}, { failures: [failure, failure] });
    await expect(ensureSearchAttributes(client)).resolves.toEqual({ areBackfillsIndexed: true });
  });

  test('reports any other failure with the commands to run, whatever its text says', async () => {
    const { client } = clientWith(
      {},
      { failures: [serverError(STATUS.PERMISSION_DENIED, 'ALREADY_EXISTS')] },
    );
    await expect(ensureSearchAttributes(client)).rejects.toMatchObject({
      code: 'temporal_unavailable',
      retryable: false,
      hint: expect.stringContaining(`search-attribute create --name ${names[0]}`),
    });
  });

  test('does without those of backfills where they cannot be created, and says how to create them', async () => {
    const { client } = clientWith(OWN, { failures: [serverError(STATUS.PERMISSION_DENIED, 'not allowed')] });
    const warnings: string[] = [];
    const found = await ensureSearchAttributes(client, message => warnings.push(message));
    expect(found).toEqual({ areBackfillsIndexed: false });
    expect(warnings).toEqual([
      expect.stringContaining(
        'temporal operator search-attribute create --name WikigaugeWiki --type KeywordList',
      ),
    ]);
  });

  test('does without them where one has another type', async () => {
    const { client, added } = clientWith({ ...OWN, ...OF_BACKFILLS, WikigaugeFrom: KEYWORD });
    const warnings: string[] = [];
    const found = await ensureSearchAttributes(client, message => warnings.push(message));
    expect(found).toEqual({ areBackfillsIndexed: false });
    expect(warnings).toEqual([expect.stringContaining('another type')]);
    expect(added).toEqual([]);
  });

  test('starts where they may not be created, but exist', async () => {
    const denied = serverError(STATUS.PERMISSION_DENIED, 'any text');
    const { client } = clientWith({}, { failures: [denied, denied], canQuery: true });
    await expect(ensureSearchAttributes(client)).resolves.toEqual({ areBackfillsIndexed: false });
  });

  test('names the command that creates an unknown namespace', async () => {
    const { client } = clientWith({}, { failures: [serverError(STATUS.NOT_FOUND, 'any text')] });
    await expect(ensureSearchAttributes(client)).rejects.toMatchObject({
      message: 'Temporal has no namespace default',
      hint: expect.stringContaining('temporal operator namespace create --namespace default') as unknown,
    });
  });

  test.each([
    [STATUS.PERMISSION_DENIED, 'tcld namespace search-attributes add --namespace default'],
    [STATUS.NOT_FOUND, 'tcld namespace create'],
  ])('names the tool of Temporal Cloud there: status %i', async (status, command) => {
    const address = 'wikigauge.a1b2c.tmprl.cloud:7233';
    const { client } = clientWith({}, { failures: [serverError(status, 'any text')], address });
    await expect(ensureSearchAttributes(client)).rejects.toMatchObject({
      hint: expect.stringContaining(command) as unknown,
    });
  });
});
