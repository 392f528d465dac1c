/** Parts in a signal or an input, which is unchecked JSON: a key, a notice, or a list of either. */
import { hourOfPartKey } from '../storage/object-keys.ts';
import { isObject } from '../../core/json.ts';
import type { Hour } from '../../core/time.ts';

/** The keys in a payload; undefined unless all of them are parts of `hour`. */
export function readPartKeys(payload: unknown, hour: Hour): string[] | undefined {
  const items: unknown[] = Array.isArray(payload) ? payload : [payload];
  const keys = items.map(item => (isNotice(item) ? item.key : item));
  return keys.every((key): key is string => typeof key === 'string' && hourOfPartKey(key) === hour)
    ? keys
    : undefined;
}

function isNotice(item: unknown): item is { key: unknown } {
  return isObject(item) && 'key' in item;
}
