/**
 * ① `list=recentchanges` of one wiki, a page at a time, oldest first, because in that order new changes do not shift
 * the pages. Guarantee: the pages up to the one without `next` hold each change of the window that the wiki keeps once.
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
  /** `next` of the previous page; absent for the first page. */
  readonly continueWith?: Continuation;
}

export interface ChangesPage extends Omit<ApiAnswer, 'url' | 'body'> {
  /** As the API returns them, for `changeToEvent`. A page can be short or empty although more follow. */
  readonly rows: readonly unknown[];
  /** Where the next page starts; undefined on the last one. */
  readonly next: Continuation | undefined;
}

const LIST = { action: 'query', list: 'recentchanges', rcdir: 'newer' };
/** Not `patrolled`, which needs a permission. */
const PROPERTIES = 'user|userid|comment|flags|timestamp|title|ids|sizes|loginfo|tags';

/**
 * One page of a window. If the window starts before the oldest change that the wiki keeps (30 days at Wikimedia), the
 * API silently starts there: compare with `oldestChange`.
 * @throws as `askActionApi`: on `cursor_refused` start the window again.
 */
export async function readChanges(
  api: ActionApi,
  { serverName, fromMs, toMs, types, continueWith }: ChangesWindow,
): Promise<ChangesPage> {
  const answer = await askActionApi(api, serverName, {
    ...LIST,
    rcstart: isoSeconds(Math.ceil(fromMs / 1000)),
    // Both bounds of the API are inclusive, ours is not.
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
 * Time of the oldest change that the wiki still lists, epoch ms; undefined when it lists none. Takes one request for
 * one row, or a few, because a page can be empty and yet have a next one.
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

/** MediaWiki always includes the list, so an answer without one must not be taken for a time without edits. */
function rowsOf({ url, body }: ApiAnswer): readonly unknown[] {
  const rows = isObject(body['query']) ? body['query']['recentchanges'] : undefined;
  if (!Array.isArray(rows)) throw unreachable(url, 'answered without a list of changes');
  return rows;
}

/** False if the row lies outside. A row without a valid time is kept, for `changeToEvent` to report. */
function mayLieIn(row: unknown, fromMs: number, toMs: number): boolean {
  const at = secondsOf(row);
  return at === undefined || (at * 1000 >= fromMs && at * 1000 < toMs);
}

function secondsOf(row: unknown): number | undefined {
  return isObject(row) ? epochSecondsOf(row['timestamp']) : undefined;
}
