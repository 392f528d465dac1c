/** Suggestions for a misspelt wiki. */
import { expect, test } from 'vitest';
import { nearNames } from '../../src/backfill/near-names.ts';

const NAMES = ['commonswiki', 'dewiki', 'enwiki', 'enwikibooks', 'wikidatawiki'];

test.each([
  ['a letter too many', 'enwikki', 'enwiki'],
  ['a letter missing', 'comonswiki', 'commonswiki'],
  ['a wrong letter', 'deviki', 'dewiki'],
  ['the name of the site', 'wikidata', 'wikidatawiki'],
])('%s', (_, name, meant) => {
  expect(nearNames(name, NAMES, 1)).toEqual([meant]);
});

test('the nearest come first, no more than were asked for', () => {
  expect(nearNames('enwiki', NAMES, 2)).toEqual(['enwiki', 'dewiki']);
  expect(nearNames('enwiki', [], 2)).toEqual([]);
});
