/** A backfill that is started is labelled with what it fills; a namespace without the attributes starts it too. */
import type { Client } from '@temporalio/client';
import { describe, expect, test } from 'vitest';
import { backfillSummary } from '../../src/contracts/temporal/backfill-label.ts';
import { startBackfill } from '../../src/temporal/start-backfill.ts';
import { STATUS, serverError } from './server-error.ts';

interface Started {
  readonly args: readonly unknown[];
  readonly staticSummary: string;
  readonly typedSearchAttributes?: readonly {
    readonly key: { readonly name: string };
    readonly value: unknown;
  }[];
}

/** @param answer what the server says to a start */
function clientWhere(answer: (options: Started) => unknown = () => undefined) {
  const started: Started[] = [];
  const start = async (_type: string, options: Started) => {
    const said = answer(options);
    if (said instanceof Error) throw said;
    started.push(options);
    return {};
  };
  return { client: { workflow: { start } } as unknown as Client, started };
}

const range = { from: '2026-11-20T10:00:00Z', to: '2026-11-21T10:00:00Z' };
const labelsOf = ({ typedSearchAttributes = [] }: Started) =>
  Object.fromEntries(typedSearchAttributes.map(({ key, value }) => [key.name, value]));

describe('a backfill that is started', () => {
  test('says what it fills', async () => {
    const { client, started } = clientWhere();
    const input = { ...range, wikis: ['dewiki', 'enwiki'], source: 'api' };
    await startBackfill(client, input);
    expect(started).toMatchObject([
      {
        args: [input],
        staticSummary: 'dewiki, enwiki · 2026-11-20 10:00 to 2026-11-21 10:00 UTC · source api',
      },
    ]);
    expect(started.map(labelsOf)).toEqual([
      { WikigaugeWiki: ['dewiki', 'enwiki'], WikigaugeSource: 'api', WikigaugeFrom: new Date(range.from) },
    ]);
  });

  test('of all wikis leaves them to the worker, which knows which ones the installation keeps', async () => {
    const { client, started } = clientWhere();
    await startBackfill(client, range);
    expect(started.map(labelsOf)).toEqual([{ WikigaugeSource: 'auto', WikigaugeFrom: new Date(range.from) }]);
    expect(started[0]?.staticSummary).toMatch(/^all wikis · .* · source auto$/);
  });

  test('starts where the namespace does not know the attributes', async () => {
    const refusal = new Error('Failed to start Workflow', {
      cause: serverError(STATUS.INVALID_ARGUMENT, 'any text'),
    });
    const { client, started } = clientWhere(options =>
      options.typedSearchAttributes === undefined ? undefined : refusal,
    );
    await startBackfill(client, { ...range, wikis: ['dewiki'] });
    expect(started.map(labelsOf)).toEqual([{}]);
    expect(started[0]?.staticSummary).toContain('dewiki');
  });

  test('fails as the server says, when it is for another reason', async () => {
    const away = serverError(STATUS.UNAVAILABLE, 'any text');
    await expect(startBackfill(clientWhere(() => away).client, range)).rejects.toBe(away);
  });

  test('with wrong input starts, so that its run says what is wrong', async () => {
    const { client, started } = clientWhere();
    await startBackfill(client, { hours: 0 });
    expect(started.map(labelsOf)).toEqual([{}]);
    expect(started).toMatchObject([{ args: [{ hours: 0 }], staticSummary: 'Edits that ingest missed' }]);
  });
});

test('a summary names a few of many wikis', () => {
  const wikis = Array.from({ length: 12 }, (_, i) => `w${i}`);
  expect(backfillSummary({ ...range, wikis, source: 'auto', concurrency: 3 })).toBe(
    'w0, w1, w2, w3, w4, 7 more wikis · 2026-11-20 10:00 to 2026-11-21 10:00 UTC · source auto',
  );
});
