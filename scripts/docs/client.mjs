/**
 * The text of src/dashboard/api-types.ts: the API's questions and answers as types, from its OpenAPI description. The known
 * generators need the compiler API of TypeScript 5, which later versions do not have; what our description uses of JSON
 * Schema is little. Anything else is an error, so that a type is never wider than the description says.
 */

/** @typedef {{ readonly [key: string]: any }} Schema */
/** @typedef {{ readonly name: string, readonly in: string, readonly required?: boolean, readonly description?: string, readonly schema: Schema }} Parameter */
/** @typedef {{ readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }} Body */
/** @typedef {{ readonly summary?: string, readonly parameters?: readonly Parameter[], readonly requestBody?: Body, readonly responses: Readonly<Record<string, Body>> }} Operation */
/** @typedef {{ readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>, readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> } }} Description */

const HEAD = `/**
 * ⑧ Questions and answers of the API. Generated from its OpenAPI description by scripts/docs.mjs: change the schemas of
 * the API, then run \`npm run docs:gen\`.
 */
`;

/**
 * @param {Description} description
 * @returns {string} not formatted
 */
export function clientTypes({ paths, components = {} }) {
  const operations = Object.entries(paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        operation,
      })),
    )
    .map(
      ({ name, operation }) => `${comment(operation.summary)}'${name}': ${operationType(name, operation)};`,
    );
  const schemas = Object.entries(components.schemas ?? {}).map(
    ([name, schema]) => `${comment(schema['description'])}readonly ${key(name)}: ${typeOf(schema, name)};`,
  );
  return `${HEAD}
/** What can be asked, by method and path. */
export interface Operations {
${operations.join('\n')}
}

/** Values that have a name in the description. */
export interface Schemas {
${schemas.join('\n')}
}
`;
}

/**
 * @param {string} name
 * @param {Operation} operation
 * @returns {string}
 */
function operationType(name, { parameters = [], requestBody, responses }) {
  /** @type {(place: string) => string} */
  const named = place => {
    const fields = parameters.filter(each => each.in === place);
    const lines = fields.map(
      each =>
        `${comment(each.description)}readonly ${key(each.name)}${each.required === true ? '' : '?'}: ${typeOf(each.schema, name)};`,
    );
    return lines.length === 0 ? 'undefined' : `{ ${lines.join('\n')} }`;
  };
  const [, success] = Object.entries(responses).find(([status]) => status.startsWith('2')) ?? [];
  if (success === undefined)
    throw new Error(`${name} has no answer: expected a response with a status of 2xx`);
  const body = jsonOf(requestBody);
  return `{
    readonly path: ${named('path')};
    readonly query: ${named('query')};
    readonly body: ${body === undefined ? 'undefined' : typeOf(body, name)};
    readonly answer: ${typeOf(jsonOf(success) ?? {}, name)};
  }`;
}

/** @param {Body | undefined} body @returns {Schema | undefined} */
function jsonOf(body) {
  return body?.content?.['application/json']?.schema;
}

/**
 * @param {Schema} schema
 * @param {string} where for errors
 * @returns {string}
 */
function typeOf(schema, where) {
  const { $ref: ref, const: constant, enum: values, anyOf, type } = schema;
  if (typeof ref === 'string') return `Schemas['${ref.slice(ref.lastIndexOf('/') + 1)}']`;
  if (constant !== undefined) return literal(constant);
  if (Array.isArray(values)) return values.map(literal).join(' | ');
  if (Array.isArray(anyOf)) return anyOf.map(each => typeOf(each, where)).join(' | ');
  switch (type) {
    case undefined:
      if (Object.keys(schema).length === 0) return 'unknown';
      break;
    case 'string':
    case 'boolean':
    case 'null':
      return type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return `readonly (${typeOf(schema['items'], where)})[]`;
    case 'object':
      return objectType(schema, where);
    default:
  }
  throw new Error(
    `${where}: no type is known for ${JSON.stringify(schema).slice(0, 200)}. Teach scripts/docs/client.mjs what it means.`,
  );
}

/**
 * @param {Schema} schema
 * @param {string} where
 * @returns {string}
 */
function objectType({ properties = {}, required = [], additionalProperties }, where) {
  const fields = Object.entries(properties).map(
    ([name, schema]) =>
      `${comment(schema['description'])}readonly ${key(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema, where)};`,
  );
  if (fields.length > 0) return `{ ${fields.join('\n')} }`;
  if (typeof additionalProperties !== 'object') return 'Readonly<Record<string, unknown>>';
  return `Readonly<Record<string, ${typeOf(additionalProperties, where)}>>`;
}

/** @param {unknown} value @returns {string} */
function literal(value) {
  return typeof value === 'string' ? `'${value.replaceAll("'", String.raw`\'`)}'` : JSON.stringify(value);
}

/** @param {string} name @returns {string} */
function key(name) {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name);
}

/** @param {string | undefined} text @returns {string} */
function comment(text) {
  return text === undefined ? '' : `/** ${text.replaceAll('*/', '* /').replaceAll('\n', ' ')} */\n`;
}
