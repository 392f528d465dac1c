/**
 * Puts the named schemas into the description of the API, each once, and makes everything else refer to them. Where a
 * request or an answer is one of them, it shows its example: not every reader follows references.
 */
import { isObject } from '../../core/json.ts';
import type { Json } from '../../core/json.ts';
import { NAMED_SCHEMAS } from '../schemas/all.ts';
import { NAME } from '../schemas/named.ts';

/** The same OpenAPI description, with names. */
export function withNames<D extends object>(description: D): D {
  if (!isObject(description)) return description;
  const { components, paths } = description;
  const schemas = Object.fromEntries(NAMED_SCHEMAS.map(schema => [schema[NAME], definitionOf(schema)]));
  return {
    ...description,
    components: { ...(isObject(components) ? components : {}), schemas },
    paths: referring(paths),
  };
}

function definitionOf(schema: object): Json {
  return fieldsOf(Object.entries(schema).filter(([name]) => name !== NAME));
}

function referring(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(referring);
  if (!isObject(value)) return value;
  const name = value[NAME];
  if (typeof name === 'string') return { $ref: `#/components/schemas/${name}` };
  const [example] = isObject(value['schema']) ? examplesOf(value['schema']) : [];
  const lacksExample = value['example'] === undefined && value['examples'] === undefined;
  return {
    ...fieldsOf(Object.entries(value)),
    ...(example !== undefined && lacksExample && { example }),
  };
}

function fieldsOf(entries: readonly (readonly [string, unknown])[]): Json {
  return Object.fromEntries(entries.map(([name, value]) => [name, referring(value)]));
}

/** Of a named schema. */
function examplesOf(schema: Json): unknown[] {
  const named = NAMED_SCHEMAS.find(each => each[NAME] === schema[NAME]);
  return named === undefined ? [] : [...named.examples];
}
