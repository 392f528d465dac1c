/** Backfills of the stream take turns, whatever happens to the one whose turn it is. */
import { expect, test } from 'vitest';
import { onOneConnection } from '../../src/backfill/one-connection.ts';
import { PipelineError } from '../../src/contracts/errors.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';
import { untilHolds } from '../support/until.ts';

const never = new AbortController().signal;
const silent = { signal: never, warn: () => undefined };

test('three workers read one after the other, and say that they wait', async () => {
  const store = new MemoryObjectStore();
  const warned: string[] = [];
  let reading = 0;
  let most = 0;
  const read = (): Promise<void> =>
    onOneConnection(store, { signal: never, warn: message => void warned.push(message) }, async () => {
      reading += 1;
      most = Math.max(most, reading);
      await new Promise(resolve => setTimeout(resolve, 20));
      reading -= 1;
    });
  await Promise.all([read(), read(), read()]);
  expect(most).toBe(1);
  expect(warned).toContain('another backfill reads the stream; waiting for its turn');
});

test('a worker that was killed loses its turn', async () => {
  const store = new MemoryObjectStore();
  // It has taken the lease, and then its process is gone: nothing renews it.
  let isDead = false;
  const ofDead = Object.assign(Object.create(store) as MemoryObjectStore, {
    replace: (...put: Parameters<MemoryObjectStore['replace']>) =>
      isDead ? new Promise<never>(() => undefined) : store.replace(...put),
    read: (key: string) => store.read(key),
  });
  const first = onOneConnection(ofDead, { ...silent, holdMs: 1_000 }, () => {
    isDead = true;
    return new Promise<never>(() => undefined);
  });
  first.catch(() => undefined);
  await untilHolds(() => expect(isDead).toBe(true));
  expect(await onOneConnection(store, { ...silent, holdMs: 1_000 }, async () => 'read')).toBe('read');
});

test('an abort ends the waiting with its reason', async () => {
  const store = new MemoryObjectStore();
  const stopping = new AbortController();
  let release = (): void => undefined;
  const first = onOneConnection(store, silent, () => new Promise<void>(resolve => (release = resolve)));
  await untilHolds(() => expect(store.keys).toHaveLength(1));
  const reason = new Error('cancelled');
  const second = onOneConnection(store, { ...silent, signal: stopping.signal }, async () => 'read');
  stopping.abort(reason);
  await expect(second).rejects.toBe(reason);
  release();
  await first;
});

test('without If-Match on the endpoint it reads all the same, and says so', async () => {
  const store = new MemoryObjectStore();
  store.before = operation => {
    if (operation !== 'put') return;
    throw new PipelineError('no If-Match', {
      code: 'conditional_write_unsupported',
      op: 'put',
      subject: 'x',
      retryable: false,
    });
  };
  const warned: string[] = [];
  const turn = { signal: never, warn: (message: string) => void warned.push(message) };
  expect(await onOneConnection(store, turn, async () => 'read')).toBe('read');
  expect(warned).toEqual([expect.stringContaining('If-Match')]);
});
