/** Notices that cannot be delivered: only a workflow that is not running ends the attempts. */
import { NamespaceNotFoundError } from '@temporalio/common';
import { ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { describe, expect, test } from 'vitest';
import type { CommitNotice } from '../../src/contracts/temporal/messages.ts';
import { noticeSender } from '../../src/temporal/notices.ts';
import type { SignallingClient } from '../../src/temporal/notices.ts';
import { STATUS, serverError } from './server-error.ts';

const NOTICE: CommitNotice = { sequence: 2, after: 1, parts: [], isLast: true, deadLetters: 0 };

function clientThat(signal: (workflowId: string, args: unknown[]) => Promise<void>): SignallingClient {
  const client = {
    withDeadline: (_: number, call: () => Promise<void>) => call(),
    workflow: {
      getHandle: (workflowId: string) => ({
        signal: (_: unknown, ...args: unknown[]) => signal(workflowId, args),
      }),
    },
  };
  return client as unknown as SignallingClient;
}

const failingWith = (failure: Error): SignallingClient =>
  clientThat(async () => {
    throw failure;
  });

describe('noticeSender', () => {
  test('signals the workflow that it is given', async () => {
    const sent: unknown[] = [];
    const send = noticeSender(clientThat(async (...call) => void sent.push(call)));
    await send('ingest-recentchange', NOTICE);
    expect(sent).toEqual([['ingest-recentchange', [NOTICE]]]);
  });

  test('gives up when the workflow is not running', async () => {
    const send = noticeSender(
      failingWith(new WorkflowNotFoundError('gone', 'ingest-recentchange', undefined)),
    );
    await expect(send('ingest-recentchange', NOTICE)).rejects.toMatchObject({
      code: 'temporal_unavailable',
      subject: 'ingest-recentchange',
      retryable: false,
    });
  });

  test.each([
    ['the server is down', new ServiceError('down', { cause: serverError(STATUS.UNAVAILABLE, 'not found') })],
    ['access is denied', new ServiceError('no', { cause: serverError(STATUS.PERMISSION_DENIED, 'no') })],
    ['the namespace does not exist', new NamespaceNotFoundError('default')],
  ])('may be retried when %s', async (_, error) => {
    const send = noticeSender(failingWith(error));
    await expect(send('ingest-recentchange', NOTICE)).rejects.toMatchObject({ retryable: true });
  });
});
