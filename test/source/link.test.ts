/** How a connection is cut, and which cause counts. */
import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { Link } from '../../src/source/link.ts';
import { unreachable } from '../../src/source/source-failure.ts';

const FAILURE = unreachable('http://source', 'broken');

describe('a link', () => {
  test('keeps the first failure as its cause', () => {
    const link = new Link(new AbortController().signal);
    link.fail(FAILURE);
    link.fail(unreachable('http://source', 'later'));
    expect(link.failure).toBe(FAILURE);
    expect(link.signal.reason).toBe(FAILURE);
  });

  test.each(['before', 'after'] as const)('stopped by its caller %s it began has not failed', when => {
    const caller = new AbortController();
    const reason = new Error('enough');
    if (when === 'before') caller.abort(reason);
    const link = new Link(caller.signal);
    caller.abort(reason);
    link.fail(FAILURE);
    expect(link.signal.reason).toBe(reason);
    expect(link.failure).toBeUndefined();
  });

  test('that has ended has not failed, and leaves no listener on its caller', () => {
    const caller = new AbortController();
    const link = new Link(caller.signal);
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(1);
    link.end();
    link.fail(FAILURE);
    expect([link.signal.aborted, link.failure]).toEqual([true, undefined]);
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
  });

  test('fails when an answer takes too long', async () => {
    const link = new Link(new AbortController().signal);
    const answer = new Promise<never>((_, reject) => {
      link.signal.addEventListener('abort', () => reject(link.signal.reason as Error));
    });
    await expect(link.within(10, answer, () => FAILURE)).rejects.toBe(FAILURE);
    expect(link.failure).toBe(FAILURE);
  });

  test('does not fail once the answer is there', async () => {
    const link = new Link(new AbortController().signal);
    expect(await link.within(10, Promise.resolve('answer'), () => FAILURE)).toBe('answer');
    await new Promise(resolve => setTimeout(resolve, 30));
    expect([link.signal.aborted, link.failure]).toEqual([false, undefined]);
  });
});
