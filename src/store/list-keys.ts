/** All keys under a prefix at once, for prefixes with few objects: an hour, or a day of dead letters. */
import type { ObjectStore } from './object-store.ts';

/** Keys in ascending order. */
export async function listKeys(store: Pick<ObjectStore, 'list'>, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of store.list(prefix)) keys.push(...page);
  return keys;
}
