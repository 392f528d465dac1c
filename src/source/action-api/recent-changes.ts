/**
 * ① `list=recentchanges` of one wiki, a page at a time, oldest first: in that order new changes do not shift the pages.
 * Guarantee: pages that are asked for until `next` is undefined hold each kept change of the window once.
 */
import { isObject } from '../../core/json.ts';
import { isoSeconds } from '../../core/time.ts';
import { unreachable } from '../source-failure.ts';
import { epochSecondsOf } from './api-time.ts';
import { askActionApi } from './client.ts';
import type { ActionApi, ApiAnswer } from './client.ts';
import { continuationOf } from './continuation.ts';
import type { Continuation } from './continuation.ts';

/** Changes of one wiki from `fromMs` up to, but without, `toMs` (epoch ms). */
export interface ChangesWindow {
  readonly serverName: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** At least one of `edit`, `new`, `log`, `categorize`, `external`. */
  readonly types: readonly string[];
  /** `next` of the page before; without it the window begins. */
  readonly continueWith?: Continuation;
}

export interface ChangesPage extends Omit<ApiAnswer, 'url' | 'body'> {
  /** As the API has them, for `changeToEvent`. There may be few or none although more follow. */
  readonly rows: readonly unknown[];
  /** Where the next page begins; undefined when this was the last one. */
  readonly next: Continuation | undefined;
}

const LIST = { action: 'query', list: 'recentchanges', rcdir: 'newer' };
/** Without `patrolled`, which needs a right. */
const PROPERTIES = 'user|userid|comment|flags|timestamp|title|ids|sizes|loginfo|tags';

/**
 * One page of a window. A window that begins before what the wiki keeps (30 days at Wikimedia) begins with the oldest
 * kept change, silently: compare with `oldestChange`.
 * @throws what `askActionApi` throws: on `cursor_refused` begin the window anew.
 */
export async function readChanges(
  api: ActionApi,
  { serverName, fromMs, toMs, types, continueWith }: ChangesWindow,
): Promise<ChangesPage> {
  const answer = await askActionApi(api, serverName, {
    ...LIST,
    rcstart: isoSeconds(Math.ceil(fromMs / 1000)),
    // Both bounds are inclusive over there: the last second before our end.
    rcend: isoSeconds(Math.ceil(toMs / 1000) - 1),
    rclimit: 'max',
    rcprop: PROPERTIES,
    rctype: types.join('|'),
    ...continueWith,
  });
  const { bytes, simulated, warnings } = answer;
  const rows = rowsOf(answer).filter(row => mayLieIn(row, fromMs, toMs));
  return { rows, next: continuationOf(answer, continueWith), bytes, simulated, warnings };
}

/**
 * When the oldest change happened that the wiki still lists, epoch ms; undefined when it lists none. What happened
 * before cannot be read here. One request for one row, but that a page may be empty and say where to go on.
 */
export async function oldestChange(api: ActionApi, serverName: string): Promise<number | undefined> {
  let next: Continuation | undefined;
  do {
    const answer = await askActionApi(api, serverName, {
      ...LIST,
      rclimit: '1',
      rcprop: 'timestamp',
      ...next,
    });
    const [row] = rowsOf(answer);
    if (row !== undefined) {
      const at = secondsOf(row);
      if (at === undefined) throw unreachable(answer.url, 'lists a change without a time');
      return at * 1000;
    }
    next = continuationOf(answer, next);
  } while (next !== undefined);
  return undefined;
}

/** MediaWiki writes the list even when it is empty; an answer without one must not pass for an hour without edits. */
function rowsOf({ url, body }: ApiAnswer): readonly unknown[] {
  const rows = isObject(body['query']) ? body['query']['recentchanges'] : undefined;
  if (!Array.isArray(rows)) throw unreachable(url, 'answered without a list of changes');
  return rows;
}

/** False for what surely lies outside; a row without a time is for `changeToEvent` to report. */
function mayLieIn(row: unknown, fromMs: number, toMs: number): boolean {
  const at = secondsOf(row);
  return at === undefined || (at * 1000 >= fromMs && at * 1000 < toMs);
}

function secondsOf(row: unknown): number | undefined {
  return isObject(row) ? epochSecondsOf(row['timestamp']) : undefined;
}
