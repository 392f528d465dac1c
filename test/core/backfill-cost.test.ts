/** Which sources `auto` reads, by what an hour of edits costs. */
import { describe, expect, test } from 'vitest';
import { chooseSources } from '../../src/core/backfill-cost.ts';

const API_FIRST = ['api', 'stream', 'dump'];
const STREAM_FIRST = ['stream', 'api', 'dump'];

describe('auto', () => {
  test.each([
    [1, API_FIRST],
    [4, API_FIRST],
    [5, STREAM_FIRST],
    [900, STREAM_FIRST],
    [undefined, STREAM_FIRST],
  ])('for %s wikis asks %j in this order', (wikis, order) => {
    expect(chooseSources(wikis).order).toEqual(order);
  });

  test('says why in a sentence that has both costs', () => {
    expect(chooseSources(1).why).toBe(
      'one wiki is wanted: for an hour of edits the Action API takes at most about 6 s, the stream of all wikis ' +
        'about 30 s and 190 MB; so the API where it reaches, then the stream, then the dumps',
    );
    expect(chooseSources(20).why).toBe(
      '20 wikis are wanted: for an hour of edits the Action API takes at most about 120 s, the stream of all wikis ' +
        'about 30 s and 190 MB; so the stream where it reaches, then the API, then the dumps',
    );
    expect(chooseSources(undefined).why).toMatch(/^all wikis are wanted, which the stream has in one pass/);
  });
});
