/**
 * The columns of a mediawiki_history row. Dumps have no header line, so the number of columns identifies the layout. An
 * unknown number is refused, because a shift by a few columns would read another field as the size of an edit.
 * @see the column tables in the notes on Wikimedia's sources (70: real rows; 78: a project with 12 075 real rows)
 */
import { unreadable } from './unreadable.ts';
import { sourceProblems } from '../known-problems.ts';

/** 0-based indexes of the columns that are read. */
export interface Columns {
  readonly count: number;
  readonly wiki: number;
  /** `event_entity`; `event_type` and `event_timestamp` are the two after it. */
  readonly entity: number;
  readonly timestamp: number;
  readonly comment: number;
  readonly user: number;
  /** `event_user_is_bot_by_historical` */
  readonly botBy: number;
  readonly title: number;
  readonly namespace: number;
  readonly revision: number;
  readonly parent: number;
  readonly minor: number;
  readonly bytes: number;
  readonly bytesDiff: number;
}

/** 2019 to at least 2023-11. */
const COLUMNS_70: Columns = {
  count: 70,
  wiki: 0,
  entity: 1,
  timestamp: 3,
  comment: 4,
  user: 7,
  botBy: 12,
  title: 25,
  namespace: 28,
  revision: 52,
  parent: 53,
  minor: 54,
  bytes: 57,
  bytesDiff: 58,
};

/** 2026-03: adds a central id and two account flags, both for the user of the event and for the user it is about. */
const COLUMNS_76: Columns = {
  count: 76,
  wiki: 0,
  entity: 1,
  timestamp: 3,
  comment: 4,
  user: 8,
  botBy: 13,
  title: 28,
  namespace: 31,
  revision: 58,
  parent: 59,
  minor: 60,
  bytes: 63,
  bytesDiff: 64,
};

/** 2026-08: adds `event_log_id` as the second column, and `event_user_is_cross_wiki`. */
const COLUMNS_78: Columns = {
  count: 78,
  wiki: 0,
  entity: 2,
  timestamp: 4,
  comment: 5,
  user: 9,
  botBy: 14,
  title: 30,
  namespace: 33,
  revision: 60,
  parent: 61,
  minor: 62,
  bytes: 65,
  bytesDiff: 66,
};

const KNOWN = [COLUMNS_70, COLUMNS_76, COLUMNS_78];

/**
 * The layout of rows with this many columns.
 * @param subject URL or name of the file, for the error.
 * @throws PipelineError `dump_unreadable` when there is none.
 */
export function columnsFor(count: number, subject: string): Columns {
  const found = KNOWN.find(each => each.count === count);
  if (found !== undefined) return found;
  const supported = KNOWN.map(each => each.count).join(', ');
  const { shows, remedy } = sourceProblems.newDump;
  throw unreadable(subject, shows({ count: String(count), supported }), remedy);
}
