/** Search attributes are created where they are missing; failures are told apart by gRPC status, never by their text. */
import { describe, expect, test } from 'vitest';
import { searchAttributes } from '../../src/contracts/temporal/search-attributes.ts';
import { ensureSearchAttributes } from '../../src/temporal/search-attributes.ts';
import type { OperatorClient } from '../../src/temporal/search-attributes.ts';
import { STATUS, serverError } from './server-error.ts';

/** A namespace with these attributes. */
function clientWith(names: readonly string[], failure?: Error) {
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
  const client = { options: { namespace: 'default' }, connection: { operatorService } };
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
});
