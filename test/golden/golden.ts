/**
 * Checked-in examples of everything that is serialised: what other processes, older runs and outside readers know by
 * its names. A test produces the value by the real code and compares it with the file of that name, so a field that is
 * renamed by accident fails. `UPDATE_GOLDEN=1 npx vitest run --project unit test/golden` rewrites the files; read the
 * diff before you commit it: old workflow histories, objects in buckets and clients keep the old names.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * A value as its reader gets it.
 * @param masked fields that have to be there, whatever they say: text for people, which may be reworded, and what
 *   differs from run to run
 */
export function asJson(value: unknown, masked: readonly string[] = []): unknown {
  const isMasked = new Set(masked);
  const mask = (name: string, each: unknown): unknown => {
    if (!isMasked.has(name)) return each;
    return typeof each === 'string' ? '(text)' : typeof each === 'number' ? 0 : each;
  };
  return JSON.parse(JSON.stringify(value, mask));
}

/** The checked-in value of a name; first written when UPDATE_GOLDEN is set. */
export function golden(name: string, actual: unknown): unknown {
  const file = new URL(`${name}.json`, import.meta.url);
  const isUpdate = process.env['UPDATE_GOLDEN'] === '1';
  if (isUpdate) writeFileSync(file, `${JSON.stringify(actual, null, 2)}\n`);
  if (!existsSync(file)) throw new Error(`${name}.json is missing: run the test with UPDATE_GOLDEN=1`);
  return JSON.parse(readFileSync(file, 'utf8'));
}
