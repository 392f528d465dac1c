/** The message of an error: its own text and that of its causes, each once. */
import { describe, expect, test } from 'vitest';
import { PipelineError, messageOf } from '../../src/contracts/errors.ts';

describe('messageOf', () => {
  const refused = new Error('connect ECONNREFUSED 127.0.0.1:1');
  test.each([
    ['an error', new Error('broken'), 'broken'],
    ['a text', 'broken', 'broken'],
    ['nothing', undefined, 'undefined'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
    ['a cause', new Error('fetch failed', { cause: refused }), `fetch failed: ${refused.message}`],
    ['a cause of a cause', new Error('a', { cause: new Error('b', { cause: new Error('c') }) }), 'a: b: c'],
    [
      'a cause whose message is already included',
      new Error(`put: ${refused.message}`, { cause: refused }),
      `put: ${refused.message}`,
    ],
    ['a cause that is not an error', new Error('a', { cause: 'b' }), 'a'],
    [
      'an aggregate without a message',
      new AggregateError([refused, new Error('b')]),
      `${refused.message}; b`,
    ],
    ['an aggregate with a message', new AggregateError([refused], 'all refused'), 'all refused'],
    ['an error without a message', new Error(''), ''],
    ['a cause without a message', new Error('a', { cause: new Error('') }), 'a'],
    [
      'an aggregate as cause',
      new Error('a', { cause: new AggregateError([refused]) }),
      `a: ${refused.message}`,
    ],
  ])('of %s', (_, error, message) => {
    expect(messageOf(error)).toBe(message);
  });
});

describe('PipelineError', () => {
  test('has the given fields, and an empty hint by default', () => {
    const cause = new Error('cause');
    const error = new PipelineError('broken', {
      code: 'fenced',
      op: 'commit',
      subject: 'key',
      retryable: false,
      hint: 'fix it',
      cause,
    });
    expect(error).toMatchObject({
      name: 'PipelineError',
      message: 'broken',
      code: 'fenced',
      op: 'commit',
      hint: 'fix it',
      cause,
    });
    expect(new PipelineError('x', { code: 'fenced', op: 'o', subject: 's', retryable: true }).hint).toBe('');
  });
});
