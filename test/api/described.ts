/** Reads an OpenAPI document: its operations, its schemas, and the examples of both. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import * as formats from 'ajv-formats';
import { isObject } from '../../src/core/json.ts';
import type { Json } from '../../src/core/json.ts';

/** A place in a document: the names and positions that lead to it. */
type Place = readonly (string | number)[];

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly place: Place;
  readonly value: Json;
}

/** Values of these are no schemas. */
const VALUES = ['example', 'examples', 'default', 'const', 'enum', 'required'];
const PROSE = ['description', 'examples', 'x-expected'];

export function operationsIn(document: Json): Operation[] {
  return fields(document['paths']).flatMap(([path, methods]) =>
    fields(methods).map(([method, value]) => ({
      method: method.toUpperCase(),
      path,
      place: ['paths', path, method],
      value: isObject(value) ? value : {},
    })),
  );
}

export function namedSchemasIn(document: Json): [name: string, schema: Json][] {
  const components = isObject(document['components']) ? document['components'] : {};
  return fields(components['schemas']).map(([name, schema]) => [name, isObject(schema) ? schema : {}]);
}

/** Objects with fields of their own that have no name, so that nobody can refer to them. */
export function namelessObjectsIn(document: Json): string[] {
  return placesIn(document)
    .filter(({ value }) => isObject(value['properties']))
    .filter(({ place }) => !(place.length === 3 && place[0] === 'components'))
    .map(({ place }) => place.join(' '));
}

/** Named schemas of one shape: a reader would take them for different things. */
export function repeatedShapesIn(document: Json): string[][] {
  const names = new Map<string, string[]>();
  for (const [name, schema] of namedSchemasIn(document)) {
    const shape = JSON.stringify(withoutProse(schema));
    names.set(shape, [...(names.get(shape) ?? []), name]);
  }
  return [...names.values()].filter(same => same.length > 1);
}

/** Names that something in the document refers to. */
export function namesReferredTo(document: Json): Set<string> {
  return new Set(
    placesIn(document).flatMap(({ value: { $ref: to } }) =>
      typeof to === 'string' ? [to.slice(to.lastIndexOf('/') + 1)] : [],
    ),
  );
}

/** What should have an example and has none: parameters, requests, answers and named schemas. */
export function withoutExample(document: Json): string[] {
  const ofOperations = operationsIn(document).flatMap(({ place, value }) =>
    placesIn(value, place).filter(each => isObject(each.value['schema'])),
  );
  const named = namedSchemasIn(document).map(([name, value]) => ({
    place: ['components', 'schemas', name],
    value,
  }));
  return [...ofOperations, ...named]
    .filter(({ value }) => examplesOf(value).length === 0)
    .map(({ place }) => place.join(' '));
}

/** Every example, and every default, that its schema does not allow. */
export function wrongExamples(document: Json): string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default.default(ajv);
  ajv.addSchema(document, 'api.json', undefined, false);
  // Many places have one schema, and compiling takes long.
  const compiled = new Map<string, ValidateFunction>();
  return placesIn(document).flatMap(({ place, value }) => {
    const examples = [...examplesOf(value), ...(value['default'] === undefined ? [] : [value['default']])];
    if (examples.length === 0) return [];
    const schema = isObject(value['schema']) ? [...place, 'schema'] : place;
    const text = JSON.stringify(value['schema'] ?? value);
    const isValid = compiled.get(text) ?? ajv.compile({ $ref: `api.json#${pointer(schema)}` });
    compiled.set(text, isValid);
    return examples
      .filter(example => !isValid(example))
      .map(() => `${place.join(' ')}: ${ajv.errorsText(isValid.errors)}`);
  });
}

/** How many examples there are: none would all be right. */
export function examplesIn(document: Json): number {
  return placesIn(document).reduce((sum, { value }) => sum + examplesOf(value).length, 0);
}

/** Of a schema they are a list; of a parameter or a body one, or several with names. */
function examplesOf({ example, examples }: Json): unknown[] {
  if (Array.isArray(examples)) return examples;
  if (isObject(examples)) return Object.values(examples).map(each => (isObject(each) ? each['value'] : each));
  return example === undefined ? [] : [example];
}

interface Found {
  readonly place: Place;
  readonly value: Json;
}

/** Every object of the document, without those that are values: of examples, and of what a schema allows. */
function placesIn(value: unknown, place: Place = []): Found[] {
  if (Array.isArray(value)) return value.flatMap((each, at) => placesIn(each, [...place, at]));
  if (!isObject(value)) return [];
  // A field of an object may have the name of a keyword.
  const areFields = place.at(-1) === 'properties';
  const inner = Object.entries(value)
    .filter(([name]) => areFields || !VALUES.includes(name))
    .flatMap(([name, each]) => placesIn(each, [...place, name]));
  return areFields ? inner : [{ place, value }, ...inner];
}

function withoutProse(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutProse);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    fields(value)
      .filter(([name, each]) => !PROSE.includes(name) || isObject(each))
      .map(([name, each]) => [name, withoutProse(each)]),
  );
}

/** RFC 6901, in the form for addresses. */
function pointer(place: Place): string {
  const escaped = place.map(each => String(each).replaceAll('~', '~0').replaceAll('/', '~1'));
  return escaped.map(each => `/${encodeURIComponent(each)}`).join('');
}

function fields(value: unknown): [string, unknown][] {
  return isObject(value) ? Object.entries(value) : [];
}

/** The address of an operation, with the examples of those parameters that it needs. */
export function addressOf({ path, value }: Operation): string {
  const parameters = Array.isArray(value['parameters']) ? value['parameters'].filter(isObject) : [];
  const needed = (place: string): [string, string][] =>
    parameters
      .filter(each => each['in'] === place && each['required'] === true)
      .map(each => [String(each['name']), String(examplesOf(each)[0])]);
  const filled = needed('path').reduce((url, [name, example]) => url.replace(`{${name}}`, example), path);
  const query = new URLSearchParams(needed('query')).toString();
  return query === '' ? filled : `${filled}?${query}`;
}
