/**
 * What happens to each field of a capture. A field that is not listed takes the rule of the object it is in. Where no
 * rule says anything, anonymising stops: a field that is new to us may hold anything.
 */

/** @typedef {'keep' | 'id' | 'text' | 'continue'} Rule */

/** An event of the stream `recentchange`. @type {Readonly<Record<string, Rule>>} */
export const EVENT_FIELDS = {
  $schema: 'keep',
  'meta.domain': 'keep',
  'meta.dt': 'keep',
  'meta.id': 'text',
  'meta.offset': 'keep',
  'meta.partition': 'keep',
  'meta.request_id': 'text',
  'meta.schema_uri': 'keep',
  'meta.stream': 'keep',
  'meta.topic': 'keep',
  'meta.uri': 'text',
  bot: 'keep',
  comment: 'text',
  id: 'id',
  length: 'keep',
  log_action: 'keep',
  log_action_comment: 'text',
  log_id: 'id',
  log_params: 'text',
  log_type: 'keep',
  minor: 'keep',
  namespace: 'keep',
  notify_url: 'text',
  parsedcomment: 'text',
  patrolled: 'keep',
  revision: 'id',
  server_name: 'keep',
  server_script_path: 'keep',
  server_url: 'keep',
  timestamp: 'keep',
  title: 'text',
  title_url: 'text',
  type: 'keep',
  user: 'text',
  wiki: 'keep',
};

const CHANGE = 'query.recentchanges';

/** A response of the Action API to `list=recentchanges`. @type {Readonly<Record<string, Rule>>} */
export const RESPONSE_FIELDS = {
  batchcomplete: 'keep',
  'continue.continue': 'keep',
  'continue.rccontinue': 'continue',
  [`${CHANGE}.anon`]: 'keep',
  [`${CHANGE}.autopatrolled`]: 'keep',
  [`${CHANGE}.bot`]: 'keep',
  [`${CHANGE}.comment`]: 'text',
  [`${CHANGE}.logaction`]: 'keep',
  [`${CHANGE}.logid`]: 'id',
  [`${CHANGE}.logparams`]: 'text',
  [`${CHANGE}.logtype`]: 'keep',
  [`${CHANGE}.minor`]: 'keep',
  [`${CHANGE}.new`]: 'keep',
  [`${CHANGE}.newlen`]: 'keep',
  [`${CHANGE}.ns`]: 'keep',
  [`${CHANGE}.old_revid`]: 'id',
  [`${CHANGE}.oldlen`]: 'keep',
  [`${CHANGE}.oresscores`]: 'keep',
  [`${CHANGE}.pageid`]: 'id',
  [`${CHANGE}.parsedcomment`]: 'text',
  [`${CHANGE}.patrolled`]: 'keep',
  [`${CHANGE}.rcid`]: 'id',
  [`${CHANGE}.redirect`]: 'keep',
  [`${CHANGE}.revid`]: 'id',
  [`${CHANGE}.tags`]: 'keep',
  [`${CHANGE}.temp`]: 'keep',
  [`${CHANGE}.timestamp`]: 'keep',
  [`${CHANGE}.title`]: 'text',
  [`${CHANGE}.type`]: 'keep',
  [`${CHANGE}.unpatrolled`]: 'keep',
  [`${CHANGE}.user`]: 'text',
  [`${CHANGE}.userid`]: 'id',
};

/**
 * Columns of a mediawiki_history row, by their number; the others are kept. Numbers of edits go too: with the dates
 * that stay, they would point at one user or page.
 *
 * @type {ReadonlyMap<number, Readonly<Record<number, Rule>>>}
 */
export const HISTORY_COLUMNS = new Map([
  [
    70,
    {
      // The event: its comment; id, names then and now, and edit count of its user.
      4: 'text',
      5: 'id',
      6: 'text',
      7: 'text',
      21: 'text',
      // The page: id, titles then and now, edit count.
      23: 'id',
      24: 'text',
      25: 'text',
      34: 'text',
      // The user that the event is about: id, names then and now.
      36: 'id',
      37: 'text',
      38: 'text',
      // The revision, its parent, the hash of its text.
      52: 'id',
      53: 'id',
      59: 'text',
    },
  ],
]);

/**
 * @param {Readonly<Record<string, Rule>>} fields
 * @param {string} path
 * @returns {Rule}
 */
export function ruleFor(fields, path) {
  for (let end = path.length; end > 0; end = path.lastIndexOf('.', end - 1)) {
    const rule = fields[path.slice(0, end)];
    if (rule !== undefined) return rule;
  }
  throw new Error(`No rule for the field ${path}: add one to scripts/anonymise/fields.mjs`);
}
