/** A parsed JSON object whose fields have not been checked yet. */
export type Json = Readonly<Record<string, unknown>>;

/** Whether a parsed value is a list of texts. */
export function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(each => typeof each === 'string');
}

/** Whether a parsed value is a JSON object; arrays and null are not. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
