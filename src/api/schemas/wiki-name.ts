/** The database name of a wiki as a parameter. */
import { Type } from 'typebox';
import { wikiName } from '../../contracts/kinds.ts';
import { MAX_SERIES } from '../../contracts/limits.ts';
import { ALL_WIKIS, WIKI_NAME, WIKI_NAME_PATTERN } from '../../core/wiki-name.ts';

export const WikiName = Type.String({
  pattern: WIKI_NAME_PATTERN,
  description: 'Database name of a wiki.',
  examples: ['enwiki'],
  'x-expected': wikiName.expected,
});

/** Some wikis, or all. `wikisAsked` checks that `all` stands alone. */
export const SeveralWikis = Type.String({
  pattern: `^${WIKI_NAME}(?:,${WIKI_NAME}){0,${MAX_SERIES - 1}}$`,
  description: `Database names of 1 to ${MAX_SERIES} wikis, comma separated, or \`${ALL_WIKIS}\` for all wikis together.`,
  examples: ['enwiki,dewiki'],
  'x-expected': `1 to ${MAX_SERIES} database names of wikis, comma separated, or ${ALL_WIKIS}`,
});
