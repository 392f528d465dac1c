/** What a real Temporal server says to keys with few rights, and of a namespace that does not exist. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectClient } from '../../src/temporal/client.ts';
import { ensureSearchAttributes } from '../../src/temporal/search-attributes.ts';
import type { OperatorClient } from '../../src/temporal/search-attributes.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { STATUS, serverError } from './server-error.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ gold: 's3' });
});
afterAll(() => world.close());

/** A key that may neither list nor create search attributes. */
function limited({ connection }: World['client'], namespace: string): OperatorClient {
  const deny = async (): Promise<never> => {
    throw serverError(STATUS.PERMISSION_DENIED, 'Request unauthorized.');
  };
  const operatorService = { listSearchAttributes: deny, addSearchAttributes: deny };
  const { workflowService } = connection;
  return {
    options: { namespace },
    connection: { operatorService, workflowService },
  } as unknown as OperatorClient;
}

test('attributes that exist need no right to list them; those that do not are missed', async () => {
  const { client, env } = world;
  await expect(ensureSearchAttributes(limited(client, env['TEMPORAL_NAMESPACE'] ?? ''))).resolves.toEqual({
    areBackfillsIndexed: false,
  });
  // A namespace of the server itself, which has none of ours.
  await expect(ensureSearchAttributes(limited(client, 'temporal-system'))).rejects.toMatchObject({
    hint: expect.stringContaining('search-attribute create') as unknown,
  });
});

test('a namespace that does not exist is named, with the command that creates it', async () => {
  const client = await connectClient({ ...world.env, TEMPORAL_NAMESPACE: 'nosuchspace' });
  await expect(ensureSearchAttributes(client)).rejects.toMatchObject({
    hint: expect.stringContaining('temporal operator namespace create --namespace nosuchspace') as unknown,
  });
  await client.connection.close();
});
