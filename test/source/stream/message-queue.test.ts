/** Between parser and reader: everything in order, and the socket waits and continues in time (invariant 7). */
import { describe, expect, test } from 'vitest';
import { MessageQueue } from '../../../src/source/stream/message-queue.ts';
import type { StreamMessage } from '../../../src/source/stream/message-queue.ts';

const MIB = 1 << 20;

function message(bytes: number, id = ''): StreamMessage {
  return { data: Buffer.alloc(bytes), id };
}

/** Whether a promise has settled after everything that is already due. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.then(() => (settled = true));
  await new Promise(resolve => setImmediate(resolve));
  return settled;
}

async function idsOf(queue: MessageQueue): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of queue) ids.push(id);
  return ids;
}

describe('a queue', () => {
  test('delivers in order what is pushed before and during reading', async () => {
    const queue = new MessageQueue();
    queue.push(message(1, 'a'));
    queue.push(message(1, 'b'));
    const reading = idsOf(queue);
    await isSettled(reading);
    queue.push(message(1, 'c'));
    await isSettled(reading);
    queue.push(message(1, 'd'));
    queue.end();
    expect(await reading).toEqual(['a', 'b', 'c', 'd']);
  });

  test('that has ended delivers what it has, and then ends', async () => {
    const queue = new MessageQueue();
    queue.push(message(1, 'a'));
    queue.end();
    expect(await idsOf(queue)).toEqual(['a']);
    expect(await idsOf(queue)).toEqual([]);
  });

  test('delivers what is pushed while its reader is busy, without waiting for more', async () => {
    const queue = new MessageQueue();
    queue.push(message(1, 'a'));
    const reader = queue[Symbol.asyncIterator]();
    await reader.next();
    queue.push(message(1, 'b'));
    const next = reader.next();
    expect(await isSettled(next)).toBe(true);
    expect(await next).toMatchObject({ value: { id: 'b' } });
  });

  test('delivers what is pushed while its reader is busy even if it ends at once', async () => {
    const queue = new MessageQueue();
    queue.push(message(1, 'a'));
    const reader = queue[Symbol.asyncIterator]();
    await reader.next();
    queue.push(message(1, 'b'));
    queue.end();
    expect(await reader.next()).toMatchObject({ value: { id: 'b' } });
    expect(await reader.next()).toEqual({ value: undefined, done: true });
  });

  test('wakes a waiting reader when it ends', async () => {
    const queue = new MessageQueue();
    const reading = idsOf(queue);
    expect(await isSettled(reading)).toBe(false);
    queue.end();
    expect(await reading).toEqual([]);
  });
});

describe('room', () => {
  test('exists below 8 MiB', async () => {
    const queue = new MessageQueue();
    queue.push(message(8 * MIB - 1_000));
    expect(await isSettled(queue.hasRoom())).toBe(true);
    queue.push(message(1_000));
    expect(await isSettled(queue.hasRoom())).toBe(false);
  });

  test('returns once less than 2 MiB are waiting, not after each message', async () => {
    const queue = new MessageQueue();
    for (let n = 0; n < 8; n += 1) queue.push(message(MIB));
    const room = queue.hasRoom();
    const reader = queue[Symbol.asyncIterator]();
    // A message counts until the reader requests the next one, because it stays in memory that long.
    for (let n = 0; n < 7; n += 1) await reader.next();
    expect(await isSettled(room)).toBe(false);
    await reader.next();
    expect(await isSettled(room)).toBe(true);
  });

  test('returns after a single message that is larger than the queue', async () => {
    const queue = new MessageQueue();
    queue.push(message(16 * MIB));
    const room = queue.hasRoom();
    const reader = queue[Symbol.asyncIterator]();
    await reader.next();
    expect(await isSettled(room)).toBe(false);
    void reader.next();
    expect(await isSettled(room)).toBe(true);
  });

  test('always exists once the queue has ended, because its reader may be gone', async () => {
    const queue = new MessageQueue();
    queue.push(message(9 * MIB));
    const room = queue.hasRoom();
    queue.end();
    expect(await isSettled(room)).toBe(true);
    expect(await isSettled(queue.hasRoom())).toBe(true);
  });

  test('is also used up by ids and by the overhead of messages', async () => {
    const queue = new MessageQueue();
    for (let n = 0; n < 10_000; n += 1) queue.push(message(0, `${n} ${'i'.repeat(2_000)}`));
    expect(await isSettled(queue.hasRoom())).toBe(false);
  });
});
