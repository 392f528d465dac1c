/** The database name of a wiki as a parameter: the same rule as in core, so that what ingest stores can be asked for. */
import { Type } from 'typebox';

export const WikiName = Type.String({
  pattern: '^[a-z0-9_]{1,64}$',
  description: 'Database name of a wiki.',
  examples: ['enwiki'],
  'x-expected': 'a wiki’s database name: 1 to 64 lower case letters, digits and underscores',
});
