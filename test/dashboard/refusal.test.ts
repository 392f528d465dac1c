/** ⑧ What the API refuses is said at the field that it names. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { buildApp } from '../../src/api/app.ts';
import { ApiProblem } from '../../src/dashboard/api-client.ts';
import { startBackfill } from '../../src/dashboard/backfill-requests.ts';
import { refusalOf } from '../../src/dashboard/refusal.ts';
import { MemoryGold } from '../api/memory-gold.ts';
import { answeredBy } from './answered-by.ts';

const FIELDS = ['from', 'to', 'source', 'wikis'];

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('a refusal by the API', () => {
  async function refusal(input: object, token = 'secret') {
    const app = await buildApp({
      gold: new MemoryGold(),
      dashboardDir: 'not-built',
      version: '1',
      adminToken: 'secret',
    });
    answeredBy(app);
    const error: unknown = await startBackfill(input, token).catch((reason: unknown) => reason);
    await app.close();
    return refusalOf(error, FIELDS);
  }

  test('of a time in the future is at its field, without the name of the workflow or an example', async () => {
    const { fields, other } = await refusal({ from: '2199-01-01T00:00Z' });
    expect(other).toBeUndefined();
    expect(Object.keys(fields)).toEqual(['from']);
    expect(fields['from']).toMatch(/^From lies in the future, got 2199-01-01T00:00Z; now is .*Z\.$/);
  });

  test('of a name that no wiki can have is at the wikis', async () => {
    expect((await refusal({ wikis: ['English Wikipedia'] })).fields['wikis']).toContain('database name');
  });

  test('of a wrong token is at the token', async () => {
    expect((await refusal({}, 'wrong')).fields).toEqual({
      token: 'The token is not the value of ADMIN_TOKEN.',
    });
  });

  test('that no field of the form is about is said of the whole', async () => {
    expect(await refusal({ concurrency: 99 })).toEqual({
      fields: {},
      other: expect.stringContaining('concurrency'),
    });
    expect(await refusal({ from: '2026-11-20T04:00Z', to: '2026-11-20T08:00Z' })).toEqual({
      fields: {},
      other: 'The API responded with 503: This API is not connected to Temporal.',
    });
  });
});

test('a refusal of several fields says at each what was expected', () => {
  const wrong = ['from', 'wikis'].map(parameter => ({
    parameter,
    got: null,
    expected: `another ${parameter}`,
    example: '',
  }));
  expect(refusalOf(new ApiProblem(400, 'two are wrong', wrong), FIELDS).fields).toEqual({
    from: 'Expected another from.',
    wikis: 'Expected another wikis.',
  });
});

test('an API that does not answer is no field’s fault', () => {
  expect(refusalOf(new Error('no connection to the API'), FIELDS).other).toBe('No connection to the API.');
});
