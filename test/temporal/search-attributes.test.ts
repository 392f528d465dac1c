/** Search attributes are created where they are missing; failures are told apart by gRPC status, never by their text. */
import { describe, expect, test } from 'vitest';
import { searchAttributes } from '../../src/contracts/temporal/search-attributes.ts';
import { ensureSearchAttributes } from '../../src/temporal/search-attributes.ts';
import type { OperatorClient } from '../../src/temporal/search-attributes.ts';
import { STATUS, serverError } from './server-error.ts';

/** A namespace with these attributes. */
function clientWith(
  names: readonly string[],
  failure?: Error,
  { address = '127.0.0.1:7233', canQuery = false } = {},
) {
  const added: string[][] = [];
  const operatorService = {
    listSearchAttributes: async () => ({
      customAttributes: Object.fromEntries(names.map(name => [name, 2])),
    }),
    addSearchAttributes: async ({ searchAttributes: attributes }: { searchAttributes: object }) => {
      added.push(Object.keys(attributes));
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

const all = searchAttributes.map(({ name }) => name);

describe('ensureSearchAttributes', () => {
  test('creates only those that are missing', async () => {
    const [present = '', ...missing] = all;
    const { client, added } = clientWith([present]);
    await ensureSearchAttributes(client);
    expect(added).toEqual([missing]);
  });

  test('changes nothing when all exist', async () => {
    const { client, added } = clientWith(all);
    await ensureSearchAttributes(client);
    expect(added).toEqual([]);
  });

  test('succeeds when another worker creates them first', async () => {
    const { client } = clientWith([], serverError(STATUS.ALREADY_EXISTS, 'any text'));
    await expect(ensureSearchAttributes(client)).resolves.toBeUndefined();
  });

  test('reports any other failure with the commands to run, whatever its text says', async () => {
    const { client } = clientWith([], serverError(STATUS.PERMISSION_DENIED, 'ALREADY_EXISTS'));
    await expect(ensureSearchAttributes(client)).rejects.toMatchObject({
      code: 'temporal_unavailable',
      retryable: false,
      hint: expect.stringContaining(`search-attribute create --name ${all[0]}`),
    });
  });

  test('starts where they may not be created, but exist', async () => {
    const denied = serverError(STATUS.PERMISSION_DENIED, 'any text');
    const { client } = clientWith([], denied, { canQuery: true });
    await expect(ensureSearchAttributes(client)).resolves.toBeUndefined();
  });

  test('names the command that creates an unknown namespace', async () => {
    const { client } = clientWith([], serverError(STATUS.NOT_FOUND, 'any text'));
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
    const { client } = clientWith([], serverError(status, 'any text'), { address });
    await expect(ensureSearchAttributes(client)).rejects.toMatchObject({
      hint: expect.stringContaining(command) as unknown,
    });
  });
});
