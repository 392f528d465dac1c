/** What `JSON.parse` gave, before anyone knows what it is. */
export type Json = Readonly<Record<string, unknown>>;

/** Whether a parsed value is an object with keys; lists and null are none. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
