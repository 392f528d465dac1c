/** What an error says: its own words and those of its causes, once. */
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
      'a cause that is told already',
      new Error(`put: ${refused.message}`, { cause: refused }),
      `put: ${refused.message}`,
    ],
    ['a cause that is no error', new Error('a', { cause: 'b' }), 'a'],
    ['an aggregate without words', new AggregateError([refused, new Error('b')]), `${refused.message}; b`],
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
  test('carries what happened, to what, and what to do', () => {
    const cause = new Error('cause');
    const error = new PipelineError('broken', {
      code: 'fenced',
      op: 'commit',
      subject: 'key',
      retryable: false,
      hint: 'mend',
      cause,
    });
    expect(error).toMatchObject({
      name: 'PipelineError',
      message: 'broken',
      code: 'fenced',
      op: 'commit',
      hint: 'mend',
      cause,
    });
    expect(new PipelineError('x', { code: 'fenced', op: 'o', subject: 's', retryable: true }).hint).toBe('');
  });
});
