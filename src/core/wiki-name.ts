/** The database name of a wiki, such as `enwiki`: the one rule for events, settings, inputs, keys and API parameters. */

/** A name within a longer pattern. */
export const WIKI_NAME = '[a-z0-9_]{1,64}';
/** A name and nothing else; a pattern, because JSON Schema needs its text. */
export const WIKI_NAME_PATTERN = `^${WIKI_NAME}$`;

/** Stands for all wikis together: no wiki has this name. */
export const ALL_WIKIS = 'all';

const PATTERN = new RegExp(WIKI_NAME_PATTERN);

/** Whether `name` can be the database name of a wiki. */
export function isWikiName(name: string): boolean {
  return PATTERN.test(name);
}
