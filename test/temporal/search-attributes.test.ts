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

/** A namespace with these attributes. @param failures of the requests that add some, in their order */
function clientWith(attributes: Readonly<Record<string, number>>, ...failures: (Error | undefined)[]) {
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
  const client = { options: { namespace: 'default' }, connection: { operatorService } };
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
    const { client } = clientWith({}, failure, failure);
    await expect(ensureSearchAttributes(client)).resolves.toEqual({ areBackfillsIndexed: true });
  });

  test('reports any other failure with the commands to run, whatever its text says', async () => {
    const { client } = clientWith({}, serverError(STATUS.PERMISSION_DENIED, 'ALREADY_EXISTS'));
    await expect(ensureSearchAttributes(client)).rejects.toMatchObject({
      code: 'temporal_unavailable',
      retryable: false,
      hint: expect.stringContaining(`search-attribute create --name ${names[0]}`),
    });
  });

  test('does without those of backfills where they cannot be created, and says how to create them', async () => {
    const { client } = clientWith(OWN, serverError(STATUS.PERMISSION_DENIED, 'not allowed'));
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
});
