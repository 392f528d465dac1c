/**
 * ② Turns a row of `list=recentchanges` into the event that the stream would have sent, as far as the API knows it. Pure.
 * Guarantee: a field has the stream's name and type, or is absent; nothing is invented, so there is no `meta.id`. The
 * fields are in the order of the stream.
 * @see docs of the schema mediawiki/recentchange/1.0.0
 */
import { isObject } from '../../core/json.ts';
import type { Json } from '../../core/json.ts';
import type { DeadReason } from '../../core/reading.ts';
import { isFlagSet } from './api-flag.ts';
import { epochSecondsOf } from './api-time.ts';

/** A change in the stream's shape. Keys keep the stream's spelling. */
export interface ChangeEvent {
  readonly meta: { readonly domain: string };
  readonly id?: number;
  readonly type: string;
  readonly namespace?: number;
  readonly title?: string;
  readonly comment?: string;
  /** Epoch seconds. */
  readonly timestamp: number;
  readonly user?: string;
  readonly bot: boolean;
  readonly log_id?: number;
  readonly log_type?: string;
  readonly log_action?: string;
  /** In the API's format, whose keys differ from the stream's. */
  readonly log_params?: unknown;
  readonly minor?: boolean;
  /** Bytes. */
  readonly length?: Sides;
  readonly revision?: Sides & { readonly new: number };
  readonly server_url: string;
  readonly server_name: string;
  readonly server_script_path: string;
  readonly wiki: string;
}

interface Sides {
  readonly old?: number;
  readonly new?: number;
}

/** Why a row is unusable: reasons of dead letters, and `bad_type` for a row without a type. */
export type UnusableReason =
  Extract<DeadReason, 'not_object' | 'bad_timestamp' | 'bad_revision' | 'bad_length'> | 'bad_type';

export type MappedChange =
  | { readonly kind: 'event'; readonly event: ChangeEvent }
  | { readonly kind: 'unusable'; readonly reason: UnusableReason; readonly raw: unknown };

/** The wiki of a row, which the API does not include. */
export interface WikiOfRow {
  readonly wiki: string;
  readonly serverName: string;
}

/**
 * Maps a row of either formatversion, requested with the properties of `readChanges`. Never throws. Only `edit` and
 * `new` get revision and length: a `categorize` row repeats the revision of its edit, and the log row of a move that of
 * the revision it creates. Hidden fields are left out even when our account may see them.
 */
export function changeToEvent(row: unknown, { wiki, serverName }: WikiOfRow): MappedChange {
  const unusable = (reason: UnusableReason): MappedChange => ({ kind: 'unusable', reason, raw: row });
  if (!isObject(row)) return unusable('not_object');
  const { type } = row;
  if (typeof type !== 'string' || type === '') return unusable('bad_type');
  const timestamp = epochSecondsOf(row['timestamp']);
  if (timestamp === undefined) return unusable('bad_timestamp');
  const sides = type === 'edit' || type === 'new' ? sidesOf(row, type) : {};
  if (typeof sides === 'string') return unusable(sides);

  const isLog = type === 'log';
  const hidesAction = isLog && isHidden(row, 'action');
  const id = integer(row['rcid']);
  const comment = isHidden(row, 'comment') ? undefined : text(row['comment']);
  const user = isHidden(row, 'user') ? undefined : text(row['user']);
  const event: ChangeEvent = {
    meta: { domain: serverName },
    ...(id !== undefined && { id }),
    type,
    ...(!hidesAction && pageOf(row)),
    ...(comment !== undefined && { comment }),
    timestamp,
    ...(user !== undefined && { user }),
    bot: isFlagSet(row['bot']),
    ...(isLog && !hidesAction && logOf(row)),
    ...sides,
    // Not taken from the URL of the request, which may point to a copy of the wiki.
    server_url: `https://${serverName}`,
    server_name: serverName,
    server_script_path: '/w',
    wiki,
  };
  return { kind: 'event', event };
}

/** Whether a flag hides this part. `suppressed` hides it from administrators too. */
function isHidden(row: Json, part: 'action' | 'comment' | 'user'): boolean {
  return isFlagSet(row[`${part}hidden`]) || isFlagSet(row['suppressed']);
}

function pageOf(row: Json): Pick<ChangeEvent, 'namespace' | 'title'> {
  const namespace = integer(row['ns']);
  const title = text(row['title']);
  return { ...(namespace !== undefined && { namespace }), ...(title !== undefined && { title }) };
}

function logOf(row: Json): Pick<ChangeEvent, 'log_id' | 'log_type' | 'log_action' | 'log_params'> {
  const id = integer(row['logid']);
  const type = text(row['logtype']);
  const action = text(row['logaction']);
  const parameters = row['logparams'];
  return {
    ...(id !== undefined && { log_id: id }),
    ...(type !== undefined && { log_type: type }),
    ...(action !== undefined && { log_action: action }),
    ...(parameters !== undefined && parameters !== null && { log_params: parameters }),
  };
}

type EditSides = Pick<ChangeEvent, 'minor' | 'length' | 'revision'>;

/** The fields of edits and page creations only. A new page has no old side; the API writes 0 for it. */
function sidesOf(row: Json, type: 'edit' | 'new'): EditSides | UnusableReason {
  const revision = integer(row['revid']);
  const parent = type === 'new' ? undefined : (row['old_revid'] ?? undefined);
  if (revision === undefined || revision <= 0 || !isCount(parent)) return 'bad_revision';
  const before = type === 'new' ? undefined : (row['oldlen'] ?? undefined);
  const after = row['newlen'] ?? undefined;
  if (!isCount(before) || !isCount(after)) return 'bad_length';
  const length = {
    ...(before !== undefined && { old: before }),
    ...(after !== undefined && { new: after }),
  };
  return {
    minor: isFlagSet(row['minor']),
    ...(Object.keys(length).length > 0 && { length }),
    revision: { ...(parent !== undefined && parent > 0 && { old: parent }), new: revision },
  };
}

function isCount(value: unknown): value is number | undefined {
  return value === undefined || (integer(value) ?? -1) >= 0;
}

function integer(value: unknown): number | undefined {
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
