/** The database name of a wiki as a parameter. */
import { Type } from 'typebox';
import { wikiName } from '../../contracts/kinds.ts';
import { WIKI_NAME_PATTERN } from '../../core/wiki-name.ts';

export const WikiName = Type.String({
  pattern: WIKI_NAME_PATTERN,
  description: 'Database name of a wiki.',
  examples: ['enwiki'],
  'x-expected': wikiName.expected,
});
